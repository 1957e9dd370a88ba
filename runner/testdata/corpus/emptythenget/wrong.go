//kata:wrong kind=deadlock  the queue was not empty when it was asked, and is when it is taken from

package corpus

import "sync"

// Run has two consumers for one item; who comes second must go without it.
func Run() string {
	items := make(chan int, 1)
	items <- 1
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if len(items) > 0 {
				<-items
			}
		})
	}
	wg.Wait()
	return ""
}
