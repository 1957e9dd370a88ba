// Package executor is made as in CPython: a semaphore counts who is idle, and a nil item sends one worker after the other home.
package executor

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
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
	queue      queue
	// idle has a token for each worker that is idle and not counted upon yet.
	idle chan struct{}

	shutdown sync.Mutex
	shut     bool
	threads  []chan struct{}
}

// workItem is a task with its future. A nil one tells a worker to look whether it is to end.
type workItem struct {
	future *Future
	fn     func() (any, error)
}

// run runs the task, if it was not cancelled.
func (w *workItem) run() {
	if !w.future.SetRunningOrNotifyCancel() {
		return
	}
	w.future.Set(call(w.fn))
}

// queue has no bound. ready has a token while something is in it.
type queue struct {
	mu    sync.Mutex
	items list.List
	ready chan struct{}
}

func (q *queue) put(w *workItem) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items.PushBack(w)
	q.signal()
}

// signal sees to it that there is a token. It is called with mu held.
func (q *queue) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// get takes the oldest item, and waits for one.
func (q *queue) get() *workItem {
	for {
		<-q.ready
		if w, ok := q.getNowait(); ok {
			return w
		}
	}
}

// getNowait takes the oldest item if there is one.
func (q *queue) getNowait() (*workItem, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.items.Len() == 0 {
		return nil, false
	}
	w := q.items.Remove(q.items.Front()).(*workItem)
	if q.items.Len() > 0 {
		q.signal()
	}
	return w, true
}

// New returns an executor with at most maxWorkers workers.
func New(maxWorkers int) *Executor {
	e := &Executor{maxWorkers: maxWorkers, idle: make(chan struct{}, maxWorkers)}
	e.queue.ready = make(chan struct{}, 1)
	return e
}

// Submit queues a task and returns its future.
func (e *Executor) Submit(task func() (any, error)) (*Future, error) {
	e.shutdown.Lock()
	defer e.shutdown.Unlock()
	if e.shut {
		return nil, ErrShutdown
	}
	w := &workItem{NewFuture(), task}
	e.queue.put(w)
	e.adjustThreadCount()
	return w.future, nil
}

func (e *Executor) adjustThreadCount() {
	select {
	case <-e.idle:
		return
	default:
	}
	if len(e.threads) < e.maxWorkers {
		ended := make(chan struct{})
		e.threads = append(e.threads, ended)
		go e.worker(ended)
	}
}

func (e *Executor) worker(ended chan<- struct{}) {
	defer close(ended)
	for {
		w := e.queue.get()
		if w == nil {
			e.queue.put(nil) // tell the next one
			return
		}
		w.run()
		select {
		case e.idle <- struct{}{}:
		default: // the queue is not empty: this is not counted upon
		}
	}
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
	e.shutdown.Lock()
	e.shut = true
	var queued []*Future
	for cancelFutures {
		w, ok := e.queue.getNowait()
		if !ok {
			break
		}
		if w != nil {
			queued = append(queued, w.future)
		}
	}
	e.queue.put(nil)
	threads := e.threads
	e.shutdown.Unlock()
	cancel(queued)
	if wait {
		for _, ended := range threads {
			<-ended
		}
	}
}

// Wait waits until what returnWhen says is so, but no longer than timeout.
func Wait(fs []*Future, timeout time.Duration, returnWhen ReturnWhen) (done, notDone []*Future) {
	waiter := make(chan struct{}, 1)
	set := func() {
		select {
		case waiter <- struct{}{}:
		default:
		}
	}
	var pending atomic.Int64
	pending.Store(int64(len(fs)))
	for _, f := range fs { // who stands there twice is counted twice
		f.AddDoneCallback(func(f *Future) {
			_, err := f.Result(0)
			failed := err != nil && !f.Cancelled()
			if pending.Add(-1) == 0 || returnWhen == FirstCompleted || returnWhen == FirstException && failed {
				set()
			}
		})
	}
	if len(fs) > 0 && timeout > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		select {
		case <-waiter:
		case <-ctx.Done():
		}
	}
	for i, f := range fs {
		switch {
		case slices.Contains(fs[:i], f):
		case slices.Contains(notDone, f):
		case f.Done():
			done = append(done, f)
		default:
			notDone = append(notDone, f)
		}
	}
	return done, notDone
}

// AsCompleted returns the futures as they get done.
func AsCompleted(fs []*Future, timeout time.Duration) iter.Seq2[*Future, error] {
	return func(yield func(*Future, error) bool) {
		end := time.Now().Add(timeout)
		pending := slices.Clone(fs)
		for {
			var done []*Future
			done, pending = Wait(pending, 0, AllCompleted)
			for _, f := range done {
				if !yield(f, nil) {
					return
				}
			}
			if len(pending) == 0 {
				return
			}
			if len(done) > 0 {
				continue // others may have ended meanwhile
			}
			left := time.Until(end)
			if done, _ = Wait(pending, left, FirstCompleted); len(done) == 0 {
				yield(nil, ErrTimeout)
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
