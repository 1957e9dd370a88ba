package corpus

import "sync"

// Run has one goroutine wait until another says that it is ready.
func Run() string {
	var mu sync.Mutex
	ready := sync.NewCond(&mu)
	is := false
	var wg sync.WaitGroup
	wg.Go(func() {
		mu.Lock()
		for !is {
			ready.Wait()
		}
		mu.Unlock()
	})
	wg.Go(func() {
		mu.Lock()
		is = true
		ready.Signal()
		mu.Unlock()
	})
	wg.Wait()
	return ""
}
