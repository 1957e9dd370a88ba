package corpus

import (
	"sync"
	"time"
)

// Run has two take two locks in opposite orders, each of which gives way and sleeps where it does not get the second.
func Run() string {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	both := func(first, second *sync.Mutex, wait time.Duration) {
		for {
			first.Lock()
			if second.TryLock() {
				second.Unlock()
				first.Unlock()
				return
			}
			first.Unlock()
			time.Sleep(wait)
		}
	}
	wg.Go(func() { both(&a, &b, time.Millisecond) })
	wg.Go(func() { both(&b, &a, 2*time.Millisecond) })
	wg.Wait()
	return ""
}
