// Package yield is a scheduler whose green threads run on worker goroutines that are used again: a thread borrows one
// for its life. A scheduler goroutine of its own hands out the turns, on what the threads ask of it.
package yield

import (
	"context"
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
	Name  string
	Value any
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("green thread %q panicked: %v", e.Name, e.Value)
}

// wish is what a thread says when it gives its turn away.
type wish struct {
	by    *Thread
	joins *Thread // it joins this one
	ended bool
}

// Scheduler runs green threads in turns.
type Scheduler struct {
	order   []*Thread
	cursor  int
	wishes  chan wish
	idle    []chan *Thread // workers without a thread
	begun   map[*Thread]bool
	stopped bool
	workers context.Context
}

// Thread is a green thread.
type Thread struct {
	name    string
	s       *Scheduler
	fn      func(*Thread)
	worker  chan *Thread
	turn    chan struct{}
	ended   bool
	err     error
	waiting []*Thread
}

// New returns a scheduler with no threads.
func New() *Scheduler {
	return &Scheduler{wishes: make(chan wish), begun: make(map[*Thread]bool)}
}

// Name is what Spawn was given.
func (t *Thread) Name() string { return t.name }

// Spawn puts a new thread at the end of the queue.
func (s *Scheduler) Spawn(name string, fn func(*Thread)) *Thread {
	t := &Thread{name: name, s: s, fn: fn, turn: make(chan struct{}, 1)}
	s.order = append(s.order, t)
	return t
}

// Stop has all threads end at their next switch.
func (s *Scheduler) Stop() { s.stopped = true }

// Run lets the threads run in turns until each has ended.
func (s *Scheduler) Run() error {
	ctx, dismiss := context.WithCancel(context.Background())
	defer dismiss()
	s.workers = ctx
	answer := make(chan error)
	go func() { answer <- s.loop() }()
	return <-answer
}

func (s *Scheduler) loop() error {
	for !s.stopped && s.cursor < len(s.order) {
		t := s.order[s.cursor]
		s.cursor++
		s.serve(t)
	}
	if len(s.begun) == 0 {
		return nil
	}
	deadlock := !s.stopped
	s.stopped = true
	for t := range s.begun {
		s.serve(t)
	}
	if deadlock {
		return fmt.Errorf("run: %w", ErrDeadlock)
	}
	return nil
}

// serve gives t a turn and takes its wish.
func (s *Scheduler) serve(t *Thread) {
	if !s.begun[t] {
		s.begun[t] = true
		t.worker = s.hire()
		t.worker <- t
	} else {
		t.turn <- struct{}{}
	}
	w := <-s.wishes
	switch {
	case w.ended:
		delete(s.begun, w.by)
		w.by.ended = true
		s.order = append(s.order, w.by.waiting...)
		s.idle = append(s.idle, w.by.worker)
	case w.joins != nil:
		w.joins.waiting = append(w.joins.waiting, w.by)
	default:
		s.order = append(s.order, w.by)
	}
}

// hire takes an idle worker, or starts one.
func (s *Scheduler) hire() chan *Thread {
	if n := len(s.idle); n > 0 {
		w := s.idle[n-1]
		s.idle = s.idle[:n-1]
		return w
	}
	w := make(chan *Thread)
	go s.work(w)
	return w
}

func (s *Scheduler) work(threads chan *Thread) {
	for {
		select {
		case t := <-threads:
			t.live(threads)
		case <-s.workers.Done():
			return
		}
	}
}

// live runs t to its end. Where Goexit takes the goroutine away, a new one takes its place as the worker.
func (t *Thread) live(worker chan *Thread) {
	goexit := true
	defer func() {
		if goexit {
			go t.s.work(worker)
		}
		t.s.wishes <- wish{by: t, ended: true}
	}()
	func() {
		defer func() {
			if v := recover(); v != nil {
				t.err = &PanicError{t.name, v}
			}
		}()
		t.fn(t)
	}()
	goexit = false
}

func (t *Thread) leave(w wish) {
	if !t.s.stopped {
		t.s.wishes <- w
		<-t.turn
	}
	if t.s.stopped {
		runtime.Goexit()
	}
}

// Yield lets the others have their turns.
func (t *Thread) Yield() { t.leave(wish{by: t}) }

// Join waits until other has ended and says how.
func (t *Thread) Join(other *Thread) error {
	if t.s.stopped {
		runtime.Goexit()
	}
	if t == other {
		return ErrJoinSelf
	}
	if !other.ended {
		t.leave(wish{by: t, joins: other})
	}
	return other.err
}
