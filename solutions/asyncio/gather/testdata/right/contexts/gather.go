// Package gather makes each request a context: it is cancelled while a request is outstanding, and replaced by a new one
// when it was taken. Who waits for several has a goroutine wait for each.
package gather

import (
	"context"
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
	over chan struct{}

	mu       sync.Mutex
	request  context.Context
	ask      context.CancelFunc
	finished bool
	result   any
	err      error
}

// CreateTask starts coro and returns its task.
func CreateTask(coro func(t *Task) (any, error)) *Task {
	t := &Task{over: make(chan struct{})}
	t.request, t.ask = context.WithCancel(context.Background())
	go func() {
		result, err := coro(t)
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.request.Err() != nil && err == nil {
			result, err = nil, ErrCancelled
		}
		t.ask()
		t.finished, t.result, t.err = true, result, err
		close(t.over)
	}()
	return t
}

// Wait waits until the task is done and returns its result or its error.
func (t *Task) Wait() (any, error) {
	<-t.over
	return t.result, t.err
}

// Cancel asks the task to stop.
func (t *Task) Cancel() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.finished {
		return false
	}
	t.ask()
	return true
}

// requested is closed while a request is outstanding.
func (t *Task) requested() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.request.Done()
}

// take uses a request up.
func (t *Task) take() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.request, t.ask = context.WithCancel(context.Background())
}

// Sleep returns nil after d, or ErrCancelled.
func (t *Task) Sleep(d time.Duration) error {
	requested := t.requested()
	timer := time.NewTimer(max(0, d))
	defer timer.Stop()
	select {
	case <-requested:
	default:
		select {
		case <-requested:
		case <-timer.C:
			return nil
		}
	}
	t.take()
	return ErrCancelled
}

// Await waits until other is done and returns its result or its error.
func (t *Task) Await(other *Task) (any, error) {
	result, err, _ := t.await(other)
	return result, err
}

func (t *Task) await(other *Task) (any, error, bool) {
	passedOn := false
	for {
		select {
		case <-other.over:
			return other.result, other.err, passedOn
		default:
		}
		select {
		case <-other.over:
		case <-t.requested():
			if other.Cancel() {
				t.take()
				passedOn = true
			}
		}
	}
}

// WaitFor is an Await that cancels other when the timeout has passed.
func (t *Task) WaitFor(other *Task, timeout time.Duration) (any, error) {
	ended := make(chan struct{})
	late := make(chan bool, 1)
	go func() {
		if timeout > 0 {
			timer := time.NewTimer(timeout)
			defer timer.Stop()
			select {
			case <-ended:
				late <- false
				return
			case <-timer.C:
			}
		}
		late <- other.Cancel()
	}()
	result, err, passedOn := t.await(other)
	close(ended)
	if <-late && !passedOn && errors.Is(err, ErrCancelled) {
		return nil, ErrTimeout
	}
	return result, err
}

// Gather waits for all, or for the first error.
func Gather(tasks ...*Task) *Task {
	first := make(chan error, 1)
	return gather(tasks, first, func(task *Task) any {
		if task.err != nil {
			select {
			case first <- task.err:
			default:
			}
		}
		return task.result
	})
}

// GatherReturnExceptions waits for all, and takes errors for results.
func GatherReturnExceptions(tasks ...*Task) *Task {
	return gather(tasks, nil, func(task *Task) any {
		if task.err != nil {
			return task.err
		}
		return task.result
	})
}

func gather(tasks []*Task, first chan error, result func(*Task) any) *Task {
	results := make([]any, len(tasks))
	var all sync.WaitGroup
	for i, task := range tasks {
		all.Go(func() {
			task.Wait()
			results[i] = result(task)
		})
	}
	done := make(chan struct{})
	go func() {
		all.Wait()
		close(done)
	}()
	return CreateTask(func(t *Task) (any, error) {
		for cancelled := false; ; {
			select {
			case err := <-first:
				return nil, err
			case <-t.requested():
				t.take()
				cancelled = true
				asked := make(map[*Task]bool)
				for _, task := range tasks {
					if !asked[task] {
						asked[task] = true
						task.Cancel()
					}
				}
			case <-done:
				select {
				case err := <-first:
					return nil, err
				default:
				}
				if cancelled {
					return nil, ErrCancelled
				}
				return results, nil
			}
		}
	})
}

// Shield waits for inner and passes no request on.
func Shield(inner *Task) *Task {
	return CreateTask(func(t *Task) (any, error) {
		select {
		case <-inner.over:
			return inner.result, inner.err
		case <-t.requested():
			return nil, ErrCancelled
		}
	})
}
