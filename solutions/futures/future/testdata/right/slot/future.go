// Package future keeps everything in one value that lies in a channel of one slot: who takes it out may change it.
package future

import (
	"errors"
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
	slot   chan status[T]
	ended  chan struct{}
}

type status[T any] struct {
	name      string
	value     T
	exception error
	callbacks []func(*Future[T])
}

func (s status[T]) open() bool { return s.name == "pending" || s.name == "running" }

// New returns a pending future.
func New[T any](logger func(any)) *Future[T] {
	f := &Future[T]{logger: logger, slot: make(chan status[T], 1), ended: make(chan struct{})}
	f.slot <- status[T]{name: "pending"}
	return f
}

func (f *Future[T]) look() status[T] {
	s := <-f.slot
	f.slot <- s
	return s
}

// SetRunningOrNotifyCancel answers whether the task is to be run.
func (f *Future[T]) SetRunningOrNotifyCancel() (bool, error) {
	s := <-f.slot
	defer func() { f.slot <- s }()
	switch s.name {
	case "pending":
		s.name = "running"
		return true, nil
	case "cancelled":
		s.name = "cancelled and notified"
		return false, nil
	}
	return false, ErrUnexpectedState
}

// SetResult ends the task with a value.
func (f *Future[T]) SetResult(value T) error {
	return f.finish(status[T]{name: "finished", value: value})
}

// SetException ends the task with an error.
func (f *Future[T]) SetException(exception error) error {
	return f.finish(status[T]{name: "finished", exception: exception})
}

func (f *Future[T]) finish(end status[T]) error {
	s := <-f.slot
	if !s.open() {
		f.slot <- s
		return ErrInvalidState
	}
	f.conclude(end, s.callbacks)
	return nil
}

// Cancel cancels the future if it is pending.
func (f *Future[T]) Cancel() bool {
	s := <-f.slot
	if s.name == "pending" {
		f.conclude(status[T]{name: "cancelled"}, s.callbacks)
		return true
	}
	f.slot <- s
	return s.name == "cancelled" || s.name == "cancelled and notified"
}

func (f *Future[T]) conclude(end status[T], callbacks []func(*Future[T])) {
	close(f.ended)
	f.slot <- end
	for _, fn := range callbacks {
		f.call(fn)
	}
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
func (f *Future[T]) Cancelled() bool { s := f.look(); return !s.open() && s.name != "finished" }

// Running reports whether the future is running.
func (f *Future[T]) Running() bool { return f.look().name == "running" }

// Done reports whether the future is done.
func (f *Future[T]) Done() bool { return !f.look().open() }

// Result waits for the end.
func (f *Future[T]) Result(timeout time.Duration) (T, error) {
	s, err := f.wait(timeout)
	if err != nil {
		return s.value, err
	}
	return s.value, s.exception
}

// Exception waits for the end.
func (f *Future[T]) Exception(timeout time.Duration) (exception, err error) {
	s, err := f.wait(timeout)
	return s.exception, err
}

func (f *Future[T]) wait(timeout time.Duration) (status[T], error) {
	select {
	case <-f.ended:
	case <-time.After(timeout):
	}
	s := f.look() // not which case select took decides, but what is so
	switch {
	case s.open():
		return status[T]{}, ErrTimeout
	case s.name != "finished":
		return status[T]{}, ErrCancelled
	}
	return s, nil
}

// AddDoneCallback has fn called when the future is done.
func (f *Future[T]) AddDoneCallback(fn func(*Future[T])) {
	s := <-f.slot
	if s.open() {
		s.callbacks = append(s.callbacks, fn)
		f.slot <- s
		return
	}
	f.slot <- s
	f.call(fn)
}
