// Package yield is a scheduler in which a thread hands the turn straight to the next one. Run begins the first, and then
// only waits until there is nobody left to hand it to.
package yield

import (
	"container/list"
	"errors"
	"fmt"
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
	queue   list.List // of *Thread
	parked  list.List // of *Thread: begun, and not running
	idle    chan struct{}
	stopped bool
}

// Thread is a green thread.
type Thread struct {
	name   string
	s      *Scheduler
	fn     func(*Thread)
	wake   chan bool // false: end
	parked *list.Element
	ended  chan struct{} // closed when it has ended
	err    error
	joined list.List // of *Thread
}

type unwind struct{}

// New returns a scheduler with no threads.
func New() *Scheduler { return &Scheduler{idle: make(chan struct{})} }

// Name is what Spawn was given.
func (t *Thread) Name() string { return t.name }

// Spawn puts a new thread at the end of the queue.
func (s *Scheduler) Spawn(name string, fn func(*Thread)) *Thread {
	t := &Thread{name: name, s: s, fn: fn, ended: make(chan struct{})}
	s.queue.PushBack(t)
	return t
}

// Stop has all threads end at their next switch.
func (s *Scheduler) Stop() { s.stopped = true }

// Run lets the threads run in turns until each has ended.
func (s *Scheduler) Run() error {
	if s.stopped {
		return nil
	}
	go s.pass()
	<-s.idle
	if s.parked.Len() == 0 {
		return nil
	}
	stopped := s.stopped
	s.stopped = true
	for e := s.parked.Front(); e != nil; e = s.parked.Front() {
		t := s.parked.Remove(e).(*Thread)
		t.wake <- false
		<-t.ended
	}
	if stopped {
		return nil
	}
	return ErrDeadlock
}

// pass gives the turn to the first in the queue; where there is none, or it is over, Run has it back.
func (s *Scheduler) pass() {
	first := s.queue.Front()
	if s.stopped || first == nil {
		close(s.idle)
		return
	}
	t := s.queue.Remove(first).(*Thread)
	if t.wake == nil {
		t.wake = make(chan bool, 1)
		go t.live()
		return
	}
	s.parked.Remove(t.parked)
	t.wake <- true
}

func (t *Thread) live() {
	defer func() {
		v := recover()
		if _, is := v.(unwind); v != nil && !is {
			t.err = &PanicError{t.name, v}
		}
		over := t.s.stopped && isClosed(t.s.idle)
		t.s.queue.PushBackList(&t.joined)
		close(t.ended)
		if !over {
			t.s.pass()
		}
	}()
	t.fn(t)
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func (t *Thread) park() {
	if t.s.stopped {
		panic(unwind{})
	}
	t.parked = t.s.parked.PushBack(t)
	t.s.pass()
	if !<-t.wake {
		panic(unwind{})
	}
}

// Yield lets the others have their turns.
func (t *Thread) Yield() {
	if t.s.queue.Len() == 0 && !t.s.stopped {
		return
	}
	t.s.queue.PushBack(t)
	t.park()
}

// Join waits until other has ended and says how.
func (t *Thread) Join(other *Thread) error {
	if t == other && !t.s.stopped {
		return ErrJoinSelf
	}
	if t.s.stopped || !isClosed(other.ended) {
		other.joined.PushBack(t)
		t.park()
	}
	return other.err
}
