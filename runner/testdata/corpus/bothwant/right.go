package corpus

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// Run counts in two goroutines that keep each other out by flags; both must get in.
func Run() string {
	var wants [2]atomic.Bool
	var turn atomic.Int64
	n := 0
	var wg sync.WaitGroup
	for me := range wants {
		wg.Go(func() {
			wants[me].Store(true)
			turn.Store(int64(1 - me)) // after you (Peterson 1981)
			for wants[1-me].Load() && turn.Load() != int64(me) {
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
