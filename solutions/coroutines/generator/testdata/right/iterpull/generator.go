// Package generator is Python's generators on coroutines of iter.Pull, which have no input: what goes in lies in a field
// meanwhile.
package generator

import (
	"errors"
	"fmt"
	"iter"
	"sync"
)

var (
	// ErrGeneratorExit is GeneratorExit.
	ErrGeneratorExit = errors.New("generator exit")
	// ErrAlreadyExecuting is ValueError("generator already executing").
	ErrAlreadyExecuting = errors.New("generator already executing")
	// ErrJustStarted is TypeError("can't send non-None value to a just-started generator").
	ErrJustStarted = errors.New("can't send non-nil value to a just-started generator")
	// ErrIgnoredExit is RuntimeError("generator ignored GeneratorExit").
	ErrIgnoredExit = errors.New("generator ignored generator exit")
	// ErrRaisedStopIteration is RuntimeError("generator raised StopIteration").
	ErrRaisedStopIteration = errors.New("generator raised stop iteration")
)

// StopIteration says that a generator is closed.
type StopIteration struct {
	// Value is what the body returned.
	Value any
}

func (s *StopIteration) Error() string { return fmt.Sprintf("stop iteration: %v", s.Value) }

// Generator is a generator-iterator.
type Generator struct {
	body  func(y *Yielder) (any, error)
	mu    sync.Mutex // held while a call is under way
	next  func() (any, bool)
	begun bool
	ended bool
	// in is what the next Yield returns, out how the body ended.
	in struct {
		value any
		err   error
	}
	out error
}

// Yielder is the word yield, as a body has it.
type Yielder struct {
	g     *Generator
	yield func(any) bool
}

// New returns a generator that has been created.
func New(body func(y *Yielder) (any, error)) *Generator {
	return &Generator{body: body}
}

// begin makes the coroutine. One that is never asked for a value would stay for good.
func (g *Generator) begin() {
	g.begun = true
	g.next, _ = iter.Pull(func(yield func(any) bool) {
		value, err := g.body(&Yielder{g, yield})
		var stop *StopIteration
		if err == nil {
			err = &StopIteration{Value: value}
		} else if errors.As(err, &stop) {
			err = ErrRaisedStopIteration
		}
		g.out = err
	})
}

// Next is Send(nil).
func (g *Generator) Next() (any, error) { return g.Send(nil) }

// Send has the body go on with a value.
func (g *Generator) Send(value any) (any, error) {
	if !g.mu.TryLock() {
		return nil, ErrAlreadyExecuting
	}
	defer g.mu.Unlock()
	switch {
	case g.ended:
		return nil, &StopIteration{}
	case !g.begun && value != nil:
		return nil, ErrJustStarted
	}
	return g.step(value, nil)
}

// Throw has the body go on with an exception.
func (g *Generator) Throw(err error) (any, error) {
	if !g.mu.TryLock() {
		return nil, ErrAlreadyExecuting
	}
	defer g.mu.Unlock()
	if !g.begun || g.ended {
		g.ended = true
		return nil, err
	}
	return g.step(nil, err)
}

// Close throws ErrGeneratorExit into the body.
func (g *Generator) Close() (any, error) {
	value, err := g.Throw(ErrGeneratorExit)
	if err == nil {
		return nil, ErrIgnoredExit
	}
	if errors.Is(err, ErrGeneratorExit) {
		return nil, nil
	}
	var stop *StopIteration
	if errors.As(err, &stop) {
		return stop.Value, nil
	}
	return value, err
}

// step has the body go on to its next yield or its end. A panic of the body comes up in next.
func (g *Generator) step(value any, err error) (any, error) {
	g.in.value, g.in.err = value, err
	if !g.begun {
		g.begin()
	}
	g.ended = true // where the body panics
	answer, more := g.next()
	g.ended = !more
	if !more {
		return nil, g.out
	}
	return answer, nil
}

// Yield answers with value and stands still until the next call.
func (y *Yielder) Yield(value any) (any, error) {
	y.yield(value)
	return y.g.in.value, y.g.in.err
}

// YieldFrom lets sub answer as long as it goes on.
func (y *Yielder) YieldFrom(sub *Generator) (any, error) {
	value, err := sub.Next()
	for err == nil {
		sent, thrown := y.Yield(value)
		switch {
		case errors.Is(thrown, ErrGeneratorExit):
			if _, err := sub.Close(); err != nil {
				return nil, err
			}
			return nil, thrown
		case thrown != nil:
			value, err = sub.Throw(thrown)
		default:
			value, err = sub.Send(sent)
		}
	}
	var stop *StopIteration
	if errors.As(err, &stop) {
		return stop.Value, nil
	}
	return nil, err
}
