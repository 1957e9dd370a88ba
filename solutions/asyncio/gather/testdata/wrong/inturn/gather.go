//kata:wrong kind=wrong  waits for the tasks in the order of the arguments, and hears of an error only when its turn comes

// Package gather is the ways in which asyncio's tasks wait for each other: await, gather, wait_for, shield.
package gather

import (
	"errors"
	"sync"
	"time"
)

var (
	// ErrCancelled is asyncio.CancelledError. An error for which errors.Is(err, ErrCancelled) holds is one as well.
	ErrCancelled = errors.New("cancelled")
	// ErrTimeout is TimeoutError.
	ErrTimeout = errors.New("timed out")
)

// Task is asyncio.Task, and asyncio.Future where Gather and Shield return one.
type Task struct {
	// request holds a token while a request is outstanding. Whoever waits in the task takes it out and knows what to do.
	request chan struct{}
	// done is closed when the task is, with result and err.
	done   chan struct{}
	result any
	err    error

	// mu makes one of the last look for a request and the end.
	mu sync.Mutex
}

// CreateTask starts coro and returns its task.
func CreateTask(coro func(t *Task) (any, error)) *Task {
	t := &Task{request: make(chan struct{}, 1), done: make(chan struct{})}
	go func() { t.end(coro(t)) }()
	return t
}

func (t *Task) end(result any, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil && t.asked() {
		result, err = nil, ErrCancelled
	}
	t.result, t.err = result, err
	close(t.done)
}

// asked takes the token out and reports whether there was one.
func (t *Task) asked() bool {
	select {
	case <-t.request:
		return true
	default:
		return false
	}
}

// ask puts a token in, unless there is one.
func (t *Task) ask() {
	select {
	case t.request <- struct{}{}:
	default:
	}
}

func (t *Task) isDone() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

// Wait waits until the task is done and returns its result or its error.
func (t *Task) Wait() (any, error) {
	<-t.done
	return t.result, t.err
}

// Cancel asks the task to stop.
func (t *Task) Cancel() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.isDone() {
		return false
	}
	t.ask()
	return true
}

// Sleep returns nil after d, or ErrCancelled.
func (t *Task) Sleep(d time.Duration) error {
	if t.asked() {
		return ErrCancelled
	}
	select {
	case <-t.request:
		return ErrCancelled
	case <-time.After(d):
		return nil
	}
}

// Await waits until other is done and returns its result or its error.
func (t *Task) Await(other *Task) (any, error) { return t.await(other, nil) }

// WaitFor is an Await that cancels other when the timeout has passed.
func (t *Task) WaitFor(other *Task, timeout time.Duration) (any, error) {
	return t.await(other, time.After(timeout))
}

func (t *Task) await(other *Task, timeout <-chan time.Time) (any, error) {
	var late, cancelled bool
	for !other.isDone() {
		select {
		case <-other.done:
		case <-timeout:
			late = other.Cancel()
		case <-t.request:
			if other.Cancel() {
				cancelled = true
			} else {
				t.ask() // too late for this await
			}
		}
	}
	if late && !cancelled && errors.Is(other.err, ErrCancelled) {
		return nil, ErrTimeout
	}
	return other.result, other.err
}

// Gather waits for all, or for the first error.
func Gather(tasks ...*Task) *Task { return gather(tasks, false) }

// GatherReturnExceptions waits for all, and takes errors for results.
func GatherReturnExceptions(tasks ...*Task) *Task { return gather(tasks, true) }

func gather(tasks []*Task, returnExceptions bool) *Task {
	all := make(map[*Task]bool)
	for _, task := range tasks {
		all[task] = true
	}
	done := make(chan *Task, len(all))
	go func() {
		told := make(map[*Task]bool)
		for _, task := range tasks {
			if <-task.done; !told[task] {
				told[task] = true
				done <- task
			}
		}
	}()
	return CreateTask(func(t *Task) (any, error) {
		cancelled := false
		for left := len(all); left > 0; {
			select {
			case task := <-done:
				if task.err != nil && !returnExceptions {
					return nil, task.err
				}
				left--
			case <-t.request:
				cancelled = true
				for task := range all {
					task.Cancel()
				}
			}
		}
		if cancelled {
			return nil, ErrCancelled
		}
		results := make([]any, len(tasks))
		for i, task := range tasks {
			results[i] = task.result
			if task.err != nil {
				results[i] = task.err
			}
		}
		return results, nil
	})
}

// Shield waits for inner and passes no request on.
func Shield(inner *Task) *Task {
	return CreateTask(func(t *Task) (any, error) {
		select {
		case <-inner.done:
			return inner.result, inner.err
		case <-t.request:
			return nil, ErrCancelled
		}
	})
}
