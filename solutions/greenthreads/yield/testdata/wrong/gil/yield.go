//kata:wrong kind=wrong  one lock for all: who yields lets go of it and takes it again, and nobody says who is next

// Package yield makes green threads of goroutines with one lock: who holds it runs.
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

// Scheduler is a lock that its threads share.
type Scheduler struct {
	lock    sync.Mutex
	fresh   []*Thread
	running bool
	stopped bool
	all     sync.WaitGroup
}

// Thread is a goroutine that runs while it holds the lock.
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
	t := &Thread{name: name, s: s, fn: fn, ended: make(chan struct{})}
	if s.running {
		s.all.Go(t.run)
	} else {
		s.fresh = append(s.fresh, t)
	}
	return t
}

// Run starts the threads and waits for them.
func (s *Scheduler) Run() error {
	s.lock.Lock()
	s.running = true
	for _, t := range s.fresh {
		s.all.Go(t.run)
	}
	s.lock.Unlock()
	s.all.Wait()
	return nil
}

// Stop has threads end at their next Yield.
func (s *Scheduler) Stop() { s.stopped = true }

func (t *Thread) run() {
	t.s.lock.Lock()
	defer t.s.lock.Unlock()
	defer close(t.ended)
	defer func() {
		if value := recover(); value != nil {
			t.err = &PanicError{Name: t.name, Value: value}
		}
	}()
	if !t.s.stopped {
		t.fn(t)
	}
}

// Yield lets go of the lock and takes it again.
func (t *Thread) Yield() {
	t.s.lock.Unlock()
	runtime.Gosched()
	t.s.lock.Lock()
	if t.s.stopped {
		runtime.Goexit()
	}
}

// Join waits until other has ended, without the lock.
func (t *Thread) Join(other *Thread) error {
	if t == other {
		return ErrJoinSelf
	}
	t.s.lock.Unlock()
	defer t.s.lock.Lock()
	<-other.ended
	return other.err
}
