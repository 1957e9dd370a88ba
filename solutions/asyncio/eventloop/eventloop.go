// Package eventloop is the event loop at the heart of asyncio. It keeps callbacks in a queue and timers
// in a heap, and one goroutine runs them one at a time, turn by turn.
//
// # Turns
//
// A turn is what CPython calls _run_once (Lib/asyncio/base_events.py):
//
//  1. If nothing is ready, sleep until the first timer is due or somebody calls CallSoonThreadsafe. A loop with neither
//     sleeps for as long as it takes. Sleeping is waiting: it burns no CPU and looks at nothing now and then.
//  2. Every timer that is due by now moves to the end of the ready queue, the earliest first. (Two for the very same
//     moment: in any order.)
//  3. The callbacks that are ready now run, one after another, in the order of the queue. What they schedule runs in
//     the next turn at the earliest, even if it is due at once.
//
// Callbacks run on the goroutine that called RunForever or RunUntilComplete, and on no other. So a callback that
// blocks holds up every other one.
//
// # Who may call what
//
// CallSoonThreadsafe may be called by any goroutine at any time. Everything else belongs to the loop's goroutine: it is
// called by callbacks, or while the loop does not run.
package eventloop

import (
	"container/heap"
	"errors"
	"sync"
	"time"
)

var (
	// ErrClosed is "Event loop is closed".
	ErrClosed = errors.New("event loop is closed")
	// ErrRunning is "This event loop is already running", and "Cannot close a running event loop".
	ErrRunning = errors.New("event loop is already running")
	// ErrStopped is "Event loop stopped before Future completed".
	ErrStopped = errors.New("event loop stopped before the future completed")
)

// Loop is an event loop. New makes one.
type Loop struct {
	onException func(exception any)
	// timers, running and stopping belong to the loop's goroutine.
	timers   timers
	running  bool
	stopping bool
	// wake holds a token while somebody from outside has scheduled something since the loop last looked.
	wake chan struct{}

	mu    sync.Mutex
	ready []*Handle
	// closed is written by the loop's goroutine alone, which may read it without the lock.
	closed bool
}

// Handle is a callback that has been scheduled.
type Handle struct {
	callback  func()
	due       time.Time
	cancelled bool
}

// New returns a loop that does not run yet. Whatever a callback panics with goes to onException.
func New(onException func(exception any)) *Loop {
	return &Loop{onException: onException, wake: make(chan struct{}, 1)}
}

// CallSoon schedules callback for the next turn, behind all that is ready.
func (l *Loop) CallSoon(callback func()) (*Handle, error) {
	return l.push(&Handle{callback: callback})
}

func (l *Loop) push(h *Handle) (*Handle, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, ErrClosed
	}
	l.ready = append(l.ready, h)
	return h, nil
}

// CallSoonThreadsafe is CallSoon for other goroutines: it wakes the loop if that sleeps.
func (l *Loop) CallSoonThreadsafe(callback func()) (*Handle, error) {
	h, err := l.push(&Handle{callback: callback})
	if err != nil {
		return nil, err
	}
	select {
	case l.wake <- struct{}{}:
	default: // a token is there already, and one is enough
	}
	return h, nil
}

// CallLater schedules callback for when delay has passed.
func (l *Loop) CallLater(delay time.Duration, callback func()) (*Handle, error) {
	if l.closed {
		return nil, ErrClosed
	}
	h := &Handle{callback: callback, due: time.Now().Add(delay)}
	heap.Push(&l.timers, h)
	return h, nil
}

// Cancel keeps the callback from running, if it has not begun.
func (h *Handle) Cancel() { h.cancelled = true }

// Cancelled reports whether Cancel was called.
func (h *Handle) Cancelled() bool { return h.cancelled }

// RunForever runs turns until Stop.
func (l *Loop) RunForever() error {
	switch {
	case l.running:
		return ErrRunning
	case l.closed:
		return ErrClosed
	}
	l.running = true
	for {
		l.sleep()
		l.turn()
		if l.stopping {
			l.running, l.stopping = false, false
			return nil
		}
	}
}

// sleep waits until something is ready or due.
func (l *Loop) sleep() {
	for len(l.timers) > 0 && l.timers[0].cancelled {
		heap.Pop(&l.timers)
	}
	l.mu.Lock()
	waiting := len(l.ready)
	l.mu.Unlock()
	if waiting > 0 || l.stopping {
		return
	}
	var due <-chan time.Time
	if len(l.timers) > 0 {
		timer := time.NewTimer(time.Until(l.timers[0].due))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-l.wake:
	case <-due:
	}
}

// turn runs what is ready now.
func (l *Loop) turn() {
	now := time.Now()
	var due []*Handle
	for len(l.timers) > 0 && !l.timers[0].due.After(now) {
		due = append(due, heap.Pop(&l.timers).(*Handle))
	}
	l.mu.Lock()
	batch := append(l.ready, due...)
	l.ready = nil
	l.mu.Unlock()
	for _, h := range batch {
		if !h.cancelled {
			l.run(h)
		}
	}
}

// run calls one callback and hands what it panics with to the handler.
func (l *Loop) run(h *Handle) {
	defer func() {
		if exception := recover(); exception != nil {
			l.onException(exception)
		}
	}()
	h.callback()
}

// Stop makes RunForever return at the end of this turn.
func (l *Loop) Stop() { l.stopping = true }

// RunUntilComplete runs turns until f is done and returns its result or exception.
func (l *Loop) RunUntilComplete(f *Future) (any, error) {
	waiting := true
	defer func() { waiting = false }() // its end later is nobody's business
	f.AddDoneCallback(func() {
		if waiting {
			l.Stop()
		}
	})
	if err := l.RunForever(); err != nil {
		return nil, err
	}
	if !f.Done() {
		return nil, ErrStopped
	}
	return f.Result()
}

// Close ends the loop for good and drops what is scheduled.
func (l *Loop) Close() error {
	if l.running {
		return ErrRunning
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed, l.ready, l.timers = true, nil, nil
	return nil
}

// timers is a heap by due time.
type timers []*Handle

func (t timers) Len() int           { return len(t) }
func (t timers) Less(i, j int) bool { return t[i].due.Before(t[j].due) }
func (t timers) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *timers) Push(h any)        { *t = append(*t, h.(*Handle)) }
func (t *timers) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}

// Future is a result that is not there yet. It is given: there is nothing to write here. Like all but
// CallSoonThreadsafe it belongs to the loop's goroutine.
type Future struct {
	loop      *Loop
	done      bool
	result    any
	exception error
	callbacks []func()
}

// NewFuture returns a future of loop l.
func NewFuture(l *Loop) *Future { return &Future{loop: l} }

// Set ends the future with a result or an exception, and schedules its callbacks by CallSoon. A second Set does nothing.
func (f *Future) Set(result any, exception error) {
	if f.done {
		return
	}
	f.done, f.result, f.exception = true, result, exception
	for _, callback := range f.callbacks {
		f.loop.CallSoon(callback)
	}
}

// AddDoneCallback schedules callback by CallSoon once the future is done, or now if it is.
func (f *Future) AddDoneCallback(callback func()) {
	if f.done {
		f.loop.CallSoon(callback)
		return
	}
	f.callbacks = append(f.callbacks, callback)
}

// Done reports whether the future has its result or exception, which Result then returns.
func (f *Future) Done() bool { return f.done }

// Result returns what the future was set to.
func (f *Future) Result() (any, error) { return f.result, f.exception }
