//kata:wrong kind=deadlock  the flag is set without the lock, between the look and the wait

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
		flag.Store(true)
		set.Broadcast()
	})
	wg.Wait()
	return ""
}
