// Package taskgroup is asyncio.TaskGroup without a lock: the state of a task lies in a channel from which whoever wants to
// change it takes it out, and the state of a group belongs to one goroutine to which everybody sends.
package taskgroup

import (
	"context"
	"errors"
	"fmt"
	"time"
)

var (
	// ErrCancelled is asyncio.CancelledError. An error for which errors.Is(err, ErrCancelled) holds is one as well.
	ErrCancelled = errors.New("cancelled")
	// ErrShuttingDown is RuntimeError("TaskGroup is shutting down").
	ErrShuttingDown = errors.New("task group is shutting down")
	// ErrFinished is RuntimeError("TaskGroup is finished").
	ErrFinished = errors.New("task group is finished")
)

// Task is asyncio.Task.
type Task struct {
	state chan state
	ended context.Context
}

// state is what a task is in. The context ends when a request is outstanding, and is made anew when it was delivered.
type state struct {
	requests int
	ctx      context.Context
	request  context.CancelFunc
	ended    bool
	err      error
}

func (s *state) fresh() { s.ctx, s.request = context.WithCancel(context.Background()) }

// CreateTask starts coro and returns its task.
func CreateTask(coro func(t *Task) error) *Task { return create(coro, func(error) {}) }

func create(coro func(t *Task) error, andThen func(error)) *Task {
	ended, end := context.WithCancel(context.Background())
	t := &Task{state: make(chan state, 1), ended: ended}
	var s state
	s.fresh()
	t.state <- s
	go func() {
		err := coro(t)
		s := <-t.state
		if err == nil && s.ctx.Err() != nil {
			err = ErrCancelled
		}
		s.ended, s.err = true, err
		s.request()
		t.state <- s
		andThen(err)
		end()
	}()
	return t
}

// Wait waits until the task has ended and returns how.
func (t *Task) Wait() error {
	<-t.ended.Done()
	s := <-t.state
	defer func() { t.state <- s }()
	return s.err
}

// Cancel asks the task to stop.
func (t *Task) Cancel() bool {
	s := <-t.state
	defer func() { t.state <- s }()
	if s.ended {
		return false
	}
	s.requests++
	s.request()
	return true
}

// Cancelling returns how many requests there were that no Uncancel has taken back.
func (t *Task) Cancelling() int {
	s := <-t.state
	defer func() { t.state <- s }()
	return s.requests
}

// Uncancel takes one request back and returns how many are left.
func (t *Task) Uncancel() int {
	s := <-t.state
	defer func() { t.state <- s }()
	if s.requests > 0 {
		s.requests--
	}
	if s.requests == 0 {
		s.request()
		s.fresh()
	}
	return s.requests
}

// outstanding ends when there is a request to deliver.
func (t *Task) outstanding() <-chan struct{} {
	s := <-t.state
	defer func() { t.state <- s }()
	return s.ctx.Done()
}

// deliver takes the request, if there is one.
func (t *Task) deliver() bool {
	s := <-t.state
	defer func() { t.state <- s }()
	if s.ctx.Err() == nil {
		return false
	}
	s.fresh()
	return true
}

// Sleep returns nil after d, or ErrCancelled as soon as there is a request to deliver.
func (t *Task) Sleep(d time.Duration) error {
	if !t.deliver() {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-t.outstanding():
			t.deliver()
		}
	}
	return ErrCancelled
}

// TaskGroup is asyncio.TaskGroup.
type TaskGroup struct {
	parent   *Task
	do       chan func(*books)
	finished chan struct{}
}

// books are the group's state. They belong to the goroutine that keeps them.
type books struct {
	children  map[*Task]bool
	exiting   bool
	shut      bool
	own       bool
	exception []error
}

func (b *books) shutDown() bool {
	was := b.shut
	b.shut = true
	for child := range b.children {
		if !was {
			child.Cancel()
		}
	}
	return !was
}

// keep does what is sent until the group is through.
func (g *TaskGroup) keep(b *books) {
	defer close(g.finished)
	for !b.exiting || len(b.children) > 0 {
		do := <-g.do
		do(b)
	}
}

// ask has the keeper do something and waits for it. It reports false where the group is through.
func (g *TaskGroup) ask(do func(*books)) bool {
	done := make(chan struct{})
	select {
	case g.do <- func(b *books) { do(b); close(done) }:
		<-done
		return true
	case <-g.finished:
		return false
	}
}

// WithTaskGroup calls body, waits until every child has ended, and says how it went.
func WithTaskGroup(t *Task, body func(g *TaskGroup) error) error {
	g := &TaskGroup{parent: t, do: make(chan func(*books)), finished: make(chan struct{})}
	b := &books{children: make(map[*Task]bool)}
	go g.keep(b)
	err := body(g)
	cancelled := errors.Is(err, ErrCancelled)
	through := false
	g.ask(func(b *books) {
		if err != nil {
			b.shutDown()
		}
		b.exiting = true
		through = len(b.children) == 0
	})
	for !through {
		select {
		case <-g.finished:
			through = true
		case <-t.outstanding():
			g.ask(func(b *books) {
				if t.deliver() && b.shutDown() {
					cancelled = true
				}
			})
		}
	}
	<-g.finished
	if b.own {
		t.Uncancel()
	}
	if err != nil && !errors.Is(err, ErrCancelled) {
		b.exception = append(b.exception, err)
	}
	if len(b.exception) > 0 {
		if t.Cancelling() > 0 {
			t.Uncancel()
			t.Cancel()
		}
		return &ExceptionGroup{b.exception}
	}
	if cancelled {
		return ErrCancelled
	}
	return nil
}

// CreateTask starts coro as a child of the group.
func (g *TaskGroup) CreateTask(coro func(t *Task) error) (child *Task, err error) {
	if !g.ask(func(b *books) {
		if b.shut {
			err = ErrShuttingDown
			return
		}
		child = g.start(b, coro)
	}) {
		return nil, ErrFinished
	}
	return child, err
}

func (g *TaskGroup) start(b *books, coro func(t *Task) error) *Task {
	var child *Task
	child = create(coro, func(err error) {
		g.ask(func(b *books) {
			delete(b.children, child)
			if err == nil || errors.Is(err, ErrCancelled) {
				return
			}
			b.exception = append(b.exception, err)
			if b.shutDown() {
				b.own = g.parent.Cancel()
			}
		})
	})
	b.children[child] = true
	return child
}

// ExceptionGroup is Python's: several errors at once. It is given, there is nothing to write here.
type ExceptionGroup struct {
	Exceptions []error
}

func (e *ExceptionGroup) Error() string {
	return fmt.Sprintf("unhandled errors in a TaskGroup (%d of them): %v", len(e.Exceptions), e.Exceptions)
}

// Unwrap lets errors.Is and errors.As look at each of them.
func (e *ExceptionGroup) Unwrap() []error { return e.Exceptions }
