// Package executor is an exercise: concurrent.futures.ThreadPoolExecutor, a pool of workers that run tasks and end their
// futures, and the two ways to wait for many futures, wait and as_completed.
//
// A worker is a goroutine that runs one task after another. There are never more than maxWorkers. So a task that waits
// keeps a worker occupied. Where every worker runs a task that waits for another task of the same pool, nobody is left
// to run that one: a deadlock. An executor does nothing against it.
//
// Everything may be called by many goroutines at the same time. Tasks and done callbacks may call it too, and may take
// their time: nobody else is held up meanwhile. Who waits sleeps: it does not ask again and again. No call leaves a
// goroutine behind when it has returned, save for the workers, which stay until the executor is shut down.
package executor

import (
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"
)

var (
	// ErrShutdown is RuntimeError("cannot schedule new futures after shutdown").
	ErrShutdown = errors.New("cannot schedule new futures after shutdown")
	// ErrCancelled is CancelledError.
	ErrCancelled = errors.New("the future was cancelled")
	// ErrTimeout is TimeoutError.
	ErrTimeout = errors.New("not done in time")

	errNotWritten = errors.New("not written yet")
)

// Forever is a timeout that never runs out, Python's None.
const Forever = 10 * 365 * 24 * time.Hour

// PanicError is the exception of a task that panicked with Value.
type PanicError struct{ Value any }

// Error says what the task panicked with.
func (e PanicError) Error() string { return fmt.Sprintf("the task panicked: %v", e.Value) }

// ReturnWhen says what Wait waits for.
type ReturnWhen int

const (
	// AllCompleted is when all futures are done.
	AllCompleted ReturnWhen = iota
	// FirstCompleted is when any future is done.
	FirstCompleted
	// FirstException is when any future has ended with an exception, or all are done. A cancelled future has none; one whose
	// task returned ErrCancelled has.
	FirstException
)

// Executor is a pool of workers.
type Executor struct {
	// Your fields.
}

// New returns an executor with at most maxWorkers workers, one or more. None is started yet.
func New(maxWorkers int) *Executor {
	return &Executor{}
}

// Submit queues a task and returns its future, without waiting, however many tasks are queued. Tasks are begun in the
// order in which they are submitted.
//
// A worker that is idle takes the task. One is started for it only if none is idle and there are fewer than maxWorkers.
// Idle is who waits for a task and has none to come: of two tasks that are submitted while one worker is idle, it
// takes the first, and another one is started for the second. A worker is not idle before the done callbacks of its task
// have returned.
//
// What the task returns becomes the result of the future, or its exception if the error is not nil. If it panics the
// exception is a PanicError, and the worker goes on. A task whose future was cancelled before it began is not run.
//
// The error is ErrShutdown once the executor is shut down.
func (e *Executor) Submit(task func() (any, error)) (*Future, error) {
	return nil, errNotWritten
}

// Map submits fn for each of the args, all of them before it returns, and returns what is to be ranged over, once, for the
// results. They come in the order of args, each as soon as it and those before it are there. An exception comes in its
// place, with a nil result, and is the last: the range ends. However the range ends, by break, by an exception or a panic
// in the loop, the calls that have not begun by then are cancelled, and nobody waits for those that run. Whoever does not
// range cancels nothing.
//
// The error is ErrShutdown once the executor is shut down.
func (e *Executor) Map(fn func(arg any) (any, error), args ...any) (iter.Seq2[any, error], error) {
	return nil, errNotWritten
}

// Shutdown makes every Submit and Map from now on return ErrShutdown. Tasks that are queued are still run, unless
// cancelFutures: then those that have not begun are cancelled before Shutdown returns. Workers end when nothing is queued
// any more. With wait it returns when all of them have ended, otherwise at once. Another Shutdown, at the same time or
// later, does the same again: it may wait where the first did not, or cancel what the first left. A task must not call it
// with wait, since it would wait for itself.
func (e *Executor) Shutdown(wait, cancelFutures bool) {
}

// Wait waits until what returnWhen says is so, but no longer than timeout; zero or less does not wait. Each future of fs
// is then in one of the two results: in done if it is done when Wait returns, otherwise in notDone. Both keep the order of
// fs. A future that stands in fs twice counts once. Where fs is empty there is nothing to wait for.
func Wait(fs []*Future, timeout time.Duration, returnWhen ReturnWhen) (done, notDone []*Future) {
	return nil, nil
}

// AsCompleted returns what is to be ranged over for the futures of fs, each once and with a nil error: first those that
// are done when the range begins, in any order and whatever the timeout, then the others, each when it gets done. The
// timeout counts from the beginning of the range; zero or less does not wait. If it runs out while the range waits for a
// future, nil and ErrTimeout come, and the range ends. What the loop does with these or other futures, and whether it breaks, harms nobody.
func AsCompleted(fs []*Future, timeout time.Duration) iter.Seq2[*Future, error] {
	return func(yield func(*Future, error) bool) {}
}

// Future is the result of a task that may not have ended yet. It is given: there is nothing to write here. What it does
// is the kata futures/future; this one is smaller. All methods may be called by many goroutines at the same time.
type Future struct {
	mu        sync.Mutex
	state     state
	result    any
	exception error
	callbacks []func(*Future)
	ended     chan struct{}
}

type state int

const (
	pending state = iota
	running
	cancelled
	finished
)

// NewFuture returns a pending future.
func NewFuture() *Future { return &Future{ended: make(chan struct{})} }

// SetRunningOrNotifyCancel is asked before a task is run, and answers whether it is to be run. True makes a pending
// future a running one, which cannot be cancelled any more. False says that it was cancelled.
func (f *Future) SetRunningOrNotifyCancel() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state != pending {
		return false
	}
	f.state = running
	return true
}

// Set ends a running future with a result or an exception, and calls its callbacks. On any other it does nothing.
func (f *Future) Set(result any, exception error) { f.end(running, finished, result, exception) }

// Cancel ends a pending future, and calls its callbacks. It reports whether the future is cancelled now.
func (f *Future) Cancel() bool {
	f.end(pending, cancelled, nil, ErrCancelled)
	return f.Cancelled()
}

func (f *Future) end(from, to state, result any, exception error) {
	f.mu.Lock()
	if f.state != from {
		f.mu.Unlock()
		return
	}
	f.state, f.result, f.exception = to, result, exception
	close(f.ended)
	f.mu.Unlock()
	for _, callback := range f.callbacks {
		callback(f)
	}
}

// AddDoneCallback has callback called once, with this future, when it is done: by whoever ends it, or at once if it is
// done already.
func (f *Future) AddDoneCallback(callback func(*Future)) {
	f.mu.Lock()
	if !f.Done() {
		f.callbacks = append(f.callbacks, callback)
		f.mu.Unlock()
		return
	}
	f.mu.Unlock()
	callback(f)
}

// Cancelled reports whether the future was cancelled.
func (f *Future) Cancelled() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state == cancelled
}

// Done reports whether the future has its result or exception, or is cancelled.
func (f *Future) Done() bool {
	select {
	case <-f.ended:
		return true
	default:
		return false
	}
}

// Result waits until the future is done and returns its result or its exception: ErrCancelled where it is cancelled,
// ErrTimeout where it is not done in time.
func (f *Future) Result(timeout time.Duration) (any, error) {
	if !f.Done() {
		var late <-chan time.Time
		if timeout != Forever {
			late = time.After(timeout)
		}
		select {
		case <-f.ended:
		case <-late:
			return nil, ErrTimeout
		}
	}
	return f.result, f.exception
}
