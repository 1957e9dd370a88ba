// Package generator is Python's generators with one lock and one condition: whose turn it is says a field, and what is
// asked and answered lies beside it.
package generator

import (
	"errors"
	"fmt"
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
	body func(*Yielder) (any, error)

	mu       sync.Mutex
	changed  *sync.Cond
	phase    phase
	turn     bool // the body's, while the phase is running
	value    any  // question or answer
	err      error
	panicked bool
	ended    bool
}

type phase string

const (
	created   phase = "created"
	running   phase = "running"
	suspended phase = "suspended"
	closed    phase = "closed"
)

// Yielder is the word yield, as a body has it.
type Yielder struct{ g *Generator }

// New returns a generator that has been created.
func New(body func(y *Yielder) (any, error)) *Generator {
	g := &Generator{body: body, phase: created}
	g.changed = sync.NewCond(&g.mu)
	return g
}

// Next is Send(nil).
func (g *Generator) Next() (any, error) { return g.ask(nil, nil) }

// Send has the body go on with a value.
func (g *Generator) Send(value any) (any, error) { return g.ask(value, nil) }

// Throw has the body go on with an exception.
func (g *Generator) Throw(err error) (any, error) { return g.ask(nil, err) }

// Close throws ErrGeneratorExit into the body.
func (g *Generator) Close() (any, error) {
	_, err := g.ask(nil, ErrGeneratorExit)
	var stop *StopIteration
	switch {
	case err == nil:
		return nil, fmt.Errorf("close: %w", ErrIgnoredExit)
	case errors.Is(err, ErrGeneratorExit):
		return nil, nil
	case errors.As(err, &stop):
		return stop.Value, nil
	default:
		return nil, err
	}
}

func (g *Generator) ask(value any, err error) (any, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch g.phase {
	case running:
		return nil, fmt.Errorf("ask: %w", ErrAlreadyExecuting)
	case closed:
		if err == nil {
			err = &StopIteration{}
		}
		return nil, err
	case created:
		if err != nil {
			g.phase = closed
			return nil, err
		}
		if value != nil {
			return nil, fmt.Errorf("ask: %w", ErrJustStarted)
		}
		go g.live()
	}
	g.phase, g.turn, g.value, g.err = running, true, value, err
	g.changed.Broadcast()
	for g.turn {
		g.changed.Wait()
	}
	g.phase = suspended
	if g.ended {
		g.phase = closed
	}
	value, err = g.value, g.err
	g.value, g.err = nil, nil
	if g.panicked {
		g.panicked = false
		panic(value)
	}
	return value, err
}

func (g *Generator) live() {
	normal := false
	defer func() {
		if !normal {
			g.answer(recover(), nil, true)
		}
	}()
	value, err := g.body(&Yielder{g})
	normal = true
	var stop *StopIteration
	switch {
	case err == nil:
		err = &StopIteration{Value: value}
	case errors.As(err, &stop):
		err = fmt.Errorf("%w: %v", ErrRaisedStopIteration, err)
	}
	g.answer(nil, err, false)
}

func (g *Generator) answer(value any, err error, panicked bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.value, g.err, g.turn, g.ended, g.panicked = value, err, false, true, panicked
	g.changed.Broadcast()
}

// Yield answers with value and stands still until the next call.
func (y *Yielder) Yield(value any) (any, error) {
	g := y.g
	g.mu.Lock()
	defer g.mu.Unlock()
	g.value, g.err, g.turn = value, nil, false
	g.changed.Broadcast()
	for !g.turn {
		g.changed.Wait()
	}
	return g.value, g.err
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
