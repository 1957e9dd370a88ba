// Package lostupdate shows how an update gets lost although there is a GIL, and what makes it safe.
package lostupdate

import (
	"math"
	"slices"
	"sync/atomic"

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

// never is the age of a value that does not come from counter.
const never = math.MaxInt

// CanLose reports whether two threads that run code can lose an update. The checks are counted, and of each value on
// the stack it is known how many there had been when the oldest part of it was loaded.
func CanLose(code gil.Code, checks gil.Checks) bool {
	stack, top, passed := make([]int, len(code)+1), 0, 0
	for _, in := range code {
		switch in.Op {
		case gil.LoadGlobal:
			stack[top] = passed
			top++
		case gil.LoadConst, gil.Call:
			stack[top] = never
			top++
		case gil.BinaryOp:
			top--
			stack[top-1] = min(stack[top-1], stack[top])
		case gil.StoreGlobal, gil.PopTop:
			top--
			if in.Op == gil.StoreGlobal && stack[top] < passed {
				return true
			}
		}
		if checks.After(in.Op) {
			passed++
		}
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
	n atomic.Int64
}

// NewCounter returns a counter that stands at 0.
func NewCounter() *Counter { return &Counter{} }

// Add calls step and adds what it returned, in one operation of the processor.
func (c *Counter) Add(step func() int) {
	c.n.Add(int64(step()))
}

// Value returns the sum of all that was added.
func (c *Counter) Value() int { return int(c.n.Load()) }
