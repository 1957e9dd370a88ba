// Package future is the state machine of Python's concurrent.futures.Future (CPython, Lib/concurrent/futures/_base.py).
package future

import (
	"errors"
	"sync"
	"time"
)

// The errors are named as in Python.
var (
	// ErrInvalidState: the future is done already (concurrent.futures.InvalidStateError).
	ErrInvalidState = errors.New("invalid state: the future is done already")
	// ErrCancelled: the future was cancelled (concurrent.futures.CancelledError).
	ErrCancelled = errors.New("the future was cancelled")
	// ErrTimeout: the future was not done in time (TimeoutError).
	ErrTimeout = errors.New("timed out: the future is not done")
	// ErrUnexpectedState: the future was neither pending nor freshly cancelled (RuntimeError).
	ErrUnexpectedState = errors.New("future in unexpected state")
)

// Forever stands for a timeout that never runs out, Python's timeout=None.
const Forever = 10 * 365 * 24 * time.Hour

type state int

const (
	pending state = iota
	running
	cancelled
	cancelledAndNotified
	finished
)

// Future is the result of a task that may not have ended yet.
type Future[T any] struct {
	logger func(recovered any)
	// done is closed when the future is done. That wakes every waiter, however many there are.
	done chan struct{}

	// mu guards the fields below. It is held for a few instructions and never while foreign code runs.
	mu        sync.Mutex
	state     state
	callbacks []func(*Future[T])
	// value and exception do not change once done is closed; who has seen it closed reads them without mu. The state
	// still does, from cancelled to cancelled and notified.
	value     T
	exception error
}

// New returns a pending future. A callback that panics is reported to logger, which may be nil.
func New[T any](logger func(recovered any)) *Future[T] {
	return &Future[T]{logger: logger, done: make(chan struct{})}
}

// SetRunningOrNotifyCancel is what an executor calls before it runs the task. It answers whether the task is to be run.
func (f *Future[T]) SetRunningOrNotifyCancel() (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch f.state {
	case pending:
		f.state = running
		return true, nil
	case cancelled:
		f.state = cancelledAndNotified
		return false, nil
	default:
		return false, ErrUnexpectedState
	}
}

// SetResult ends the task with a value.
func (f *Future[T]) SetResult(value T) error {
	return f.finish(value, nil)
}

// SetException ends the task with an error.
func (f *Future[T]) SetException(exception error) error {
	var none T
	return f.finish(none, exception)
}

func (f *Future[T]) finish(value T, exception error) error {
	f.mu.Lock()
	if f.state != pending && f.state != running {
		f.mu.Unlock()
		return ErrInvalidState
	}
	f.value, f.exception = value, exception
	f.end(finished)
	return nil
}

// Cancel cancels the future if it is pending, and says whether it is cancelled now.
func (f *Future[T]) Cancel() bool {
	f.mu.Lock()
	if f.state != pending {
		defer f.mu.Unlock()
		return f.state == cancelled || f.state == cancelledAndNotified
	}
	f.end(cancelled)
	return true
}

// end makes the future done, wakes the waiters and calls the callbacks. It is called with mu held and lets go of it: a
// callback may call any method. After this nobody adds to the callbacks any more.
func (f *Future[T]) end(s state) {
	f.state = s
	close(f.done)
	f.mu.Unlock()
	for _, fn := range f.callbacks {
		f.call(fn)
	}
}

// call calls one callback and keeps its panic from everyone else.
func (f *Future[T]) call(fn func(*Future[T])) {
	defer func() {
		if recovered := recover(); recovered != nil && f.logger != nil {
			f.logger(recovered)
		}
	}()
	fn(f)
}

// Cancelled reports whether the future is cancelled, or cancelled and notified.
func (f *Future[T]) Cancelled() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state == cancelled || f.state == cancelledAndNotified
}

// Running reports whether the future is running.
func (f *Future[T]) Running() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state == running
}

// Done reports whether the future is finished, cancelled, or cancelled and notified.
func (f *Future[T]) Done() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// Result waits until the future is done, for timeout at the most, and returns how the task ended.
func (f *Future[T]) Result(timeout time.Duration) (T, error) {
	var none T
	if err := f.wait(timeout); err != nil {
		return none, err
	}
	return f.value, f.exception
}

// Exception waits as Result does and returns the task's exception.
func (f *Future[T]) Exception(timeout time.Duration) (exception, err error) {
	if err := f.wait(timeout); err != nil {
		return nil, err
	}
	return f.exception, nil
}

// wait returns nil once the task has ended, and otherwise why it has not. The clock is asked only where the future is
// not done: of two channels that are ready select takes any.
func (f *Future[T]) wait(timeout time.Duration) error {
	if !f.Done() {
		timer := time.NewTimer(timeout)
		defer timer.Stop()
		select {
		case <-f.done:
		case <-timer.C:
			return ErrTimeout
		}
	}
	if f.Cancelled() {
		return ErrCancelled
	}
	return nil
}

// AddDoneCallback has fn called once, with this future, when the future is done; at once if it is.
func (f *Future[T]) AddDoneCallback(fn func(*Future[T])) {
	f.mu.Lock()
	if !f.Done() {
		f.callbacks = append(f.callbacks, fn)
		f.mu.Unlock()
		return
	}
	f.mu.Unlock()
	f.call(fn)
}
