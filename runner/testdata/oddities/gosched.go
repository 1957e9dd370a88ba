package corpus

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Run waits for a flag by going round and letting others run: bad, but it ends.
func Run() string {
	var ready atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		for !ready.Load() {
			runtime.Gosched()
		}
	})
	wg.Go(func() { ready.Store(true) })
	wg.Wait()
	return ""
}
