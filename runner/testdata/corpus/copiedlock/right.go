package corpus

import (
	"fmt"
	"sync"
)

type counter struct {
	mu sync.Mutex
	n  *int
}

func (c *counter) add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	*c.n++
}

// Run counts to two in two goroutines; both must count.
func Run() string {
	c := counter{n: new(int)}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { c.add() })
	}
	wg.Wait()
	if *c.n != 2 {
		return fmt.Sprintf("two have counted, and the count is %d", *c.n)
	}
	return ""
}
