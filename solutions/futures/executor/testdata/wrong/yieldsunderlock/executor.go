//kata:wrong kind=deadlock  holds the lock of its list while the loop runs, and the loop ends another future

// Package executor keeps its lock while it yields.
package executor

import (
	"errors"
	"fmt"
	"iter"
	"slices"
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
	// FirstException is when any future has ended with an exception, or all are done.
	FirstException
)

// Executor is a pool of workers. It is safe for use by many goroutines.
type Executor struct {
	maxWorkers int

	// mu guards the fields below. It is never held while a task or a callback runs.
	mu    sync.Mutex
	queue []item
	// unfinished counts the tasks that are queued or keep a worker occupied. As long as there are no more of them than
	// workers, each has one, and those in excess are idle.
	unfinished, workers int
	shut                bool
	// changed: there is a task in the queue, or the executor is shut down.
	changed *sync.Cond
	ended   sync.WaitGroup
}

// item is a task and the future that it ends.
type item struct {
	future *Future
	task   func() (any, error)
}

// New returns an executor with at most maxWorkers workers.
func New(maxWorkers int) *Executor {
	e := &Executor{maxWorkers: maxWorkers}
	e.changed = sync.NewCond(&e.mu)
	return e
}

// Submit queues a task and returns its future.
func (e *Executor) Submit(task func() (any, error)) (*Future, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.shut {
		return nil, ErrShutdown
	}
	f := NewFuture()
	e.queue = append(e.queue, item{f, task})
	e.unfinished++
	e.changed.Signal()
	if e.unfinished > e.workers && e.workers < e.maxWorkers {
		e.workers++
		e.ended.Go(e.work)
	}
	return f, nil
}

// work is what a worker does.
func (e *Executor) work() {
	for it, ok := e.next(); ok; it, ok = e.next() {
		if it.future.SetRunningOrNotifyCancel() {
			it.future.Set(call(it.task))
		}
		e.mu.Lock()
		e.unfinished--
		e.mu.Unlock()
	}
}

// next waits for a task. There is none any more when the queue is empty and the executor shut down.
func (e *Executor) next() (it item, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for len(e.queue) == 0 && !e.shut {
		e.changed.Wait()
	}
	if len(e.queue) == 0 {
		return it, false
	}
	it, e.queue = e.queue[0], e.queue[1:]
	return it, true
}

// call runs a task and makes an exception of its panic.
func call(task func() (any, error)) (result any, exception error) {
	defer func() {
		if value := recover(); value != nil {
			exception = PanicError{value}
		}
	}()
	return task()
}

// Map submits fn for each of the args and returns the results, in their order.
func (e *Executor) Map(fn func(arg any) (any, error), args ...any) (iter.Seq2[any, error], error) {
	var fs []*Future
	for _, arg := range args {
		f, err := e.Submit(func() (any, error) { return fn(arg) })
		if err != nil {
			return nil, err
		}
		fs = append(fs, f)
	}
	return func(yield func(any, error) bool) {
		defer cancel(fs)
		for _, f := range fs {
			result, exception := f.Result(Forever)
			if exception != nil {
				yield(nil, exception)
				return
			}
			if !yield(result, nil) {
				return
			}
		}
	}, nil
}

func cancel(fs []*Future) {
	for _, f := range fs {
		f.Cancel()
	}
}

// Shutdown lets the executor take no more tasks, and the workers end when they have run those that are queued.
func (e *Executor) Shutdown(wait, cancelFutures bool) {
	e.mu.Lock()
	e.shut = true
	e.changed.Broadcast()
	var queued []*Future
	for _, it := range e.queue {
		queued = append(queued, it.future)
	}
	e.mu.Unlock()
	if cancelFutures {
		cancel(queued)
	}
	if wait {
		e.ended.Wait()
	}
}

// completed returns a channel on which each of the futures comes when it is done. It has room for all of them, so that
// nobody who ends a future ever waits for who looks on.
func completed(fs []*Future) <-chan *Future {
	c := make(chan *Future, len(fs))
	for _, f := range fs {
		f.AddDoneCallback(func(f *Future) { c <- f })
	}
	return c
}

// unique returns each future of fs once, in their order.
func unique(fs []*Future) (once []*Future) {
	for _, f := range fs {
		if !slices.Contains(once, f) {
			once = append(once, f)
		}
	}
	return once
}

// Wait waits until what returnWhen says is so, but no longer than timeout.
func Wait(fs []*Future, timeout time.Duration, returnWhen ReturnWhen) (done, notDone []*Future) {
	fs = unique(fs)
	c, late := completed(fs), time.After(timeout)
	for range fs {
		select {
		case f := <-c:
			if returnWhen == FirstCompleted || returnWhen == FirstException && failed(f) {
				return split(fs)
			}
		case <-late:
			return split(fs)
		}
	}
	return split(fs)
}

// failed reports whether a future that is done has an exception.
func failed(f *Future) bool {
	_, exception := f.Result(0)
	return exception != nil && !f.Cancelled()
}

func split(fs []*Future) (done, notDone []*Future) {
	for _, f := range fs {
		if f.Done() {
			done = append(done, f)
		} else {
			notDone = append(notDone, f)
		}
	}
	return done, notDone
}

// AsCompleted returns the futures as they get done.
func AsCompleted(fs []*Future, timeout time.Duration) iter.Seq2[*Future, error] {
	fs = unique(fs)
	return func(yield func(*Future, error) bool) {
		var mu sync.Mutex
		var done []*Future
		late := false
		news := sync.NewCond(&mu)
		for _, f := range fs {
			f.AddDoneCallback(func(f *Future) {
				mu.Lock()
				defer mu.Unlock()
				done = append(done, f)
				news.Signal()
			})
		}
		timer := time.AfterFunc(timeout, func() {
			mu.Lock()
			defer mu.Unlock()
			late = true
			news.Signal()
		})
		defer timer.Stop()
		mu.Lock()
		defer mu.Unlock()
		for i := range fs {
			for len(done) == i && !late {
				news.Wait()
			}
			if len(done) == i {
				yield(nil, ErrTimeout)
				return
			}
			if !yield(done[i], nil) {
				return
			}
		}
	}
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
