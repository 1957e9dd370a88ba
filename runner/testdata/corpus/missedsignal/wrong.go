//kata:wrong kind=deadlock  nobody remembers a signal that comes before the wait

package corpus

import "sync"

// Run has one goroutine wait until another says that it is ready; both must come through.
func Run() string {
	var mu sync.Mutex
	ready := sync.NewCond(&mu)
	var wg sync.WaitGroup
	wg.Go(func() {
		mu.Lock()
		ready.Wait()
		mu.Unlock()
	})
	wg.Go(func() {
		mu.Lock()
		ready.Signal()
		mu.Unlock()
	})
	wg.Wait()
	return ""
}
