package corpus

import "sync"

// Run has two consumers for one item; who comes second must go without it.
func Run() string {
	items := make(chan int, 1)
	items <- 1
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			select {
			case <-items:
			default:
			}
		})
	}
	wg.Wait()
	return ""
}
