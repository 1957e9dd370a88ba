package corpus

import "sync"

// Run notes who was there; what one writes the other one reads, under a lock.
func Run() string {
	var mu sync.Mutex
	note, read := "", ""
	var wg sync.WaitGroup
	wg.Go(func() {
		mu.Lock()
		note = "here"
		mu.Unlock()
	})
	wg.Go(func() {
		mu.Lock()
		read = note
		mu.Unlock()
	})
	wg.Wait()
	_ = read
	return ""
}
