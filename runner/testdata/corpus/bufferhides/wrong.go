//kata:wrong kind=deadlock  a buffer of one is enough for most schedules

package corpus

import "sync"

// Run has two producers and one consumer that takes a lock which they hold while they send; all must come through.
func Run() string {
	var mu sync.Mutex
	items := make(chan int, 1)
	var wg sync.WaitGroup
	for n := range 2 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			items <- n
		})
	}
	wg.Go(func() {
		for range 2 {
			mu.Lock()
			mu.Unlock()
			<-items
		}
	})
	wg.Wait()
	return ""
}
