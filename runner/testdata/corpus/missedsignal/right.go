package corpus

import "sync"

// Run has one goroutine wait until another says that it is ready; both must come through.
func Run() string {
	var mu sync.Mutex
	ready := sync.NewCond(&mu)
	set := false
	var wg sync.WaitGroup
	wg.Go(func() {
		mu.Lock()
		for !set {
			ready.Wait()
		}
		mu.Unlock()
	})
	wg.Go(func() {
		mu.Lock()
		set = true
		ready.Signal()
		mu.Unlock()
	})
	wg.Wait()
	return ""
}
