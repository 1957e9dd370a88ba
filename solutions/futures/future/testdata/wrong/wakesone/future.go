//kata:wrong kind=deadlock  wakes one waiter with Signal and lets the others sleep

// Package future waits on a condition variable, as CPython does; a timer wakes who has waited long enough.
package future

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// The errors are named as in Python.
var (
	ErrInvalidState    = errors.New("invalid state: the future is done already")
	ErrCancelled       = errors.New("the future was cancelled")
	ErrTimeout         = errors.New("timed out: the future is not done")
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

func (s state) done() bool { return s >= cancelled }

// Future is the result of a task that may not have ended yet.
type Future[T any] struct {
	logger    func(any)
	mu        sync.Mutex
	changed   *sync.Cond
	state     state
	value     T
	exception error
	callbacks []func(*Future[T])
}

// New returns a pending future.
func New[T any](logger func(any)) *Future[T] {
	f := &Future[T]{logger: logger}
	f.changed = sync.NewCond(&f.mu)
	return f
}

// SetRunningOrNotifyCancel answers whether the task is to be run.
func (f *Future[T]) SetRunningOrNotifyCancel() (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state == pending {
		f.state = running
		return true, nil
	}
	if f.state == cancelled {
		f.state = cancelledAndNotified
		return false, nil
	}
	return false, fmt.Errorf("state %d: %w", f.state, ErrUnexpectedState)
}

// SetResult ends the task with a value.
func (f *Future[T]) SetResult(value T) error {
	if f.end(func() bool {
		if f.state.done() {
			return false
		}
		f.state, f.value = finished, value
		return true
	}) {
		return nil
	}
	return ErrInvalidState
}

// SetException ends the task with an error.
func (f *Future[T]) SetException(exception error) error {
	if f.end(func() bool {
		if f.state.done() {
			return false
		}
		f.state, f.exception = finished, exception
		return true
	}) {
		return nil
	}
	return ErrInvalidState
}

// Cancel cancels the future if it is pending.
func (f *Future[T]) Cancel() bool {
	f.end(func() bool {
		if f.state != pending {
			return false
		}
		f.state = cancelled
		return true
	})
	return f.Cancelled()
}

// end makes a move under the lock, and where that ended the future it wakes and calls whoever is to know.
func (f *Future[T]) end(move func() bool) bool {
	f.mu.Lock()
	moved := move()
	f.mu.Unlock()
	if !moved {
		return false
	}
	f.changed.Signal()
	for _, fn := range f.callbacks { // nobody appends once the future is done
		f.call(fn)
	}
	return true
}

func (f *Future[T]) call(fn func(*Future[T])) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if recovered := recover(); f.logger != nil {
			f.logger(recovered)
		}
	}()
	fn(f)
	returned = true
}

func (f *Future[T]) is(in func(state) bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return in(f.state)
}

// Cancelled reports whether the future is cancelled.
func (f *Future[T]) Cancelled() bool {
	return f.is(func(s state) bool { return s == cancelled || s == cancelledAndNotified })
}

// Running reports whether the future is running.
func (f *Future[T]) Running() bool { return f.is(func(s state) bool { return s == running }) }

// Done reports whether the future is done.
func (f *Future[T]) Done() bool { return f.is(state.done) }

// Result waits for the end.
func (f *Future[T]) Result(timeout time.Duration) (value T, err error) {
	exception, err := f.Exception(timeout)
	if err != nil {
		return value, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.value, exception
}

// Exception waits for the end.
func (f *Future[T]) Exception(timeout time.Duration) (exception, err error) {
	deadline := time.Now().Add(timeout)
	if timeout != Forever {
		timer := time.AfterFunc(timeout, func() {
			f.mu.Lock() // or the broadcast might come between a look at the clock and the wait
			defer f.mu.Unlock()
			f.changed.Broadcast()
		})
		defer timer.Stop()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for !f.state.done() {
		if !time.Now().Before(deadline) {
			return nil, ErrTimeout
		}
		f.changed.Wait()
	}
	if f.state != finished {
		return nil, ErrCancelled
	}
	return f.exception, nil
}

// AddDoneCallback has fn called when the future is done.
func (f *Future[T]) AddDoneCallback(fn func(*Future[T])) {
	f.mu.Lock()
	done := f.state.done()
	if !done {
		f.callbacks = append(f.callbacks, fn)
	}
	f.mu.Unlock()
	if done {
		f.call(fn)
	}
}
