// Package future is a kata: the state machine of Python's concurrent.futures.Future.
//
// A future stands for a result that is not there yet. One side, the executor, runs the task and says how it ended. The
// other side asks, waits, cancels, or leaves a callback. Between them lies a small state machine:
//
//	pending ──SetRunningOrNotifyCancel──▶ running ──SetResult, SetException──▶ finished
//	   ├───────SetResult, SetException───────────────────────────────────────▶ finished
//	   └───────Cancel──▶ cancelled ──SetRunningOrNotifyCancel──▶ cancelled and notified
//
// A future is done when it is finished, cancelled, or cancelled and notified. It becomes done once, and how it ended
// never changes after that.
//
// Rules for the whole type:
//   - Every method may be called by many goroutines at the same time, and from within a callback too.
//   - A method that does not say that it waits does not wait, whatever other callers and callbacks are doing.
//   - A future owns no goroutine. One that is dropped while it is pending leaves nothing behind, and when Result or
//     Exception has come back, nothing of that call still waits or sleeps.
package future

import (
	"errors"
	"time"
)

// The errors are named as in Python. They are returned as they are, or wrapped so that errors.Is finds them.
var (
	// ErrInvalidState: the future is done already (concurrent.futures.InvalidStateError).
	ErrInvalidState = errors.New("invalid state: the future is done already")
	// ErrCancelled: the future was cancelled (concurrent.futures.CancelledError).
	ErrCancelled = errors.New("the future was cancelled")
	// ErrTimeout: the future was not done in time (TimeoutError).
	ErrTimeout = errors.New("timed out: the future is not done")
	// ErrUnexpectedState: the future was neither pending nor freshly cancelled (RuntimeError("Future in unexpected
	// state")).
	ErrUnexpectedState = errors.New("future in unexpected state")
)

// errNotWritten is what the stub returns. It goes when you are done.
var errNotWritten = errors.New("not written yet")

// Forever stands for a timeout that never runs out, Python's timeout=None. It is ten years, so that code which knows
// nothing of it works as well.
const Forever = 10 * 365 * 24 * time.Hour

// Future is the result of a task that may not have ended yet. An exception of the task is an error in Go. Futures are
// made by New and used through their pointer.
type Future[T any] struct {
	// Your fields.
}

// New returns a pending future. A callback that panics is reported to logger, see AddDoneCallback; where logger is nil
// the panic is dropped.
func New[T any](logger func(recovered any)) *Future[T] {
	return &Future[T]{}
}

// SetRunningOrNotifyCancel is what an executor calls before it runs the task. It answers whether the task is to be run.
//
//   - Pending: the future is running now; true.
//   - Cancelled: the future is cancelled and notified now; false. Callbacks and waiters hear nothing, they heard of it
//     when Cancel was called.
//   - In any other state nothing changes; false and ErrUnexpectedState.
func (f *Future[T]) SetRunningOrNotifyCancel() (bool, error) {
	return false, errNotWritten
}

// SetResult ends the task with a value. The future, pending or running before, is finished, whatever the value: a zero
// value and nil are results too. Then, in this order:
//
//  1. everyone who waits in Result or Exception can go on, with the future done for everybody who asks;
//  2. the callbacks are called, see AddDoneCallback;
//  3. SetResult returns nil.
//
// A future that is done already stays exactly as it is, no callback is called, and the error is ErrInvalidState. Of
// many callers at once exactly one ends the future.
func (f *Future[T]) SetResult(value T) error {
	return errNotWritten
}

// SetException ends the task with an error, in everything else as SetResult does. Any error will do, also ErrCancelled
// and ErrTimeout: a task that failed with ErrCancelled is finished, and not cancelled. A nil exception finishes the
// future with the zero value and no exception, as set_exception(None) does in CPython.
func (f *Future[T]) SetException(exception error) error {
	return errNotWritten
}

// Cancel cancels the future if it is pending, and says whether it is cancelled now. It cannot stop a task that runs.
//
//   - Pending: the future is cancelled; waiters and callbacks as for SetResult; then true. Nobody waits for
//     SetRunningOrNotifyCancel.
//   - Cancelled, or cancelled and notified: nothing happens; true.
//   - Running or finished: nothing happens; false.
func (f *Future[T]) Cancel() bool {
	return false
}

// Cancelled reports whether the future is cancelled, or cancelled and notified.
func (f *Future[T]) Cancelled() bool {
	return false
}

// Running reports whether the future is running.
func (f *Future[T]) Running() bool {
	return false
}

// Done reports whether the future is finished, cancelled, or cancelled and notified.
func (f *Future[T]) Done() bool {
	return false
}

// Result waits until the future is done, for timeout at the most, and returns how the task ended: its value, or the
// zero value and the task's exception, the very error that SetException was given. Where the task did not end, the
// value is zero and the error is
//
//   - ErrCancelled if the future is cancelled, or cancelled and notified;
//   - ErrTimeout if the future is not done when the timeout has run out. The future does not change by that.
//
// A timeout of zero or less does not wait: a future that is done answers, another one is ErrTimeout at once. Every
// caller waits for its own timeout, to the nanosecond, and everyone who waits is woken the moment the future is done.
// Result may be called any number of times.
func (f *Future[T]) Result(timeout time.Duration) (T, error) {
	var zero T
	return zero, errNotWritten
}

// Exception waits as Result does and returns the task's exception, the very error that SetException was given; nil
// where the task ended with a value. The second error says why there is nothing to tell: ErrCancelled or ErrTimeout, as
// for Result, and the exception is nil then.
func (f *Future[T]) Exception(timeout time.Duration) (exception, err error) {
	return nil, errNotWritten
}

// AddDoneCallback has fn called once, with this future, when the future is done.
//
//   - Not done yet: fn is called by whichever of SetResult, SetException and Cancel ends the future, one callback after
//     another in the order they were added; that call returns when the last callback has returned.
//   - Done already: fn is called right here, before AddDoneCallback returns, even while other callbacks are still being
//     called elsewhere.
//
// A callback that panics harms nobody: logger gets the value of the panic, before the next callback is called, and
// everything goes on as if the callback had returned. Callbacks and logger may call every method of the future.
func (f *Future[T]) AddDoneCallback(fn func(*Future[T])) {
}
