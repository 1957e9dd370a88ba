// Package lostupdate shows how an update gets lost although there is a GIL, and what makes it safe.
package lostupdate

import (
	"slices"

	"github.com/python-concurrency/kata/katas/sim/gil"
)

// LostUpdate has every thread load, the last thread first. That one keeps the GIL and stores, and the others follow.
func LostUpdate(threads int) gil.Schedule {
	var schedule gil.Schedule
	for thread := threads - 1; thread >= 0; thread-- {
		schedule = append(schedule, thread)
	}
	return schedule
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

// WithLock puts the part of code from the first load to the last store under the lock. Code without either is safe as
// it is.
func WithLock(code gil.Code) gil.Code {
	first, last := -1, -1
	for i, in := range code {
		if in.Op == gil.LoadGlobal && first < 0 {
			first = i
		}
		if in.Op == gil.StoreGlobal {
			last = i + 1
		}
	}
	if first < 0 || last < first {
		return slices.Clone(code)
	}
	locked := slices.Insert(slices.Clone(code), last, gil.Instruction{Op: gil.Release})
	return slices.Insert(locked, first, gil.Instruction{Op: gil.Acquire})
}

// Counter keeps its number in a channel: who has taken it out is the only one who has it.
type Counter struct{ n chan int }

// NewCounter returns a counter that stands at 0.
func NewCounter() *Counter {
	c := &Counter{n: make(chan int, 1)}
	c.n <- 0
	return c
}

// Add calls step, takes the number out, and puts the sum back.
func (c *Counter) Add(step func() int) {
	more := step()
	c.n <- more + <-c.n
}

// Value takes the number out for a moment.
func (c *Counter) Value() int {
	n := <-c.n
	c.n <- n
	return n
}
