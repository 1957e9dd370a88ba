// Package deferred is an exercise: twisted.internet.defer.Deferred, a chain of callbacks for a result that is not there yet.
//
// Rules for the whole package:
//   - Everything happens on one goroutine, that of the reactor: all methods and all callbacks are called there. So nothing
//     here needs a lock, starts a goroutine or waits. What is to wait is in the chain.
//   - A chain is a list of steps, each with a callback and an errback, either of which may be missing. When the Deferred is
//     fired, with a result or with an error, the steps are taken in their order, each once. A result goes to the callback of the next
//     step, an error to its errback; what that one returns is what the step after it gets: an error if it is not nil, else the
//     result. A missing one passes on what comes.
//   - A step that returns a *Deferred as its result pauses the chain. The chain goes on with the result or the error of that
//     one, as it is when its own chain has come to its end; at once where it has already. That one has nil for a result
//     afterwards: it has handed over what it had.
//   - Callbacks may call everything, their own Deferred included. While a step is taken no other step of the same Deferred is:
//     what is added meanwhile comes behind what is there.
package deferred

import (
	"errors"
	"fmt"
)

var (
	// ErrAlreadyCalled is AlreadyCalledError.
	ErrAlreadyCalled = errors.New("the deferred was fired already")
	// ErrCancelled is CancelledError.
	ErrCancelled = errors.New("the deferred was cancelled")

	errNotWritten = errors.New("not written yet")
)

// FirstError is what GatherResults fails with: the first error, and which Deferred it is from. It is given.
type FirstError struct {
	Index int
	Err   error
}

func (e *FirstError) Error() string {
	return fmt.Sprintf("the first error, of number %d: %v", e.Index, e.Err)
}

// Unwrap makes errors.Is look at the error itself.
func (e *FirstError) Unwrap() error { return e.Err }

// Deferred is a result that may not be there yet, with what is to be done with it.
type Deferred struct {
	// Your fields.
}

// New returns a Deferred that was not fired. The canceller, which may be nil, is what Cancel calls.
func New(canceller func(d *Deferred)) *Deferred {
	return &Deferred{}
}

// Succeed returns a Deferred that was fired with a result. It is given.
func Succeed(result any) *Deferred {
	d := New(nil)
	_ = d.Callback(result)
	return d
}

// Fail returns a Deferred that was fired with an error. It is given.
func Fail(err error) *Deferred {
	d := New(nil)
	_ = d.Errback(err)
	return d
}

// Callback fires the Deferred with a result, which is no Deferred, and takes the steps that are there. A Deferred is fired once:
// after that the error is ErrAlreadyCalled, and nothing happens.
func (d *Deferred) Callback(result any) error {
	return errNotWritten
}

// Errback fires the Deferred with an error, which is not nil, and is as Callback otherwise.
func (d *Deferred) Errback(err error) error {
	return errNotWritten
}

// AddCallbacks adds a step to the end of the chain, and returns d. Either function may be nil. If the Deferred was fired, and the chain
// has come to its end, the step is taken at once. The errback of a step does not get the error of the same step's
// callback: that goes to the next step.
func (d *Deferred) AddCallbacks(callback func(result any) (any, error), errback func(err error) (any, error)) *Deferred {
	return d
}

// AddCallback adds a step without an errback. It is given.
func (d *Deferred) AddCallback(callback func(result any) (any, error)) *Deferred {
	return d.AddCallbacks(callback, nil)
}

// AddErrback adds a step without a callback. It is given.
func (d *Deferred) AddErrback(errback func(err error) (any, error)) *Deferred {
	return d.AddCallbacks(nil, errback)
}

// Cancel says that nobody is interested any more.
//
//   - Not fired, with a canceller: the canceller is called with d. It may fire d, with whatever it likes. If it has not, d is fired
//     with ErrCancelled.
//   - Not fired, without one: d is fired with ErrCancelled. Whoever was to fire it does not know: the next Callback or
//     Errback, one of them, does nothing and returns nil.
//   - Fired, and the chain waits for another Deferred: that one is cancelled.
//   - Otherwise nothing happens.
func (d *Deferred) Cancel() {
}

// Unhandled returns the error that has come to the end of the chain and that no errback has taken, so far; nil where there is none,
// or the chain has not come to its end. Twisted logs such an error when the Deferred is garbage.
func (d *Deferred) Unhandled() error {
	return errNotWritten
}

// GatherResults returns a Deferred that is fired when all of ds have a result, with all of them, a []any in the order of ds; at
// once where ds is empty. If one fails it is fired then with a *FirstError, and what becomes of the others changes nothing.
//
// It adds a step to each of ds. That passes a result on, so that steps which are added later get it too. An error it takes: it is
// handled, and the result is nil behind it. To cancel the gathered one cancels all of ds.
func GatherResults(ds []*Deferred) *Deferred {
	return New(nil)
}
