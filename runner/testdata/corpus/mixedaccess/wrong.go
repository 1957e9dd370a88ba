//kata:wrong kind=race  on one way an atomic counter is read as a plain variable

package corpus

import (
	"sync"
	"sync/atomic"
)

type counter struct {
	closed atomic.Bool
	n      int64
}

func (c *counter) add()   { atomic.AddInt64(&c.n, 1) }
func (c *counter) close() { c.closed.Store(true) }

func (c *counter) value() int64 {
	if c.closed.Load() {
		return c.n
	}
	return atomic.LoadInt64(&c.n)
}

// Run counts, closes and reads at the same time; the reader sees zero or one.
func Run() string {
	var c counter
	var seen int64
	var wg sync.WaitGroup
	wg.Go(c.close)
	wg.Go(c.add)
	wg.Go(func() { seen = c.value() })
	wg.Wait()
	if seen > 1 {
		return "the reader saw more than was counted"
	}
	return ""
}
