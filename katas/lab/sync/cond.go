package sync

import (
	std "sync"
	"sync/atomic"
	"unsafe"

	"github.com/python-concurrency/kata/katas/lab/explore"
)

// Cond is a condition variable, as the standard sync.Cond: a line of goroutines that wait to be signalled, first come
// first served. It must not be copied after first use.
type Cond struct {
	// L is held while the condition is looked at or changed.
	L Locker

	books    std.Mutex
	waiting  queue
	explored explore.Resource
	// self is where the Cond lies, to tell a copy.
	self atomic.Uintptr
}

// NewCond returns a new Cond with Locker l.
func NewCond(l Locker) *Cond { return &Cond{L: l} }

// Wait unlocks c.L, waits to be signalled, and locks c.L again. What it was signalled for may be gone by then, so the
// caller looks again, in a loop.
//
//go:norace
func (c *Cond) Wait() {
	c.check()
	if c.explored.Enqueue() != nil {
		c.L.Unlock()
		c.explored.Park()
		c.L.Lock()
		return
	}
	deaf()
	c.books.Lock()
	turn := c.waiting.join()
	c.books.Unlock()
	hear()
	c.L.Unlock()
	deaf()
	<-turn
	hear()
	c.L.Lock()
}

// Signal lets the first that waits go on, if there is one. The caller need not hold c.L.
//
//go:norace
func (c *Cond) Signal() {
	c.check()
	if c.explored.Signal(false) {
		return
	}
	deaf()
	c.books.Lock()
	c.waiting.admit()
	c.books.Unlock()
	hear()
	explore.Pause()
}

// Broadcast lets all that wait go on. The caller need not hold c.L.
//
//go:norace
func (c *Cond) Broadcast() {
	c.check()
	if c.explored.Signal(true) {
		return
	}
	deaf()
	c.books.Lock()
	for c.waiting.admit() {
	}
	c.books.Unlock()
	hear()
	explore.Pause()
}

// check panics where c is a copy of a Cond that was in use.
//
//go:norace
func (c *Cond) check() {
	deaf()
	here := uintptr(unsafe.Pointer(c))
	copied := !c.self.CompareAndSwap(0, here) && c.self.Load() != here
	hear()
	if copied {
		panic("sync.Cond is copied")
	}
}
