// Package eventloop is an exercise: the event loop at the heart of asyncio. It keeps callbacks in a queue and timers
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
	"errors"
	"time"
)

var (
	// ErrClosed is "Event loop is closed".
	ErrClosed = errors.New("event loop is closed")
	// ErrRunning is "This event loop is already running", and "Cannot close a running event loop".
	ErrRunning = errors.New("event loop is already running")
	// ErrStopped is "Event loop stopped before Future completed".
	ErrStopped = errors.New("event loop stopped before the future completed")

	errNotWritten = errors.New("not written yet")
)

// Loop is an event loop. New makes one.
type Loop struct {
	// Fields are yours to choose.
}

// Handle is a callback that has been scheduled.
type Handle struct {
	// Fields are yours to choose.
}

// New returns a loop that does not run yet. Whatever a callback panics with goes to onException, on the loop's
// goroutine; the loop and the other callbacks of the turn go on. onException is never nil.
func New(onException func(exception any)) *Loop {
	return &Loop{}
}

// CallSoon schedules callback for the next turn, behind all that is ready. The error is ErrClosed on a closed loop.
func (l *Loop) CallSoon(callback func()) (*Handle, error) {
	return nil, errNotWritten
}

// CallSoonThreadsafe is CallSoon for other goroutines: it may be called by any, also many at once, and wakes the loop if
// that sleeps. Callbacks from one goroutine keep their order.
func (l *Loop) CallSoonThreadsafe(callback func()) (*Handle, error) {
	return nil, errNotWritten
}

// CallLater schedules callback for when delay has passed; a delay of zero or less is due at once. The error is ErrClosed
// on a closed loop.
func (l *Loop) CallLater(delay time.Duration, callback func()) (*Handle, error) {
	return nil, errNotWritten
}

// Cancel keeps the callback from running, if it has not begun. It has an effect until the very moment at which its
// turn comes: an earlier callback of the same turn may cancel a later one. Cancelling twice, or too late, does nothing.
func (h *Handle) Cancel() {
}

// Cancelled reports whether Cancel was called.
func (h *Handle) Cancelled() bool {
	return false
}

// RunForever runs turns until Stop. It returns nil after a Stop, ErrRunning at once if the loop runs already (a callback
// called it), and ErrClosed at once if it is closed. It may be called again after it has returned: what was scheduled
// and has not run is still there.
func (l *Loop) RunForever() error {
	return errNotWritten
}

// Stop makes RunForever return at the end of this turn: the callbacks that were ready at its beginning still run. Before
// RunForever it makes that run one turn, without sleeping, and return.
func (l *Loop) Stop() {
}

// RunUntilComplete runs turns until f is done and returns its result or exception. If f is done already it runs one
// turn. If somebody else stops the loop before f is done, the error is ErrStopped. ErrRunning and ErrClosed are as for
// RunForever.
func (l *Loop) RunUntilComplete(f *Future) (any, error) {
	return nil, errNotWritten
}

// Close ends the loop for good and drops what is scheduled: it never runs. A loop that runs cannot be closed: ErrRunning.
// Closing twice does nothing.
func (l *Loop) Close() error {
	return errNotWritten
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
