//kata:wrong kind=wrong  fails a gathered one that is cancelled by itself, and leaves the others without telling

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
	canceller func(d *Deferred)
	steps     []step
	called    bool
	// running: a step is being taken.
	running bool
	// inner is what the chain waits for.
	inner *Deferred
	// result and err are what the next step gets.
	result any
	err    error
	// expected: nobody has told who was to fire it that it was cancelled.
	expected bool
}

type step struct {
	callback func(result any) (any, error)
	errback  func(err error) (any, error)
}

// New returns a Deferred that was not fired.
func New(canceller func(d *Deferred)) *Deferred {
	return &Deferred{canceller: canceller}
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

// Callback fires the Deferred with a result.
func (d *Deferred) Callback(result any) error { return d.fire(result, nil) }

// Errback fires the Deferred with an error.
func (d *Deferred) Errback(err error) error { return d.fire(nil, err) }

func (d *Deferred) fire(result any, err error) error {
	switch {
	case d.called && d.expected:
		d.expected = false
		return nil
	case d.called:
		return ErrAlreadyCalled
	}
	d.called = true
	d.goOn(result, err)
	return nil
}

// goOn takes the steps that are there, with a result or an error for the first of them.
func (d *Deferred) goOn(result any, err error) {
	d.result, d.err, d.inner = result, err, nil
	d.run()
}

func (d *Deferred) run() {
	if !d.called || d.running {
		return
	}
	d.running = true
	for len(d.steps) > 0 && d.inner == nil {
		next := d.steps[0]
		d.steps = d.steps[1:]
		d.take(next)
	}
	d.running = false
}

func (d *Deferred) take(s step) {
	switch {
	case d.err != nil && s.errback != nil:
		d.result, d.err = s.errback(d.err)
	case d.err == nil && s.callback != nil:
		d.result, d.err = s.callback(d.result)
	}
	if inner, ok := d.result.(*Deferred); ok && d.err == nil {
		d.inner = inner
		inner.AddCallbacks(
			func(result any) (any, error) { d.goOn(result, nil); return nil, nil },
			func(err error) (any, error) { d.goOn(nil, err); return nil, nil },
		)
	}
}

// AddCallbacks adds a step to the end of the chain.
func (d *Deferred) AddCallbacks(callback func(result any) (any, error), errback func(err error) (any, error)) *Deferred {
	d.steps = append(d.steps, step{callback, errback})
	d.run()
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
func (d *Deferred) Cancel() {
	switch {
	case d.inner != nil:
		d.inner.Cancel()
	case d.called:
	case d.canceller == nil:
		d.expected = true
		_ = d.fire(nil, ErrCancelled)
	default:
		d.canceller(d)
		_ = d.fire(nil, ErrCancelled)
	}
}

// Unhandled returns the error at the end of the chain.
func (d *Deferred) Unhandled() error {
	if d.running {
		return nil
	}
	return d.err
}

// GatherResults waits for all of ds.
func GatherResults(ds []*Deferred) *Deferred {
	gathered := New(func(*Deferred) {
		for _, d := range ds {
			d.Cancel()
		}
	})
	results, missing := make([]any, len(ds)), len(ds)
	if missing == 0 {
		_ = gathered.Callback(results)
	}
	for i, d := range ds {
		d.AddCallbacks(func(result any) (any, error) {
			results[i] = result
			if missing--; missing == 0 {
				_ = gathered.Callback(results)
			}
			return result, nil
		}, func(err error) (any, error) {
			if gathered.Errback(&FirstError{Index: i, Err: err}) == nil {
				for _, d := range ds {
					d.Cancel()
				}
			}
			return nil, nil
		})
	}
	return gathered
}
