//kata:wrong kind=wrong  a cancelled task stays cancelled: every await after it fails as well

// Package taskgroup is asyncio.TaskGroup, and the cancellation that it rests on, as in Python 3.13.
package taskgroup

import (
	"errors"
	"fmt"
	"sync"
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
	// request holds a token while a request is outstanding. To receive it is to be interrupted.
	request chan struct{}
	// ended is closed when the task has ended, with err.
	ended chan struct{}
	err   error

	// mu makes one of the count, the token and the end.
	mu         sync.Mutex
	cancelling int
}

// CreateTask starts coro and returns its task.
func CreateTask(coro func(t *Task) error) *Task {
	t := newTask()
	go t.run(coro)
	return t
}

func newTask() *Task {
	return &Task{request: make(chan struct{}, 1), ended: make(chan struct{})}
}

func (t *Task) run(coro func(t *Task) error) {
	err := coro(t)
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil && t.drop() {
		err = ErrCancelled
	}
	t.err = err
	close(t.ended)
}

// drop takes the token away and reports whether there was one.
func (t *Task) drop() bool {
	select {
	case <-t.request:
		return true
	default:
		return false
	}
}

// Wait waits until the task has ended and returns how.
func (t *Task) Wait() error {
	<-t.ended
	return t.err
}

// Cancel asks the task to stop.
func (t *Task) Cancel() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-t.ended:
		return false
	default:
	}
	t.cancelling++
	t.interrupt()
	return true
}

// interrupt makes a request outstanding.
func (t *Task) interrupt() {
	select {
	case t.request <- struct{}{}:
	default: // one is outstanding already
	}
}

// Cancelling returns how many requests there were that no Uncancel has taken back.
func (t *Task) Cancelling() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.cancelling
}

// Uncancel takes one request back and returns how many are left.
func (t *Task) Uncancel() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cancelling = max(0, t.cancelling-1)
	if t.cancelling == 0 {
		t.drop()
	}
	return t.cancelling
}

// Sleep returns nil after d, or ErrCancelled as soon as there is a request to deliver.
func (t *Task) Sleep(d time.Duration) error {
	select {
	case <-t.request:
		t.interrupt()
		return ErrCancelled
	default:
	}
	select {
	case <-t.request:
		t.interrupt()
		return ErrCancelled
	case <-time.After(d):
		return nil
	}
}

// TaskGroup is asyncio.TaskGroup.
type TaskGroup struct {
	parent *Task
	// finished is closed when the body has returned and no child is left.
	finished chan struct{}

	mu       sync.Mutex
	children map[*Task]bool
	// exiting: the body has returned. aborting: the group shuts down.
	exiting, aborting bool
	// own: the group has cancelled its parent.
	own    bool
	errors []error
}

// WithTaskGroup calls body, waits until every child has ended, and says how it went.
func WithTaskGroup(t *Task, body func(g *TaskGroup) error) error {
	g := &TaskGroup{parent: t, finished: make(chan struct{}), children: make(map[*Task]bool)}
	err := body(g)
	interrupted := g.exit(err)
	if g.own {
		t.Uncancel()
	}
	if err != nil && !errors.Is(err, ErrCancelled) {
		g.errors = append(g.errors, err)
	}
	switch {
	case len(g.errors) > 0:
		if t.Cancelling() > 0 {
			t.interrupt()
		}
		return &ExceptionGroup{g.errors}
	case interrupted:
		return ErrCancelled
	}
	return err
}

// exit waits until every child has ended, and reports whether that was interrupted by a request which shut the group down.
func (g *TaskGroup) exit(err error) (interrupted bool) {
	g.mu.Lock()
	if err != nil {
		g.abort()
	}
	g.exiting = true
	g.finish()
	g.mu.Unlock()
	for !g.isFinished() {
		select {
		case <-g.finished:
		case <-g.parent.request:
			g.mu.Lock()
			interrupted = g.abort() || interrupted
			g.mu.Unlock()
		}
	}
	return interrupted
}

func (g *TaskGroup) isFinished() bool {
	select {
	case <-g.finished:
		return true
	default:
		return false
	}
}

// finish closes finished if it is time. It is called with the lock held.
func (g *TaskGroup) finish() {
	if g.exiting && len(g.children) == 0 {
		close(g.finished)
	}
}

// abort shuts the group down, and reports whether it was not before. It is called with the lock held.
func (g *TaskGroup) abort() bool {
	if g.aborting {
		return false
	}
	g.aborting = true
	for child := range g.children {
		child.Cancel()
	}
	return true
}

// CreateTask starts coro as a child of the group.
func (g *TaskGroup) CreateTask(coro func(t *Task) error) (*Task, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.exiting && len(g.children) == 0:
		return nil, ErrFinished
	case g.aborting:
		return nil, ErrShuttingDown
	}
	child := newTask()
	g.children[child] = true
	go func() {
		child.run(coro)
		g.childEnded(child)
	}()
	return child, nil
}

// childEnded is what the group does when a child has ended. All of it happens before the parent can go on.
func (g *TaskGroup) childEnded(child *Task) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.children, child)
	if err := child.Wait(); err != nil && !errors.Is(err, ErrCancelled) {
		g.errors = append(g.errors, err)
		if g.abort() {
			g.own = true
			g.parent.Cancel()
		}
	}
	g.finish()
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
