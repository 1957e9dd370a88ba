package corpus

import "sync"

type cache struct {
	mu    sync.RWMutex
	value int
}

func (c *cache) get() int {
	c.mu.RLock()
	value := c.value
	c.mu.RUnlock()
	if value != 0 {
		return value
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.value = 7
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
