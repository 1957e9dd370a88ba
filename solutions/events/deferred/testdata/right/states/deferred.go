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

type state int

const (
	unfired state = iota
	idle
	busy
	paused
)

// Deferred is a result that may not be there yet, with what is to be done with it.
type Deferred struct {
	canceller func(d *Deferred)
	state     state
	todo      []func(any, error) (any, error)
	value     any
	err       error
	pausedBy  *Deferred
	swallow   int
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

func (d *Deferred) fire(value any, err error) error {
	if d.state != unfired {
		if d.swallow > 0 {
			d.swallow--
			return nil
		}
		return ErrAlreadyCalled
	}
	d.advance(value, err)
	return nil
}

// advance goes through the chain from here, as far as it leads.
func (d *Deferred) advance(value any, err error) {
	d.state = busy
	for len(d.todo) > 0 {
		do := d.todo[0]
		d.todo = d.todo[1:]
		value, err = do(value, err)
		if other, is := value.(*Deferred); is && err == nil {
			here := true // the other one answers before this loop is left
			answered := false
			d.pausedBy = other
			other.AddCallbacks(
				func(v any) (any, error) {
					if d.pausedBy = nil; here {
						value, err, answered = v, nil, true
					} else {
						d.advance(v, nil)
					}
					return nil, nil
				},
				func(e error) (any, error) {
					if d.pausedBy = nil; here {
						value, err, answered = nil, e, true
					} else {
						d.advance(nil, e)
					}
					return nil, nil
				})
			if here = false; !answered {
				d.state = paused
				return
			}
		}
	}
	d.value, d.err, d.state = value, err, idle
}

// AddCallbacks adds a step to the end of the chain.
func (d *Deferred) AddCallbacks(callback func(result any) (any, error), errback func(err error) (any, error)) *Deferred {
	d.todo = append(d.todo, func(value any, err error) (any, error) {
		switch {
		case err != nil && errback != nil:
			return errback(err)
		case err == nil && callback != nil:
			return callback(value)
		}
		return value, err
	})
	if d.state == idle {
		d.advance(d.value, d.err)
	}
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
	switch d.state {
	case paused:
		d.pausedBy.Cancel()
	case unfired:
		if d.canceller != nil {
			d.canceller(d)
		} else {
			d.swallow = 1
		}
		if d.state == unfired {
			d.advance(nil, ErrCancelled)
		}
	}
}

// Unhandled returns the error at the end of the chain.
func (d *Deferred) Unhandled() error {
	if d.state == idle {
		return d.err
	}
	return nil
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
			_ = gathered.Errback(&FirstError{Index: i, Err: err})
			return nil, nil
		})
	}
	return gathered
}
