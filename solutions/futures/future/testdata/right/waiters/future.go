// Package future gives each waiter a channel of its own, on which a helper goroutine may also send that the time is up.
package future

import (
	"context"
	"errors"
	"slices"
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

// Future is the result of a task that may not have ended yet.
type Future[T any] struct {
	logger func(any)
	sync.RWMutex
	running, done, cancelled, notified bool
	value                              T
	exception                          error
	waiters                            []chan bool
	callbacks                          []func(*Future[T])
}

// New returns a pending future.
func New[T any](logger func(any)) *Future[T] {
	if logger == nil {
		logger = func(any) {}
	}
	return &Future[T]{logger: logger}
}

// SetRunningOrNotifyCancel answers whether the task is to be run.
func (f *Future[T]) SetRunningOrNotifyCancel() (bool, error) {
	f.Lock()
	defer f.Unlock()
	switch {
	case f.cancelled && !f.notified:
		f.notified = true
		return false, nil
	case f.running || f.done:
		return false, ErrUnexpectedState
	}
	f.running = true
	return true, nil
}

// SetResult ends the task with a value.
func (f *Future[T]) SetResult(value T) error {
	return f.finish(func() { f.value = value })
}

// SetException ends the task with an error.
func (f *Future[T]) SetException(exception error) error {
	return f.finish(func() { f.exception = exception })
}

func (f *Future[T]) finish(set func()) error {
	f.Lock()
	if f.done {
		f.Unlock()
		return ErrInvalidState
	}
	set()
	f.end()
	return nil
}

// Cancel cancels the future if it is pending.
func (f *Future[T]) Cancel() bool {
	f.Lock()
	if f.running || f.done {
		defer f.Unlock()
		return f.cancelled
	}
	f.cancelled = true
	f.end()
	return true
}

// end is called with the lock held and lets go of it.
func (f *Future[T]) end() {
	f.running, f.done = false, true
	for _, w := range f.waiters {
		w <- true
	}
	f.waiters = nil
	callbacks := slices.Clone(f.callbacks)
	f.Unlock()
	for len(callbacks) > 0 {
		f.call(callbacks[0])
		callbacks = callbacks[1:]
	}
}

func (f *Future[T]) call(fn func(*Future[T])) {
	defer func() {
		if r := recover(); r != nil {
			f.logger(r)
		}
	}()
	fn(f)
}

// Cancelled reports whether the future is cancelled.
func (f *Future[T]) Cancelled() bool { f.RLock(); defer f.RUnlock(); return f.cancelled }

// Running reports whether the future is running.
func (f *Future[T]) Running() bool { f.RLock(); defer f.RUnlock(); return f.running }

// Done reports whether the future is done.
func (f *Future[T]) Done() bool { f.RLock(); defer f.RUnlock(); return f.done }

// Result waits for the end.
func (f *Future[T]) Result(timeout time.Duration) (T, error) {
	var value T
	exception, err := f.Exception(timeout)
	if err == nil {
		f.RLock()
		defer f.RUnlock()
		value, err = f.value, exception
	}
	return value, err
}

// Exception waits for the end.
func (f *Future[T]) Exception(timeout time.Duration) (exception, err error) {
	if !f.wait(timeout) {
		return nil, ErrTimeout
	}
	f.RLock()
	defer f.RUnlock()
	if f.cancelled {
		return nil, ErrCancelled
	}
	return f.exception, nil
}

// wait reports whether the future was done in time.
func (f *Future[T]) wait(timeout time.Duration) bool {
	f.Lock()
	if f.done || timeout <= 0 {
		defer f.Unlock()
		return f.done
	}
	w := make(chan bool, 2) // room for both: nobody who sends ever waits
	f.waiters = append(f.waiters, w)
	f.Unlock()

	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel() // ends the helper
	go func() {
		<-ctx.Done()
		f.Lock()
		defer f.Unlock()
		if i := slices.Index(f.waiters, w); i >= 0 {
			f.waiters = slices.Delete(f.waiters, i, i+1)
			w <- false
		}
	}()
	return <-w
}

// AddDoneCallback has fn called when the future is done.
func (f *Future[T]) AddDoneCallback(fn func(*Future[T])) {
	f.Lock()
	if f.done {
		f.Unlock()
		f.call(fn)
		return
	}
	defer f.Unlock()
	f.callbacks = append(f.callbacks, fn)
}
