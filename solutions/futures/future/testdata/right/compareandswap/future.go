// Package future has no lock: a snapshot that never changes is exchanged for the next one by compare-and-swap.
package future

import (
	"errors"
	"sync/atomic"
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
	logger func(any)
	done   chan struct{}
	now    atomic.Pointer[snapshot[T]]
}

type snapshot[T any] struct {
	state     state
	value     T
	exception error
	last      *callback[T]
}

// callback is a list from the newest to the oldest, so that a longer one shares the rest with a shorter.
type callback[T any] struct {
	fn     func(*Future[T])
	before *callback[T]
}

// New returns a pending future.
func New[T any](logger func(any)) *Future[T] {
	f := &Future[T]{logger: logger, done: make(chan struct{})}
	f.now.Store(&snapshot[T]{})
	return f
}

// change exchanges the snapshot for what next makes of it, and tries again where somebody was faster. It returns the
// snapshot before, and whether next had a follower for it.
func (f *Future[T]) change(next func(snapshot[T]) (snapshot[T], bool)) (snapshot[T], bool) {
	for {
		before := f.now.Load()
		after, ok := next(*before)
		if !ok || f.now.CompareAndSwap(before, &after) {
			return *before, ok
		}
	}
}

// SetRunningOrNotifyCancel answers whether the task is to be run.
func (f *Future[T]) SetRunningOrNotifyCancel() (bool, error) {
	before, ok := f.change(func(s snapshot[T]) (snapshot[T], bool) {
		next, ok := map[state]state{pending: running, cancelled: cancelledAndNotified}[s.state]
		s.state = next
		return s, ok
	})
	if !ok {
		return false, ErrUnexpectedState
	}
	return before.state == pending, nil
}

// SetResult ends the task with a value.
func (f *Future[T]) SetResult(value T) error {
	return f.finish(snapshot[T]{state: finished, value: value})
}

// SetException ends the task with an error.
func (f *Future[T]) SetException(exception error) error {
	return f.finish(snapshot[T]{state: finished, exception: exception})
}

func (f *Future[T]) finish(end snapshot[T]) error {
	before, ok := f.change(func(s snapshot[T]) (snapshot[T], bool) { return end, !s.state.done() })
	if !ok {
		return ErrInvalidState
	}
	f.tell(before.last)
	return nil
}

// Cancel cancels the future if it is pending.
func (f *Future[T]) Cancel() bool {
	before, ok := f.change(func(s snapshot[T]) (snapshot[T], bool) {
		return snapshot[T]{state: cancelled}, s.state == pending
	})
	if ok {
		f.tell(before.last)
		return true
	}
	return f.Cancelled()
}

// tell wakes the waiters and calls the callbacks, the oldest first.
func (f *Future[T]) tell(last *callback[T]) {
	close(f.done)
	f.callUpTo(last)
}

func (f *Future[T]) callUpTo(c *callback[T]) {
	if c == nil {
		return
	}
	f.callUpTo(c.before)
	f.call(c.fn)
}

func (f *Future[T]) call(fn func(*Future[T])) {
	defer func() {
		if r := recover(); r != nil && f.logger != nil {
			f.logger(r)
		}
	}()
	fn(f)
}

// Cancelled reports whether the future is cancelled.
func (f *Future[T]) Cancelled() bool {
	s := f.now.Load().state
	return s == cancelled || s == cancelledAndNotified
}

// Running reports whether the future is running.
func (f *Future[T]) Running() bool { return f.now.Load().state == running }

// Done reports whether the future is done.
func (f *Future[T]) Done() bool { return f.now.Load().state.done() }

// Result waits for the end.
func (f *Future[T]) Result(timeout time.Duration) (value T, err error) {
	s, err := f.wait(timeout)
	if err != nil {
		return value, err
	}
	return s.value, s.exception
}

// Exception waits for the end.
func (f *Future[T]) Exception(timeout time.Duration) (exception, err error) {
	s, err := f.wait(timeout)
	if err != nil {
		return nil, err
	}
	return s.exception, nil
}

func (f *Future[T]) wait(timeout time.Duration) (*snapshot[T], error) {
	if !f.Done() {
		timer := time.NewTimer(timeout)
		defer timer.Stop()
		select {
		case <-f.done:
		case <-timer.C:
		}
	}
	switch s := f.now.Load(); {
	case s.state == finished:
		return s, nil
	case s.state.done():
		return nil, ErrCancelled
	default:
		return nil, ErrTimeout
	}
}

// AddDoneCallback has fn called when the future is done.
func (f *Future[T]) AddDoneCallback(fn func(*Future[T])) {
	_, ok := f.change(func(s snapshot[T]) (snapshot[T], bool) {
		s.last = &callback[T]{fn: fn, before: s.last}
		return s, !s.state.done()
	})
	if !ok {
		f.call(fn)
	}
}
