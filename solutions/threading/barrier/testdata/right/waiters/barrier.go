// Package barrier is threading.Barrier with a list of those who wait: each is told for itself how its round ended.
package barrier

import (
	"errors"
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

// Barrier is a meeting point of a fixed number of goroutines.
type Barrier struct {
	parties int
	action  func() error
	timeout time.Duration

	// turn is a lock that a select can wait for. Who arrives last holds it while the action runs.
	turn chan struct{}
	// waiters is guarded by turn. Each has room for one answer.
	waiters []chan error
	// waiting and broken are written by who holds turn.
	waiting atomic.Int64
	broken  atomic.Bool
}

// New returns a barrier for so many parties.
func New(parties int, action func() error, timeout time.Duration) (*Barrier, error) {
	if parties < 1 {
		return nil, ErrValue
	}
	if action == nil {
		action = func() error { return nil }
	}
	return &Barrier{parties: parties, action: action, timeout: timeout, turn: make(chan struct{}, 1)}, nil
}

func (b *Barrier) take() { b.turn <- struct{}{} }
func (b *Barrier) give() { <-b.turn }

// Wait waits for the other parties, for the barrier's own timeout at the most.
func (b *Barrier) Wait() (index int, err error) { return b.WaitTimeout(b.timeout) }

// WaitTimeout waits for the other parties, for timeout at the most.
func (b *Barrier) WaitTimeout(timeout time.Duration) (index int, err error) {
	index, told, err := b.arrive(timeout)
	if told != nil {
		err = b.await(told, timeout)
	}
	if err != nil {
		return -1, err
	}
	return index, nil
}

// arrive returns either how the round ended, or where that will be told.
func (b *Barrier) arrive(timeout time.Duration) (index int, told chan error, err error) {
	b.take()
	defer b.give()
	if b.broken.Load() {
		return -1, nil, ErrBrokenBarrier
	}
	index = int(b.waiting.Add(1)) - 1
	if index == b.parties-1 {
		return index, nil, b.act()
	}
	if timeout <= 0 {
		b.snap()
		return -1, nil, ErrBrokenBarrier
	}
	told = make(chan error, 1)
	b.waiters = append(b.waiters, told)
	return index, told, nil
}

func (b *Barrier) act() error {
	over := false
	defer func() {
		if !over {
			b.snap()
		}
	}()
	if err := b.action(); err != nil {
		return err
	}
	over = true
	b.tell(nil)
	return nil
}

func (b *Barrier) await(told chan error, timeout time.Duration) error {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case err := <-told:
		return err
	case <-timer.C:
	}
	b.take()
	defer b.give()
	select {
	case err := <-told:
		return err
	default:
		b.snap()
		return ErrBrokenBarrier
	}
}

// tell ends the round.
func (b *Barrier) tell(err error) {
	b.waiting.Store(0)
	for _, w := range b.waiters {
		w <- err
	}
	b.waiters = nil
}

func (b *Barrier) snap() {
	b.broken.Store(true)
	b.tell(ErrBrokenBarrier)
}

// Reset sends away who waits, and begins anew.
func (b *Barrier) Reset() {
	b.take()
	defer b.give()
	b.tell(ErrBrokenBarrier)
	b.broken.Store(false)
}

// Abort breaks the barrier.
func (b *Barrier) Abort() {
	b.take()
	defer b.give()
	b.snap()
}

// Parties is how many must arrive in each round.
func (b *Barrier) Parties() int { return b.parties }

// NWaiting is how many calls wait in the round that fills.
func (b *Barrier) NWaiting() int { return int(b.waiting.Load()) }

// Broken reports whether the barrier is broken.
func (b *Barrier) Broken() bool { return b.broken.Load() }
