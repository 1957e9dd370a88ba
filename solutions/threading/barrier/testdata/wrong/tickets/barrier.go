//kata:wrong kind=deadlock  lays out a ticket for each who may pass, and a fast party takes that of the slow one

// Package barrier is threading.Barrier with tickets: the last to arrive lays out one for each of the others.
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

// Barrier is a meeting point of a fixed number of goroutines.
type Barrier struct {
	parties int
	action  func() error
	timeout time.Duration

	// mu is held while the action runs.
	mu sync.Mutex
	// tickets are for those who wait: nil lets one pass, an error turns one away.
	tickets chan error
	// waiting and broken are written with mu held, and read without.
	waiting atomic.Int64
	broken  atomic.Bool
}

// New returns a barrier for so many parties.
func New(parties int, action func() error, timeout time.Duration) (*Barrier, error) {
	if parties < 1 {
		return nil, ErrValue
	}
	return &Barrier{parties: parties, action: action, timeout: timeout, tickets: make(chan error, parties)}, nil
}

// Wait waits for the other parties, for the barrier's own timeout at the most.
func (b *Barrier) Wait() (index int, err error) { return b.WaitTimeout(b.timeout) }

// WaitTimeout waits for the other parties, for timeout at the most.
func (b *Barrier) WaitTimeout(timeout time.Duration) (index int, err error) {
	index, err = b.arrive()
	if err == nil && index < b.parties-1 {
		err = b.await(timeout)
	}
	if err != nil {
		return -1, err
	}
	return index, nil
}

func (b *Barrier) arrive() (index int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.broken.Load() {
		return -1, ErrBrokenBarrier
	}
	index = int(b.waiting.Add(1)) - 1
	if index < b.parties-1 {
		return index, nil
	}
	return index, b.act()
}

func (b *Barrier) act() error {
	outcome := ErrBrokenBarrier
	defer func() {
		b.broken.Store(outcome != nil)
		b.waiting.Add(-1) // who acts needs no ticket
		b.layOut(outcome)
	}()
	if b.action != nil {
		if err := b.action(); err != nil {
			return err
		}
	}
	outcome = nil
	return nil
}

func (b *Barrier) layOut(err error) {
	for range b.waiting.Swap(0) {
		b.tickets <- err
	}
}

func (b *Barrier) await(timeout time.Duration) error {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case err := <-b.tickets:
		return err
	case <-timer.C:
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case err := <-b.tickets:
		return err
	default:
		b.waiting.Add(-1)
		b.broken.Store(true)
		b.layOut(ErrBrokenBarrier)
		return ErrBrokenBarrier
	}
}

// Reset sends away who waits, and begins anew.
func (b *Barrier) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.layOut(ErrBrokenBarrier)
	b.broken.Store(false)
}

// Abort breaks the barrier.
func (b *Barrier) Abort() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.broken.Store(true)
	b.layOut(ErrBrokenBarrier)
}

// Parties is how many must arrive in each round.
func (b *Barrier) Parties() int { return b.parties }

// NWaiting is how many calls wait in the round that fills.
func (b *Barrier) NWaiting() int { return int(b.waiting.Load()) }

// Broken reports whether the barrier is broken.
func (b *Barrier) Broken() bool { return b.broken.Load() }
