package corpus

import (
	"sync"
	"sync/atomic"
)

// Run has one goroutine wait until another has set a flag; both must come through.
func Run() string {
	var mu sync.Mutex
	var flag atomic.Bool
	set := sync.NewCond(&mu)
	var wg sync.WaitGroup
	wg.Go(func() {
		mu.Lock()
		for !flag.Load() {
			set.Wait()
		}
		mu.Unlock()
	})
	wg.Go(func() {
		mu.Lock()
		flag.Store(true)
		mu.Unlock()
		set.Broadcast()
	})
	wg.Wait()
	return ""
}
