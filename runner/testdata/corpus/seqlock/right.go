package corpus

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// point changes while seq is odd.
type point struct{ seq, x, y atomic.Int64 }

func (p *point) move(x, y int64) {
	p.seq.Add(1)
	p.x.Store(x)
	p.y.Store(y)
	p.seq.Add(1)
}

func (p *point) read() (x, y int64) {
	for {
		seq := p.seq.Load()
		x, y = p.x.Load(), p.y.Load()
		if seq%2 == 0 && p.seq.Load() == seq {
			return x, y
		}
	}
}

// Run moves a point from (0, 0) to (1, 1) and reads it; it must be at one of the two.
func Run() string {
	var p point
	var x, y int64
	var wg sync.WaitGroup
	wg.Go(func() { p.move(1, 1) })
	wg.Go(func() { x, y = p.read() })
	wg.Wait()
	if x != y {
		return fmt.Sprintf("the point was never at (%d, %d)", x, y)
	}
	return ""
}
