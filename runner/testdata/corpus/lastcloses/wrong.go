//kata:wrong kind=panic  both have counted down before either looks who is the last

package corpus

import (
	"fmt"
	"sync/atomic"
)

// Run adds up what two producers send, the last of which closes the channel.
func Run() string {
	items := make(chan int, 2)
	var left atomic.Int64
	left.Store(2)
	for range 2 {
		go func() {
			items <- 1
			left.Add(-1)
			if left.Load() == 0 {
				close(items)
			}
		}()
	}
	sum := 0
	for n := range items {
		sum += n
	}
	if sum != 2 {
		return fmt.Sprintf("two have sent 1, and the sum is %d", sum)
	}
	return ""
}
