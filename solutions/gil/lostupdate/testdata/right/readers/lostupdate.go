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

// CanLose reports whether two threads that run code can lose an update: it tries each load and looks whether there is
// a check before the store of what was loaded.
func CanLose(code gil.Code, checks gil.Checks) bool {
	for i, in := range code {
		if in.Op == gil.LoadGlobal && storedLate(code[i:], checks) {
			return true
		}
	}
	return false
}

// storedLate follows the value that code's first instruction loads. Above is how many values lie above it, or above the
// sum that it has become part of.
func storedLate(code gil.Code, checks gil.Checks) bool {
	late, above := checks.After(code[0].Op), 0
	for _, in := range code[1:] {
		switch in.Op {
		case gil.LoadGlobal, gil.LoadConst, gil.Call:
			above++
		case gil.BinaryOp:
			above = max(above-1, 0)
		case gil.StoreGlobal, gil.PopTop:
			if above == 0 {
				return late && in.Op == gil.StoreGlobal
			}
			above--
		}
		late = late || checks.After(in.Op)
	}
	return false
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
	mu sync.RWMutex
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

// Value returns the sum of all that was added. Readers do not keep each other waiting.
func (c *Counter) Value() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.n
}
