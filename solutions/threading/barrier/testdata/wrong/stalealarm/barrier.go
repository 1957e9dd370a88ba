//kata:wrong kind=wrong  lets an alarm that went off too late break whatever round there is

// Package barrier is threading.Barrier with numbered generations, and a book of those that did not meet.
package barrier

import (
	"errors"
	"sync"
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

// Barrier is a meeting point of a fixed number of goroutines.
type Barrier struct {
	parties int
	action  func() error
	timeout time.Duration

	mu      sync.Mutex
	changed *sync.Cond
	// generation is the number of the round that fills.
	generation int
	// failed are the rounds that ended without a meeting, each with how many are still to read it.
	failed  map[int]int
	waiting int
	acting  bool
	broken  bool
}

// New returns a barrier for so many parties.
func New(parties int, action func() error, timeout time.Duration) (*Barrier, error) {
	if parties < 1 {
		return nil, ErrValue
	}
	b := &Barrier{parties: parties, action: action, timeout: timeout, failed: make(map[int]int)}
	b.changed = sync.NewCond(&b.mu)
	return b, nil
}

// Wait waits for the other parties, for the barrier's own timeout at the most.
func (b *Barrier) Wait() (index int, err error) { return b.WaitTimeout(b.timeout) }

// WaitTimeout waits for the other parties, for timeout at the most.
func (b *Barrier) WaitTimeout(timeout time.Duration) (index int, err error) {
	b.lock()
	defer b.mu.Unlock()
	if b.broken {
		return -1, ErrBrokenBarrier
	}
	mine := b.generation
	index = b.waiting
	b.waiting++
	switch {
	case b.waiting == b.parties:
		err = b.act()
	case timeout <= 0:
		b.next(false)
		b.broken = true
	default:
		b.await(mine, timeout)
	}
	if err == nil && b.hasFailed(mine) {
		err = ErrBrokenBarrier
	}
	if err != nil {
		return -1, err
	}
	return index, nil
}

// lock takes mu when no action runs.
func (b *Barrier) lock() {
	b.mu.Lock()
	for b.acting {
		b.changed.Wait()
	}
}

// act runs the action without mu, and comes back with it.
func (b *Barrier) act() (err error) {
	ok := false
	b.acting = true
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		b.acting = false
		b.waiting-- // who acts does not read how it ended
		b.next(ok)
		b.broken = !ok
	}()
	if b.action != nil {
		err = b.action()
	}
	ok = err == nil
	return err
}

// next ends the generation.
func (b *Barrier) next(met bool) {
	if !met && b.waiting > 0 {
		b.failed[b.generation] = b.waiting
	}
	b.waiting = 0
	b.generation++
	b.changed.Broadcast()
}

func (b *Barrier) hasFailed(generation int) bool {
	readers, failed := b.failed[generation]
	if readers > 1 {
		b.failed[generation] = readers - 1
	} else {
		delete(b.failed, generation)
	}
	return failed
}

func (b *Barrier) await(mine int, timeout time.Duration) {
	alarm := time.AfterFunc(timeout, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.waiting > 0 && !b.acting {
			b.next(false)
			b.broken = true
		}
	})
	defer alarm.Stop()
	for b.generation == mine {
		b.changed.Wait()
	}
}

// Reset sends away who waits, and begins anew.
func (b *Barrier) Reset() {
	b.lock()
	defer b.mu.Unlock()
	b.next(false)
	b.broken = false
}

// Abort breaks the barrier.
func (b *Barrier) Abort() {
	b.lock()
	defer b.mu.Unlock()
	b.next(false)
	b.broken = true
}

// Parties is how many must arrive in each round.
func (b *Barrier) Parties() int { return b.parties }

// NWaiting is how many calls wait in the round that fills.
func (b *Barrier) NWaiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.waiting
}

// Broken reports whether the barrier is broken.
func (b *Barrier) Broken() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.broken
}
