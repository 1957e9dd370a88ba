// Package barrier is threading.Barrier with a referee: a goroutine that lives as long as anybody waits, hears who has
// come and whose time is up, and decides. What the others know of it is two numbers.
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

	mu sync.Mutex
	// callers queue for the referee, who is there as long as one of them has no answer. Both are guarded by mu.
	callers []request
	news    chan struct{}
	there   bool

	waiting atomic.Int64
	broken  atomic.Bool
}

// kind is what a caller wants.
type kind int

const (
	arrives kind = iota
	expires
	resets
	aborts
	acted
)

// request is one caller's message to the referee.
type request struct {
	kind   kind
	party  *party
	failed bool
	done   chan struct{}
}

// party is one call of Wait.
type party struct {
	timeout time.Duration
	index   int
	timer   *time.Timer
	// answer has room for one.
	answer chan verdict
}

// verdict says how the round ended; leads has the party run the action first.
type verdict struct {
	leads bool
	err   error
}

// New returns a barrier for so many parties.
func New(parties int, action func() error, timeout time.Duration) (*Barrier, error) {
	if parties < 1 {
		return nil, ErrValue
	}
	if action == nil {
		action = func() error { return nil }
	}
	return &Barrier{parties: parties, action: action, timeout: timeout, news: make(chan struct{}, 1)}, nil
}

// Wait waits for the other parties, for the barrier's own timeout at the most.
func (b *Barrier) Wait() (index int, err error) { return b.WaitTimeout(b.timeout) }

// WaitTimeout waits for the other parties, for timeout at the most.
func (b *Barrier) WaitTimeout(timeout time.Duration) (index int, err error) {
	p := &party{timeout: timeout, answer: make(chan verdict, 1)}
	b.send(request{kind: arrives, party: p})
	v := <-p.answer
	if v.leads {
		v.err = b.lead()
	}
	if v.err != nil {
		return -1, v.err
	}
	return p.index, nil
}

// lead runs the action and tells the referee how it went, before it returns.
func (b *Barrier) lead() (err error) {
	told := request{kind: acted, failed: true, done: make(chan struct{})}
	defer func() {
		b.send(told)
		<-told.done
	}()
	err = b.action()
	told.failed = err != nil
	return err
}

// send queues a request, and calls the referee where there is none.
func (b *Barrier) send(r request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.callers = append(b.callers, r)
	if !b.there {
		b.there = true
		go b.referee()
	}
	select {
	case b.news <- struct{}{}:
	default:
	}
}

// referee decides until nobody waits and nobody asks.
func (b *Barrier) referee() {
	var here []*party
	var later []request
	acting := false
	end := func(err error) {
		for _, p := range here {
			if p.timer != nil {
				p.timer.Stop()
			}
			select {
			case p.answer <- verdict{err: err}:
			default:
			}
		}
		here = nil
	}
	for {
		b.mu.Lock()
		todo := b.callers
		b.callers = nil
		if len(todo) == 0 && len(here) == 0 {
			b.there = false
			b.mu.Unlock()
			return
		}
		b.mu.Unlock()
		if len(todo) == 0 {
			<-b.news
			continue
		}
		for len(todo) > 0 {
			r := todo[0]
			todo = todo[1:]
			if acting && (r.kind == arrives || r.kind == resets || r.kind == aborts) {
				later = append(later, r)
				continue
			}
			switch r.kind {
			case arrives:
				if b.broken.Load() {
					r.party.answer <- verdict{err: ErrBrokenBarrier}
					continue
				}
				r.party.index = len(here)
				b.waiting.Add(1)
				if len(here) == b.parties-1 {
					acting = true
					here = append(here, r.party)
					r.party.answer <- verdict{leads: true}
					// It has its answer, and must not get another one.
					here[len(here)-1] = &party{answer: make(chan verdict, 1)}
					continue
				}
				here = append(here, r.party)
				if r.party.timeout <= 0 {
					b.waiting.Store(0)
					b.broken.Store(true)
					end(ErrBrokenBarrier)
					continue
				}
				p := r.party
				p.timer = time.AfterFunc(p.timeout, func() { b.send(request{kind: expires, party: p}) })
			case expires:
				for _, p := range here {
					if p == r.party && !acting {
						b.waiting.Store(0)
						b.broken.Store(true)
						end(ErrBrokenBarrier)
						break
					}
				}
			case acted:
				acting = false
				b.waiting.Store(0)
				b.broken.Store(r.failed)
				if r.failed {
					end(ErrBrokenBarrier)
				} else {
					end(nil)
				}
				close(r.done)
				todo, later = append(later, todo...), nil
			default:
				b.waiting.Store(0)
				b.broken.Store(r.kind == aborts)
				end(ErrBrokenBarrier)
				close(r.done)
			}
		}
	}
}

func (b *Barrier) order(k kind) {
	r := request{kind: k, done: make(chan struct{})}
	b.send(r)
	<-r.done
}

// Reset sends away who waits, and begins anew.
func (b *Barrier) Reset() { b.order(resets) }

// Abort breaks the barrier.
func (b *Barrier) Abort() { b.order(aborts) }

// Parties is how many must arrive in each round.
func (b *Barrier) Parties() int { return b.parties }

// NWaiting is how many calls wait in the round that fills.
func (b *Barrier) NWaiting() int { return int(b.waiting.Load()) }

// Broken reports whether the barrier is broken.
func (b *Barrier) Broken() bool { return b.broken.Load() }
