//kata:wrong kind=race  starts a goroutine per thread and leaves the turns to the Go runtime

// Package yield takes goroutines for green threads: all of them run at once, and Yield is Gosched.
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
	// Name is the name of the thread that panicked.
	Name string
	// Value is what it gave to panic.
	Value any
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("green thread %q panicked: %v", e.Name, e.Value)
}

// Scheduler waits for its threads.
type Scheduler struct {
	mu      sync.Mutex
	waiting []*Thread
	running bool
	stopped bool
	all     sync.WaitGroup
}

// Thread is a goroutine.
type Thread struct {
	name  string
	s     *Scheduler
	fn    func(*Thread)
	ended chan struct{}
	err   error
}

// Name is what Spawn was given.
func (t *Thread) Name() string { return t.name }

// New returns a scheduler with no threads.
func New() *Scheduler { return &Scheduler{} }

// Spawn starts the thread, once Run was called.
func (s *Scheduler) Spawn(name string, fn func(*Thread)) *Thread {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &Thread{name: name, s: s, fn: fn, ended: make(chan struct{})}
	if s.running {
		s.all.Go(t.run)
	} else {
		s.waiting = append(s.waiting, t)
	}
	return t
}

// Run starts the threads and waits for them.
func (s *Scheduler) Run() error {
	s.mu.Lock()
	s.running = true
	for _, t := range s.waiting {
		s.all.Go(t.run)
	}
	s.mu.Unlock()
	s.all.Wait()
	return nil
}

// Stop has threads end at their next Yield.
func (s *Scheduler) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
}

func (t *Thread) run() {
	defer close(t.ended)
	defer func() {
		if value := recover(); value != nil {
			t.err = &PanicError{Name: t.name, Value: value}
		}
	}()
	t.fn(t)
}

// Yield lets other goroutines run.
func (t *Thread) Yield() {
	runtime.Gosched()
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if t.s.stopped {
		runtime.Goexit()
	}
}

// Join waits until other has ended.
func (t *Thread) Join(other *Thread) error {
	if t == other {
		return ErrJoinSelf
	}
	<-other.ended
	return other.err
}
