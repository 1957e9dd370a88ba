//kata:wrong kind=deadlock  a reader waits to write and keeps reading

package corpus

import "sync"

type cache struct {
	mu    sync.RWMutex
	value int
}

func (c *cache) get() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.value == 0 {
		c.mu.Lock()
		c.value = 7
		c.mu.Unlock()
	}
	return c.value
}

// Run reads through the cache twice at the same time; both must come through.
func Run() string {
	var c cache
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { c.get() })
	}
	wg.Wait()
	return ""
}
