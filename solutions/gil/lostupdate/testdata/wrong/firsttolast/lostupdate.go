//kata:wrong kind=wrong  takes everything between the first load and the last store for one update

// Package lostupdate shows how an update gets lost although there is a GIL, and what makes it safe.
package lostupdate

import (
	"slices"
	"sync"

	"github.com/python-concurrency/kata/katas/sim/gil"
)

// LostUpdate returns a schedule on which all updates but one are lost: every thread has loaded before any of them
// stores.
func LostUpdate(threads int) gil.Schedule {
	var loads, stores gil.Schedule
	for thread := range threads {
		loads = append(loads, thread)
		stores = append(stores, thread)
	}
	return append(loads, stores...)
}

// CanLose reports whether a check lies between the first load and the last store.
func CanLose(code gil.Code, checks gil.Checks) bool {
	loads := func(in gil.Instruction) bool { return in.Op == gil.LoadGlobal }
	first, last := slices.IndexFunc(code, loads), -1
	for i, in := range code {
		if in.Op == gil.StoreGlobal {
			last = i
		}
	}
	if first < 0 || last < first {
		return false
	}
	return slices.ContainsFunc(code[first:last], func(in gil.Instruction) bool { return checks.After(in.Op) })
}

// WithLock puts code under the lock, from before the first load until after the last store. The jump stays outside.
func WithLock(code gil.Code) gil.Code {
	body, jump := code, gil.Code(nil)
	if last := len(code) - 1; last >= 0 && code[last].Op == gil.JumpBackward {
		body, jump = code[:last], code[last:]
	}
	return slices.Concat(gil.Code{{Op: gil.Acquire}}, body, gil.Code{{Op: gil.Release}}, jump)
}

// Counter is a number that goroutines add to. It is safe for use by many goroutines.
type Counter struct {
	mu sync.Mutex
	n  int // guarded by mu
}

// NewCounter returns a counter that stands at 0.
func NewCounter() *Counter { return &Counter{} }

// Add calls step and adds what it returned. The lock is held from the load to the store, and not while step runs.
func (c *Counter) Add(step func() int) {
	n := step()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += n
}

// Value returns the sum of all that was added.
func (c *Counter) Value() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}
