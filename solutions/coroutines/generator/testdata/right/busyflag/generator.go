// Package generator is Python's generators without a lock: an atomic flag belongs to whoever makes a call, and a closure
// is what the two sides hand each other.
package generator

import (
	"errors"
	"fmt"
	"sync/atomic"
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
	busy   atomic.Bool
	body   func(*Yielder) (any, error) // nil once it has begun or never will
	resume chan<- func() (any, error)  // nil where nobody listens
}

// Yielder is the word yield, as a body has it. A channel is made for each way there and back.
type Yielder struct {
	g    *Generator
	back chan<- func() (any, error)
}

// New returns a generator that has been created.
func New(body func(y *Yielder) (any, error)) *Generator { return &Generator{body: body} }

// Next is Send(nil).
func (g *Generator) Next() (any, error) { return g.Send(nil) }

// Send has the body go on with a value.
func (g *Generator) Send(value any) (any, error) {
	if !g.busy.CompareAndSwap(false, true) {
		return nil, ErrAlreadyExecuting
	}
	defer g.busy.Store(false)
	if g.body != nil {
		if value != nil {
			return nil, ErrJustStarted
		}
		return g.begin()
	}
	if g.resume == nil {
		return nil, &StopIteration{}
	}
	return g.goOn(value, nil)
}

// Throw has the body go on with an exception.
func (g *Generator) Throw(err error) (any, error) {
	if !g.busy.CompareAndSwap(false, true) {
		return nil, ErrAlreadyExecuting
	}
	defer g.busy.Store(false)
	g.body = nil
	if g.resume == nil {
		return nil, err
	}
	return g.goOn(nil, err)
}

// Close throws ErrGeneratorExit into the body.
func (g *Generator) Close() (any, error) {
	_, err := g.Throw(ErrGeneratorExit)
	var stop *StopIteration
	if err == nil {
		return nil, ErrIgnoredExit
	} else if errors.As(err, &stop) {
		return stop.Value, nil
	} else if errors.Is(err, ErrGeneratorExit) {
		return nil, nil
	}
	return nil, err
}

func (g *Generator) begin() (any, error) {
	body, back := g.body, make(chan func() (any, error))
	g.body = nil
	y := &Yielder{g: g, back: back}
	go func() {
		last := func() (any, error) { panic("runtime.Goexit in a body") }
		defer func() {
			y.g.resume = nil
			if p := recover(); p != nil {
				last = func() (any, error) { panic(p) }
			}
			y.back <- last
		}()
		value, err := body(y)
		last = func() (any, error) {
			var stop *StopIteration
			if err == nil {
				return nil, &StopIteration{value}
			} else if errors.As(err, &stop) {
				return nil, ErrRaisedStopIteration
			}
			return nil, err
		}
	}()
	return (<-back)()
}

func (g *Generator) goOn(value any, err error) (any, error) {
	back := make(chan func() (any, error))
	g.resume <- func() (any, error) { return value, err }
	g.resume <- func() (any, error) { return back, nil }
	return (<-back)()
}

// Yield answers with value and stands still until the next call.
func (y *Yielder) Yield(value any) (any, error) {
	resume := make(chan func() (any, error))
	y.g.resume = resume
	y.back <- func() (any, error) { return value, nil }
	in := <-resume
	back, _ := (<-resume)()
	y.back = back.(chan func() (any, error))
	return in()
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
