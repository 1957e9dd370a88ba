package corpus

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type counter struct{ n atomic.Int64 }

func (c *counter) add() {
	n := c.n.Load()
	for !c.n.CompareAndSwap(n, n+1) {
		n = c.n.Load()
	}
}

// Run counts to two in two goroutines; both must come through.
func Run() string {
	var c counter
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(c.add)
	}
	wg.Wait()
	if n := c.n.Load(); n != 2 {
		return fmt.Sprintf("two have counted, and the count is %d", n)
	}
	return ""
}
