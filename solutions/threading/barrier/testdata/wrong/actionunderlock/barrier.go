//kata:wrong kind=deadlock  runs the action with the lock held that NWaiting and Broken need

// Package barrier is threading.Barrier of Python (CPython, Lib/threading.py), built from rounds.
package barrier

import (
	"errors"
	"fmt"
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
//
// CPython keeps one state for all rounds, and a door that stays shut until the last party of a round has come back.
// Here each round is a value of its own. Who comes back late looks at its own round, which has ended and does not
// change any more, whatever the barrier is doing by then; so the next round may fill at once.
type Barrier struct {
	parties int
	action  func() error
	timeout time.Duration

	// mu is held for a few instructions and never while the action runs.
	mu sync.Mutex
	// round is the one that fills, or is full and runs its action, or has broken the barrier. It is guarded by mu, and
	// so is what it points to.
	round *round
}

// round is one meeting. It ends once.
type round struct {
	arrived int
	// ended is closed when the round has ended. That wakes everybody who waits in it.
	ended chan struct{}
	// err is why the parties did not meet, nil where they did. Once ended is closed it does not change, and needs no
	// lock.
	err error
}

func newRound() *round { return &round{ended: make(chan struct{})} }

// New returns a barrier for so many parties.
func New(parties int, action func() error, timeout time.Duration) (*Barrier, error) {
	if parties < 1 {
		return nil, fmt.Errorf("barrier of %d: %w", parties, ErrValue)
	}
	return &Barrier{parties: parties, action: action, timeout: timeout, round: newRound()}, nil
}

// Wait waits for the other parties, for the barrier's own timeout at the most.
func (b *Barrier) Wait() (index int, err error) {
	return b.WaitTimeout(b.timeout)
}

// WaitTimeout waits for the other parties, for timeout at the most.
func (b *Barrier) WaitTimeout(timeout time.Duration) (index int, err error) {
	r, index, last := b.arrive()
	if last {
		err = b.release()
	} else {
		err = b.await(r, timeout)
	}
	if err != nil {
		return -1, err
	}
	return index, nil
}

// arrive counts the caller into the round that fills. The round of a broken barrier has ended: nobody is counted, and
// waiting for it takes no time.
func (b *Barrier) arrive() (r *round, index int, last bool) {
	b.lock()
	defer b.mu.Unlock()
	r, index = b.round, b.round.arrived
	if r.err == nil {
		r.arrived++
		last = b.full()
	}
	return r, index, last
}

// lock takes mu at a time when no action runs.
func (b *Barrier) lock() {
	b.mu.Lock()
	for b.full() {
		ended := b.round.ended
		b.mu.Unlock()
		<-ended
		b.mu.Lock()
	}
}

// full reports whether all have arrived and their action is still to end. It is called with mu held.
func (b *Barrier) full() bool { return b.round.err == nil && b.round.arrived == b.parties }

// release runs the action and ends the round, which is full: nobody else can end it.
func (b *Barrier) release() error {
	outcome := ErrBrokenBarrier // unless the action returns, and returns nil
	b.mu.Lock()
	defer func() {
		defer b.mu.Unlock()
		b.end(outcome)
	}()
	if b.action != nil {
		if err := b.action(); err != nil {
			return err
		}
	}
	outcome = nil
	return nil
}

// await waits until r has ended, and says how. When the time is up and r still fills, it breaks the barrier; that r is
// full, or has ended, is looked for under the lock, since select takes any of two channels that are ready.
func (b *Barrier) await(r *round, timeout time.Duration) error {
	select {
	case <-r.ended:
	case <-time.After(timeout): // garbage as soon as nobody waits for it
		b.expire(r)
		<-r.ended
	}
	return r.err
}

func (b *Barrier) expire(r *round) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if r == b.round && !b.full() {
		b.snap()
	}
}

// Reset sends away who waits, and begins anew.
func (b *Barrier) Reset() {
	b.lock()
	defer b.mu.Unlock()
	b.snap()
	b.round = newRound()
}

// Abort breaks the barrier.
func (b *Barrier) Abort() {
	b.lock()
	defer b.mu.Unlock()
	b.snap()
}

// snap breaks the barrier, where it is not broken. It is called with mu held.
func (b *Barrier) snap() {
	if b.round.err == nil {
		b.end(ErrBrokenBarrier)
	}
}

// end ends the round for everybody in it. After one that was released the next one begins; one that failed stays, and
// is what a broken barrier is. It is called with mu held.
func (b *Barrier) end(err error) {
	r := b.round
	if err == nil {
		b.round = newRound()
	}
	r.err = err
	close(r.ended)
}

// Parties is how many must arrive in each round.
func (b *Barrier) Parties() int { return b.parties }

// NWaiting is how many calls wait in the round that fills.
func (b *Barrier) NWaiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.round.err != nil {
		return 0
	}
	return b.round.arrived
}

// Broken reports whether the barrier is broken.
func (b *Barrier) Broken() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.round.err != nil
}
