//kata:wrong kind=spin  each waits for the other not to want, and both want

package corpus

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// Run counts in two goroutines that keep each other out by flags; both must get in.
func Run() string {
	var wants [2]atomic.Bool
	n := 0
	var wg sync.WaitGroup
	for me := range wants {
		wg.Go(func() {
			wants[me].Store(true)
			for wants[1-me].Load() {
			}
			n++
			wants[me].Store(false)
		})
	}
	wg.Wait()
	if n != 2 {
		return fmt.Sprintf("two have counted, and the count is %d", n)
	}
	return ""
}
