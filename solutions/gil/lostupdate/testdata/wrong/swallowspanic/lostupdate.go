//kata:wrong kind=wrong  recovers the panic of step and tells nobody

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

// origin is what matters of a value on the stack. The higher, the worse.
type origin int

const (
	unrelated origin = iota // not from counter
	fresh                   // from counter, which nobody can have changed since
	stale                   // from counter, before a check
)

// CanLose reports whether two threads that run code can lose an update: whether a stale value is ever stored.
func CanLose(code gil.Code, checks gil.Checks) bool {
	var stack []origin
	push := func(o origin) { stack = append(stack, o) }
	pop := func() origin {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		return top
	}
	for _, in := range code {
		switch in.Op {
		case gil.LoadGlobal:
			push(fresh)
		case gil.LoadConst, gil.Call:
			push(unrelated)
		case gil.BinaryOp:
			push(max(pop(), pop()))
		case gil.PopTop:
			pop()
		case gil.StoreGlobal:
			if pop() == stale {
				return true
			}
		}
		if checks.After(in.Op) {
			age(stack)
		}
	}
	return false
}

// age is what a check does to the stack: somebody else may have stored to counter.
func age(stack []origin) {
	for i, o := range stack {
		if o == fresh {
			stack[i] = stale
		}
	}
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

// Add calls step and adds what it returned; where step panics there is nothing to add.
func (c *Counter) Add(step func() int) {
	defer func() { _ = recover() }()
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
