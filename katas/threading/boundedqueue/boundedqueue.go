// Package boundedqueue is queue.Queue of Python 3.13: threads hand items to each other, wait while it is full or empty,
// and learn when all work is done.
package boundedqueue

import (
	"errors"
	"time"
)

var (
	// ErrFull is queue.Full.
	ErrFull = errors.New("queue is full")
	// ErrEmpty is queue.Empty.
	ErrEmpty = errors.New("queue is empty")
	// ErrShutDown is queue.ShutDown.
	ErrShutDown = errors.New("queue is shut down")
	// ErrTimeout is ValueError("'timeout' must be a non-negative number").
	ErrTimeout = errors.New("timeout must be a non-negative number")
	// ErrTooManyDone is ValueError('task_done() called too many times').
	ErrTooManyDone = errors.New("task done called too many times")

	errNotWritten = errors.New("not written yet")
)

// Queue is first in, first out. All methods may be called by many goroutines at the same time. A queue owns no goroutine,
// and a call that has returned leaves nothing behind. Who waits sleeps: it does not ask again and again.
type Queue[T any] struct {
	// Your fields.
}

// New returns an empty queue with room for maxsize items; zero or less is room for any number.
func New[T any](maxsize int) *Queue[T] {
	return &Queue[T]{}
}

// Put adds an item, and waits while there is no room. The error is ErrShutDown where the queue is shut down, or is while
// it waits; the item is not added then.
func (q *Queue[T]) Put(item T) error {
	return errNotWritten
}

// PutNowait is Put without waiting: the error is ErrFull where there is no room.
func (q *Queue[T]) PutNowait(item T) error {
	return errNotWritten
}

// PutTimeout is Put that waits no longer than timeout, counted from the call, and then returns ErrFull without having
// added the item. A timeout of zero does not wait. The error is ErrTimeout for a negative timeout, room or no room; a
// queue without a bound never looks at the timeout. ErrShutDown comes before ErrTimeout.
func (q *Queue[T]) PutTimeout(item T, timeout time.Duration) error {
	return errNotWritten
}

// Get takes the oldest item, and waits while there is none. The error is ErrShutDown where the queue is shut down and
// empty, or is while it waits: what is still there can be got.
func (q *Queue[T]) Get() (T, error) {
	var none T
	return none, errNotWritten
}

// GetNowait is Get without waiting: the error is ErrEmpty where there is no item.
func (q *Queue[T]) GetNowait() (T, error) {
	var none T
	return none, errNotWritten
}

// GetTimeout is Get that waits no longer than timeout, counted from the call, and then returns ErrEmpty. A timeout of zero
// does not wait. The error is ErrTimeout for a negative timeout, item or no item. ErrShutDown comes before ErrTimeout.
func (q *Queue[T]) GetTimeout(timeout time.Duration) (T, error) {
	var none T
	return none, errNotWritten
}

// TaskDone says that one item which was got has been worked on. The error is ErrTooManyDone where there have been as many
// calls as items put.
func (q *Queue[T]) TaskDone() error {
	return errNotWritten
}

// Join waits until TaskDone was called for every item that was put. Items that are put while it waits count as well. It
// may be called by several goroutines, and again later.
func (q *Queue[T]) Join() {
}

// Shutdown makes every Put from now on, and every one that waits, return ErrShutDown, and every Get once the queue is
// empty. With immediate the items that are there are dropped and count as done; what was got before still wants its
// TaskDone. Shutting down twice is no error, and may turn a gentle one into an immediate one.
func (q *Queue[T]) Shutdown(immediate bool) {
}

// Qsize returns how many items are there.
func (q *Queue[T]) Qsize() int {
	return 0
}
