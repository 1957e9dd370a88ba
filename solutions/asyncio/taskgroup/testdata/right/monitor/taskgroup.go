// Package taskgroup is asyncio.TaskGroup as a monitor: flags under a lock, and one channel that is closed whenever
// something changes. Everybody who waits looks again then.
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
	mu          sync.Mutex
	changed     chan struct{}
	requests    int
	outstanding bool
	done        bool
	err         error
}

// notify wakes all who wait for the task. It is called with the lock held.
func (t *Task) notify() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// wait waits until holds, which is asked with the lock held, or for at most d; zero is no limit.
func (t *Task) wait(d time.Duration, holds func() bool) bool {
	var over <-chan time.Time
	if d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		over = timer.C
	}
	for {
		t.mu.Lock()
		ok, changed := holds(), t.changed
		t.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-over:
			return false
		}
	}
}

// CreateTask starts coro and returns its task.
func CreateTask(coro func(t *Task) error) *Task { return create(coro, nil) }

func create(coro func(t *Task) error, group *TaskGroup) *Task {
	t := &Task{changed: make(chan struct{})}
	go func() {
		var err error
		if !t.asked() {
			err = coro(t)
		}
		t.mu.Lock()
		if t.outstanding && err == nil {
			err = ErrCancelled
		}
		t.done, t.err = true, err
		t.notify()
		t.mu.Unlock()
		if group != nil {
			group.ended(t, err)
		}
	}()
	return t
}

func (t *Task) asked() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.outstanding
}

// Wait waits until the task has ended and returns how.
func (t *Task) Wait() error {
	t.wait(0, func() bool { return t.done })
	return t.err
}

// Cancel asks the task to stop.
func (t *Task) Cancel() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done {
		return false
	}
	t.requests++
	t.outstanding = true
	t.notify()
	return true
}

// Cancelling returns how many requests there were that no Uncancel has taken back.
func (t *Task) Cancelling() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.requests
}

// Uncancel takes one request back and returns how many are left.
func (t *Task) Uncancel() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.requests > 0 {
		t.requests--
	}
	t.outstanding = t.outstanding && t.requests > 0
	return t.requests
}

// deliver takes the outstanding request. It is called with the lock held.
func (t *Task) deliver() bool {
	was := t.outstanding
	t.outstanding = false
	return was
}

// Sleep returns nil after d, or ErrCancelled as soon as there is a request to deliver.
func (t *Task) Sleep(d time.Duration) error {
	interrupted := false
	t.wait(d, func() bool {
		interrupted = t.deliver()
		return interrupted || d <= 0
	})
	if interrupted {
		return ErrCancelled
	}
	return nil
}

// TaskGroup is asyncio.TaskGroup. Its state is guarded by its own lock; its parent is told of every change.
type TaskGroup struct {
	parent *Task

	mu       sync.Mutex
	children []*Task
	left     int
	errs     []error
	shut     bool
	mine     int
}

// WithTaskGroup calls body, waits until every child has ended, and says how it went.
func WithTaskGroup(t *Task, body func(g *TaskGroup) error) error {
	g := &TaskGroup{parent: t, left: 1} // one for the body
	failure := body(g)
	g.mu.Lock()
	g.left--
	if failure != nil {
		g.shutDown()
	}
	g.mu.Unlock()
	cancelled := errors.Is(failure, ErrCancelled)
	for {
		interrupted := false
		t.wait(0, func() bool {
			if g.idle() {
				return true
			}
			interrupted = t.deliver()
			return interrupted
		})
		if !interrupted {
			break
		}
		g.mu.Lock()
		cancelled = g.shutDown() || cancelled
		g.mu.Unlock()
	}
	for range g.mine {
		t.Uncancel()
	}
	if failure != nil && !errors.Is(failure, ErrCancelled) {
		g.errs = append(g.errs, failure)
	}
	if len(g.errs) > 0 {
		t.mu.Lock()
		t.outstanding = t.requests > 0
		t.mu.Unlock()
		return &ExceptionGroup{Exceptions: g.errs}
	}
	if cancelled {
		return ErrCancelled
	}
	return nil
}

func (g *TaskGroup) idle() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.left == 0
}

// shutDown is called with the lock held.
func (g *TaskGroup) shutDown() bool {
	if g.shut {
		return false
	}
	g.shut = true
	for _, child := range g.children {
		child.Cancel()
	}
	return true
}

func (g *TaskGroup) ended(child *Task, err error) {
	g.mu.Lock()
	failed := err != nil && !errors.Is(err, ErrCancelled)
	first := false
	if failed {
		g.errs = append(g.errs, err)
		first = g.shutDown()
	}
	if first {
		g.mine++
	}
	g.mu.Unlock()
	if first {
		g.parent.Cancel() // before the child counts as gone
	}
	g.mu.Lock()
	g.left--
	g.mu.Unlock()
	g.parent.mu.Lock()
	g.parent.notify()
	g.parent.mu.Unlock()
}

// CreateTask starts coro as a child of the group.
func (g *TaskGroup) CreateTask(coro func(t *Task) error) (*Task, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.left == 0 {
		return nil, ErrFinished
	}
	if g.shut {
		return nil, ErrShuttingDown
	}
	child := create(coro, g)
	g.children = append(g.children, child)
	g.left++
	return child, nil
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
