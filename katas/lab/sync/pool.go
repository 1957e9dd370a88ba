package sync

import (
	std "sync"

	"github.com/python-concurrency/kata/katas/lab/explore"
)

// Pool is a set of values that may be used again, as the standard sync.Pool. The standard one drops values at random
// under the race detector; in a run of the explored lens, which must go the same way each time, the value put last is
// got first. It must not be copied after first use.
type Pool struct {
	// New makes a value where there is none to be got; without it Get returns nil.
	New func() any

	std std.Pool
	// kept are the values of run.
	kept *pooled
}

type pooled struct {
	value  any
	edge   byte
	before *pooled
}

// Put gives a value to the pool.
//
//go:norace
func (p *Pool) Put(x any) {
	if x == nil {
		return
	}
	if explore.At(explore.Pool, nil) == nil {
		p.std.Put(x)
		return
	}
	kept := &pooled{value: x, before: p.kept}
	releaseMerge(&kept.edge)
	p.kept = kept
}

// Get takes a value out of the pool, or makes one.
//
//go:norace
func (p *Pool) Get() any {
	explored := explore.At(explore.Pool, nil) != nil
	if kept := p.kept; explored && kept != nil {
		p.kept = kept.before
		acquire(&kept.edge)
		return kept.value
	}
	if !explored {
		if x := p.std.Get(); x != nil {
			return x
		}
	}
	if p.New == nil {
		return nil
	}
	return p.New()
}
