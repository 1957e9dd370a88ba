package corpus

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type cache struct {
	mu     sync.RWMutex
	values map[int]int
	made   atomic.Int64
}

func (c *cache) get(key int) int {
	c.mu.RLock()
	v, ok := c.values[key]
	c.mu.RUnlock()
	if ok {
		return v
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.values[key]; ok {
		return v
	}
	v = int(c.made.Add(1))
	c.values[key] = v
	return v
}

// Run reads through a cache that looks twice, the right way.
func Run() string {
	c := &cache{values: make(map[int]int)}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { c.get(1) })
	}
	wg.Wait()
	if n := c.made.Load(); n != 1 {
		return fmt.Sprintf("one value was made %d times", n)
	}
	return ""
}
