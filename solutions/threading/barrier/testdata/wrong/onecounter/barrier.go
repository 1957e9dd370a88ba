//kata:wrong kind=deadlock  waits for the counter to be zero again, and a fast party counts itself in before the slow one has looked

// Package barrier is threading.Barrier as CPython writes it: a condition variable, a count, and a state that keeps the
// door shut until the round before has drained.
package barrier

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// The errors are named as in Python.
var (
	// ErrBrokenBarrier: the barrier is broken, or was reset while the call waited (threading.BrokenBarrierError).
	ErrBrokenBarrier = errors.New("the barrier is broken")
	// ErrValue: there must be one party at least (ValueError).
	ErrValue = errors.New("parties must be 1 or more")
)

// Forever stands for a timeout that never runs out, Python's timeout=None.
const Forever = 10 * 365 * 24 * time.Hour

const (
	filling = iota
	draining
	resetting
	broken
)

// Barrier is a meeting point of a fixed number of goroutines.
type Barrier struct {
	parties int
	action  func() error
	timeout time.Duration

	// mu is held while the action runs, as in CPython.
	mu      sync.Mutex
	changed *sync.Cond
	// state and count are written with mu held. They are atomic so that the action may ask for them.
	state, count atomic.Int32
}

// New returns a barrier for so many parties.
func New(parties int, action func() error, timeout time.Duration) (*Barrier, error) {
	if parties < 1 {
		return nil, ErrValue
	}
	b := &Barrier{parties: parties, action: action, timeout: timeout}
	b.changed = sync.NewCond(&b.mu)
	return b, nil
}

// Wait waits for the other parties, for the barrier's own timeout at the most.
func (b *Barrier) Wait() (index int, err error) { return b.WaitTimeout(b.timeout) }

// WaitTimeout waits for the other parties, for timeout at the most.
func (b *Barrier) WaitTimeout(timeout time.Duration) (index int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state.CompareAndSwap(draining, filling)
	b.state.CompareAndSwap(resetting, filling)
	if b.is(broken) {
		return -1, ErrBrokenBarrier
	}
	index = int(b.count.Add(1)) - 1
	defer b.leave()
	if index == b.parties-1 {
		err = b.release()
	} else {
		err = b.await(timeout)
	}
	if err != nil {
		return -1, err
	}
	return index, nil
}

func (b *Barrier) is(state int32) bool { return b.state.Load() == state }

// turn goes into a state and wakes everybody to look at it.
func (b *Barrier) turn(state int32) {
	b.state.Store(state)
	b.changed.Broadcast()
}

// leave counts the caller out. The last one opens the door.
func (b *Barrier) leave() {
	if b.count.Add(-1) == 0 && !b.is(broken) {
		b.turn(filling)
	}
}

func (b *Barrier) release() (err error) {
	outcome := int32(broken)
	defer func() { b.turn(outcome) }()
	if b.action != nil {
		if err := b.action(); err != nil {
			return err
		}
	}
	outcome = draining
	return nil
}

func (b *Barrier) await(timeout time.Duration) error {
	if timeout <= 0 {
		b.turn(broken)
		return ErrBrokenBarrier
	}
	due := time.Now().Add(timeout)
	if timeout < Forever {
		alarm := time.AfterFunc(timeout, func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.changed.Broadcast()
		})
		defer alarm.Stop()
	}
	for b.is(filling) {
		if !time.Now().Before(due) {
			b.turn(broken)
			break
		}
		b.changed.Wait()
	}
	if b.is(draining) {
		return nil
	}
	return ErrBrokenBarrier
}

// Reset sends away who waits, and begins anew.
func (b *Barrier) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.count.Load() == 0:
		b.turn(filling)
	case b.is(filling) || b.is(broken):
		b.turn(resetting)
	}
}

// Abort breaks the barrier.
func (b *Barrier) Abort() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn(broken)
}

// Parties is how many must arrive in each round.
func (b *Barrier) Parties() int { return b.parties }

// NWaiting is how many calls wait in the round that fills.
func (b *Barrier) NWaiting() int {
	n := b.count.Load()
	if !b.is(filling) {
		return 0
	}
	return int(n)
}

// Broken reports whether the barrier is broken.
func (b *Barrier) Broken() bool { return b.is(broken) }
