// Package yield is a scheduler whose green threads are coroutines of iter.Pull: next runs one to its next Yield, stop
// has it end there.
package yield

import (
	"errors"
	"fmt"
	"iter"
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

// ended is what unwinds a thread that the scheduler ends.
var ended = new(int)

// Scheduler runs green threads in turns.
type Scheduler struct {
	queue   []*Thread
	begun   []*Thread
	stopped bool
}

// Thread is a green thread.
type Thread struct {
	name  string
	s     *Scheduler
	fn    func(*Thread)
	next  func() (struct{}, bool)
	stop  func()
	leave func(struct{}) bool
	waits bool // it stands in no queue
	done  bool
	err   error
	then  []*Thread
}

// New returns a scheduler with no threads.
func New() *Scheduler { return &Scheduler{} }

// Name is what Spawn was given.
func (t *Thread) Name() string { return t.name }

// Spawn puts a new thread at the end of the queue.
func (s *Scheduler) Spawn(name string, fn func(*Thread)) *Thread {
	t := &Thread{name: name, s: s, fn: fn}
	s.queue = append(s.queue, t)
	return t
}

// Stop has all threads end at their next switch.
func (s *Scheduler) Stop() { s.stopped = true }

// Run lets the threads run in turns until each has ended.
func (s *Scheduler) Run() error {
	for len(s.queue) > 0 && !s.stopped {
		t := s.queue[0]
		s.queue = s.queue[1:]
		s.step(t)
	}
	stopped := s.stopped
	s.stopped = true
	stuck := false
	for _, t := range s.begun {
		if !t.done {
			stuck = true
			t.stop()
		}
	}
	if stuck && !stopped {
		return ErrDeadlock
	}
	return nil
}

func (s *Scheduler) step(t *Thread) {
	if t.next == nil {
		t.next, t.stop = iter.Pull(t.body)
		s.begun = append(s.begun, t)
	}
	switch _, more := t.next(); {
	case !more:
		t.done = true
		s.queue = append(s.queue, t.then...)
	case !t.waits:
		s.queue = append(s.queue, t)
	}
}

func (t *Thread) body(leave func(struct{}) bool) {
	t.leave = leave
	defer func() {
		if v := recover(); v != nil && v != any(ended) {
			t.err = &PanicError{t.name, v}
		}
	}()
	t.fn(t)
}

// Yield lets the others have their turns.
func (t *Thread) Yield() {
	if t.s.stopped || !t.leave(struct{}{}) {
		panic(ended)
	}
}

// Join waits until other has ended and says how.
func (t *Thread) Join(other *Thread) error {
	if t.s.stopped {
		panic(ended)
	}
	if t == other {
		return ErrJoinSelf
	}
	if !other.done {
		other.then = append(other.then, t)
		t.waits = true
		t.Yield()
		t.waits = false
	}
	return other.err
}
