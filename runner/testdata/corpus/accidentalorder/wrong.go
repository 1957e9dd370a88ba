//kata:wrong kind=race  the lock orders the two only if they come in the right order

package corpus

import "sync"

// Run notes who was there; what one writes the other one reads, under a lock.
func Run() string {
	var mu sync.Mutex
	note, read := "", ""
	var wg sync.WaitGroup
	wg.Go(func() {
		note = "here"
		mu.Lock()
		mu.Unlock()
	})
	wg.Go(func() {
		mu.Lock()
		mu.Unlock()
		read = note
	})
	wg.Wait()
	_ = read
	return ""
}
