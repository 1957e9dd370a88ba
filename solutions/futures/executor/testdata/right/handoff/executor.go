// Package executor hands each task to one worker: a worker that is idle has a channel of its own.
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

	mu sync.Mutex
	// idle are the workers that wait, each for what comes on its own channel; the one that went idle last is the last.
	idle []chan *job
	// first and last are the jobs that wait for a worker. There are none while a worker is idle.
	first, last *job
	workers     int
	shut        bool
	// ended is closed when the executor is shut down and has no workers any more.
	ended chan struct{}
}

// job is a task with its future, and the job behind it.
type job struct {
	*Future
	task func() (any, error)
	next *job
}

// New returns an executor with at most maxWorkers workers.
func New(maxWorkers int) *Executor {
	return &Executor{maxWorkers: maxWorkers, ended: make(chan struct{})}
}

// Submit hands a task to a worker that is idle, or to a new one, or queues it.
func (e *Executor) Submit(task func() (any, error)) (*Future, error) {
	j := &job{Future: NewFuture(), task: task}
	e.mu.Lock()
	defer e.mu.Unlock()
	switch n := len(e.idle); {
	case e.shut:
		return nil, ErrShutdown
	case n > 0:
		e.idle[n-1] <- j
		e.idle = e.idle[:n-1]
	case e.workers < e.maxWorkers:
		e.workers++
		go e.work(j)
	case e.first == nil:
		e.first, e.last = j, j
	default:
		e.last.next, e.last = j, j
	}
	return j.Future, nil
}

// work runs a job, and all that are given to it.
func (e *Executor) work(j *job) {
	inbox := make(chan *job, 1)
	for ; j != nil; j = e.after(inbox) {
		if j.SetRunningOrNotifyCancel() {
			j.Set(call(j.task))
		}
	}
}

// after returns the job that a worker runs next, or nil where there will be none.
func (e *Executor) after(inbox chan *job) *job {
	e.mu.Lock()
	if j := e.first; j != nil {
		defer e.mu.Unlock()
		e.first = j.next
		return j
	}
	if e.shut {
		defer e.mu.Unlock()
		e.leave()
		return nil
	}
	e.idle = append(e.idle, inbox)
	e.mu.Unlock()
	return <-inbox
}

// leave counts off a worker that ends. It is called with mu held.
func (e *Executor) leave() {
	if e.workers--; e.workers == 0 {
		close(e.ended)
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
	e.mu.Lock()
	if !e.shut && e.workers == 0 {
		close(e.ended)
	}
	e.shut = true
	for _, inbox := range e.idle {
		close(inbox)
		e.leave()
	}
	e.idle = nil
	var queued []*Future
	if cancelFutures {
		for ; e.first != nil; e.first = e.first.next {
			queued = append(queued, e.first.Future)
		}
	}
	e.mu.Unlock()
	cancel(queued)
	if wait {
		<-e.ended
	}
}

// board is where futures are noted when they get done, in their order, for who looks on.
type board struct {
	mu   sync.Mutex
	news sync.Cond
	done []*Future
	late bool
}

// look makes a board of futures. The clock of it stops when the caller calls stop.
func look(fs []*Future, timeout time.Duration) (b *board, stop func() bool) {
	b = &board{}
	b.news.L = &b.mu
	for _, f := range fs {
		f.AddDoneCallback(func(f *Future) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.done = append(b.done, f)
			b.news.Signal()
		})
	}
	stop = time.AfterFunc(timeout, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.late = true
		b.news.Signal()
	}).Stop
	return b, stop
}

// next returns what has got done and was not returned before, and waits for it. It returns nil where it is late.
func (b *board) next() *Future {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.done) == 0 {
		if b.late {
			return nil
		}
		b.news.Wait()
	}
	f := b.done[0]
	b.done = b.done[1:]
	return f
}

// unique returns each future of fs once, in their order.
func unique(fs []*Future) (once []*Future) {
	seen := make(map[*Future]bool)
	for _, f := range fs {
		if !seen[f] {
			seen[f] = true
			once = append(once, f)
		}
	}
	return once
}

// Wait waits until what returnWhen says is so, but no longer than timeout.
func Wait(fs []*Future, timeout time.Duration, returnWhen ReturnWhen) (done, notDone []*Future) {
	fs = unique(fs)
	b, stop := look(fs, timeout)
	defer stop()
	ended := make(map[*Future]bool)
	for len(ended) < len(fs) {
		f := b.next()
		if f == nil {
			break
		}
		ended[f] = true
		_, exception := f.Result(0)
		if returnWhen == FirstCompleted || returnWhen == FirstException && exception != nil && !f.Cancelled() {
			break
		}
	}
	for _, f := range fs {
		if ended[f] || f.Done() {
			done = append(done, f)
		} else {
			notDone = append(notDone, f)
		}
	}
	return done, notDone
}

// AsCompleted returns the futures as they get done.
func AsCompleted(fs []*Future, timeout time.Duration) iter.Seq2[*Future, error] {
	return func(yield func(*Future, error) bool) {
		fs := unique(fs)
		b, stop := look(fs, timeout)
		defer stop()
		for range fs {
			f := b.next()
			if f == nil {
				yield(nil, ErrTimeout)
				return
			}
			if !yield(f, nil) {
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
