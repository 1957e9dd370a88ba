//kata:wrong kind=wrong  who does not get the lock does not count

package corpus

import (
	"fmt"
	"sync"
)

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add() {
	if c.mu.TryLock() {
		c.n++
		c.mu.Unlock()
	}
}

// Run counts to two in two goroutines; both must count.
func Run() string {
	var c counter
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(c.add)
	}
	wg.Wait()
	if c.n != 2 {
		return fmt.Sprintf("two have counted, and the count is %d", c.n)
	}
	return ""
}
