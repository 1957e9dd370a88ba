//kata:wrong kind=wrong  reports a deadlock as soon as two join each other

// Package yield is a cooperative scheduler of green threads.
//
// A green thread is a goroutine that waits for the baton. Run holds it first, hands it to the first thread of the queue,
// and gets it back when that thread yields, waits or ends. Who holds the baton may touch everything, so there is no lock;
// the channels it goes over order all that happens.
package yield

import (
	"errors"
	"fmt"
	"runtime"
)

var (
	// ErrDeadlock: threads are left, and every one of them waits in Join.
	ErrDeadlock = errors.New("deadlock: every green thread that is left waits in join")
	// ErrJoinSelf: a thread cannot wait for its own end.
	ErrJoinSelf = errors.New("cannot join current thread")
)

// PanicError is what Join returns for a thread that ended with a panic.
type PanicError struct {
	// Name is the name of the thread that panicked.
	Name string
	// Value is what it gave to panic.
	Value any
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("green thread %q panicked: %v", e.Name, e.Value)
}

// Scheduler runs green threads in turns.
type Scheduler struct {
	ready []*Thread // in the order of their turns
	// begun are the threads that have had a turn and have not ended: those that own a goroutine.
	begun   map[*Thread]bool
	back    chan struct{} // brings the baton back to Run
	stopped bool
}

// Thread is a green thread.
type Thread struct {
	name      string
	scheduler *Scheduler
	fn        func(*Thread)
	turn      chan struct{} // brings the baton
	ended     bool
	waitsFor  *Thread
	err       error     // how it ended
	joiners   []*Thread // who waits for its end, in the order in which they came
}

// Name is what Spawn was given.
func (t *Thread) Name() string { return t.name }

// New returns a scheduler with no threads.
func New() *Scheduler {
	return &Scheduler{begun: make(map[*Thread]bool), back: make(chan struct{})}
}

// Spawn puts a new thread at the end of the queue.
func (s *Scheduler) Spawn(name string, fn func(*Thread)) *Thread {
	t := &Thread{name: name, scheduler: s, fn: fn, turn: make(chan struct{})}
	s.ready = append(s.ready, t)
	return t
}

// Run lets the threads run in turns until each has ended.
func (s *Scheduler) Run() error {
	for len(s.ready) > 0 && !s.stopped && !s.ring() {
		next := s.ready[0]
		s.ready = s.ready[1:]
		s.resume(next)
	}
	deadlock := !s.stopped && len(s.begun) > 0
	s.endAll()
	if deadlock {
		return ErrDeadlock
	}
	return nil
}

func (s *Scheduler) ring() bool {
	for t := range s.begun {
		for w := t.waitsFor; w != nil; w = w.waitsFor {
			if w == t {
				return true
			}
		}
	}
	return false
}

// Stop has all threads end at their next switch.
func (s *Scheduler) Stop() { s.stopped = true }

// endAll gives each thread that has begun one last turn, in which it only runs its deferred functions.
func (s *Scheduler) endAll() {
	s.stopped = true
	for t := range s.begun {
		s.resume(t)
	}
}

// resume hands the baton to t and waits until it comes back.
func (s *Scheduler) resume(t *Thread) {
	if !s.begun[t] {
		s.begun[t] = true
		go t.run()
	} else {
		t.turn <- struct{}{}
	}
	<-s.back
}

// run is the life of t, from its first turn to its end.
func (t *Thread) run() {
	defer func() {
		// Goexit gets here as well, with nothing to recover.
		if value := recover(); value != nil {
			t.err = &PanicError{Name: t.name, Value: value}
		}
		t.end()
	}()
	t.fn(t)
}

// end lets those go on who joined t, and gives the baton back for the last time.
func (t *Thread) end() {
	s := t.scheduler
	t.ended = true
	delete(s.begun, t)
	s.ready = append(s.ready, t.joiners...)
	s.back <- struct{}{}
}

// pause gives the baton back until it is t's turn again. It does not return once the scheduler has stopped.
func (t *Thread) pause() {
	s := t.scheduler
	if !s.stopped {
		s.back <- struct{}{}
		<-t.turn
	}
	if s.stopped {
		runtime.Goexit()
	}
}

// Yield lets the others have their turns.
func (t *Thread) Yield() {
	t.scheduler.ready = append(t.scheduler.ready, t)
	t.pause()
}

// Join waits until other has ended and says how.
func (t *Thread) Join(other *Thread) error {
	switch {
	case t.scheduler.stopped:
		runtime.Goexit()
	case t == other:
		return ErrJoinSelf
	case !other.ended:
		t.waitsFor = other
		defer func() { t.waitsFor = nil }()
		other.joiners = append(other.joiners, t)
		t.pause()
	}
	return other.err
}
