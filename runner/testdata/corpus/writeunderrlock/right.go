package corpus

import "sync"

type cache struct {
	mu     sync.RWMutex
	full   bool
	misses int
}

func (c *cache) get() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.full {
		c.misses++
	}
}

func (c *cache) fill() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.full = true
}

// Run reads twice while the cache is filled; what comes too early is a miss, and the count must be guarded.
func Run() string {
	var c cache
	var wg sync.WaitGroup
	wg.Go(c.get)
	wg.Go(c.get)
	wg.Go(c.fill)
	wg.Wait()
	return ""
}
