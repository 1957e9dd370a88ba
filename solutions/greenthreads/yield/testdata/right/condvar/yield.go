// Package yield is a scheduler without a loop: whose turn it is stands in a field under a lock, everybody waits on one
// condition variable for it to be theirs, and who gives the turn away says who is next.
package yield

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
)

var (
	// ErrDeadlock: threads are left, and every one of them waits in Join.
	ErrDeadlock = errors.New("deadlock: every green thread that is left waits in join")
	// ErrJoinSelf: a thread cannot wait for its own end.
	ErrJoinSelf = errors.New("cannot join current thread")
)

// PanicError is what Join returns for a thread that ended with a panic.
type PanicError struct {
	Name  string
	Value any
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("green thread %q panicked: %v", e.Name, e.Value)
}

// Scheduler runs green threads in turns.
type Scheduler struct {
	mu      sync.Mutex
	changed *sync.Cond
	current *Thread // nil: it is Run's turn
	ready   []*Thread
	left    int
	live    map[*Thread]struct{} // begun and not ended
	stopped bool
}

// Thread is a green thread.
type Thread struct {
	name    string
	s       *Scheduler
	fn      func(*Thread)
	ended   bool
	panic   *PanicError
	joiners []*Thread
}

// New returns a scheduler with no threads.
func New() *Scheduler {
	s := &Scheduler{live: map[*Thread]struct{}{}}
	s.changed = sync.NewCond(&s.mu)
	return s
}

// Name is what Spawn was given.
func (t *Thread) Name() string { return t.name }

// Spawn puts a new thread at the end of the queue.
func (s *Scheduler) Spawn(name string, fn func(*Thread)) *Thread {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &Thread{name: name, s: s, fn: fn}
	s.ready = append(s.ready, t)
	s.left++
	return t
}

// Stop has all threads end at their next switch.
func (s *Scheduler) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
}

// Run lets the threads run in turns until each has ended.
func (s *Scheduler) Run() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.stopped {
		s.next()
		s.wait(nil)
	}
	deadlock := !s.stopped && s.left > 0
	s.stopped = true
	for len(s.live) > 0 {
		for t := range s.live {
			s.current = t
			s.changed.Broadcast()
			s.wait(nil)
			break
		}
	}
	if deadlock {
		return ErrDeadlock
	}
	return nil
}

// next gives the turn to the first in the queue, or back to Run. The lock is held.
func (s *Scheduler) next() {
	defer s.changed.Broadcast()
	if s.current = nil; s.stopped || len(s.ready) == 0 {
		return
	}
	t := s.ready[0]
	s.ready = s.ready[1:]
	s.current = t
	if _, begun := s.live[t]; !begun {
		s.live[t] = struct{}{}
		go t.run()
	}
}

// wait returns when it is the turn of t. The lock is held.
func (s *Scheduler) wait(t *Thread) {
	for s.current != t {
		s.changed.Wait()
	}
}

func (t *Thread) run() {
	defer t.end()
	defer func() {
		if v := recover(); v != nil {
			t.panic = &PanicError{t.name, v}
		}
	}()
	t.fn(t)
}

func (t *Thread) end() {
	s := t.s
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.live, t)
	t.ended = true
	s.left--
	s.ready = append(s.ready, t.joiners...)
	s.next()
}

// leave gives the turn away and returns when it comes again. The lock is held.
func (t *Thread) leave() {
	if !t.s.stopped {
		t.s.next()
		t.s.wait(t)
	}
	if t.s.stopped {
		runtime.Goexit()
	}
}

// Yield lets the others have their turns.
func (t *Thread) Yield() {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	t.s.ready = append(t.s.ready, t)
	t.leave()
}

// Join waits until other has ended and says how.
func (t *Thread) Join(other *Thread) error {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if t.s.stopped {
		runtime.Goexit()
	}
	if t == other {
		return fmt.Errorf("%q: %w", t.name, ErrJoinSelf)
	}
	if !other.ended {
		other.joiners = append(other.joiners, t)
		t.leave()
	}
	if other.panic != nil {
		return fmt.Errorf("join: %w", other.panic)
	}
	return nil
}
