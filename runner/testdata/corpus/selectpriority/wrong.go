//kata:wrong kind=wrong  where both are ready it may stop and lose what was sent

package corpus

import (
	"fmt"
	"sync"
)

// Run sends two items, then says stop; what was sent before must have been handled.
func Run() string {
	items, stop := make(chan int, 2), make(chan struct{})
	handled := 0
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-items:
				handled++
			case <-stop:
				return
			}
		}
	})
	items <- 1
	items <- 2
	close(stop)
	wg.Wait()
	if handled != 2 {
		return fmt.Sprintf("of two items that were sent before the stop %d were handled", handled)
	}
	return ""
}
