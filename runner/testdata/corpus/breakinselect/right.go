package corpus

import (
	"sync"
	"sync/atomic"
	"time"
)

// Run has one goroutine send two items, or fewer if it is stopped; the receiver must end in both cases.
func Run() string {
	items := make(chan int, 2)
	var stopped atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() { stopped.Store(true) })
	wg.Go(func() {
		patience := time.After(time.Minute)
		for got := 0; got < 2; {
			select {
			case _, open := <-items:
				if !open {
					return
				}
				got++
			case <-patience:
				return
			}
		}
	})
	wg.Go(func() {
		defer close(items)
		for n := 0; n < 2 && !stopped.Load(); n++ {
			items <- n
		}
	})
	wg.Wait()
	return ""
}
