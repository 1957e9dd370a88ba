//kata:wrong kind=deadlock  the event is cleared after the work, and with it what was set meanwhile

package corpus

import (
	"sync"
	"sync/atomic"
)

// Run has one goroutine announce two jobs by an event and another one do them; both must come through.
func Run() string {
	var mu sync.Mutex
	changed := sync.NewCond(&mu)
	event := false
	var jobs atomic.Int64
	var wg sync.WaitGroup
	wg.Go(func() {
		for done := int64(0); done < 2; {
			mu.Lock()
			for !event {
				changed.Wait()
			}
			mu.Unlock()
			done += jobs.Swap(0)
			mu.Lock()
			event = false
			mu.Unlock()
		}
	})
	wg.Go(func() {
		for range 2 {
			jobs.Add(1)
			mu.Lock()
			event = true
			mu.Unlock()
			changed.Signal()
		}
	})
	wg.Wait()
	return ""
}
