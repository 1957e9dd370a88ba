//kata:wrong kind=wrong  looks at how the schedules end instead of reading the code

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

// CanLose reports whether two threads end differently on some schedule than one after the other.
func CanLose(code gil.Code, checks gil.Checks) bool {
	program := gil.Program{Code: code, Threads: 2, Checks: checks}
	inTurn, err := program.Replay(nil)
	if err != nil {
		return false
	}
	outcomes, err := program.Explore()
	return err == nil && slices.ContainsFunc(outcomes, func(o gil.Outcome) bool { return o.Counter != inTurn.Counter })
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
