//kata:wrong kind=wrong  takes yield from for a loop that yields

// Package generator is Python's generators as coroutines. The body has a goroutine of its own, from its beginning to its
// end, and a call and the body hand the turn to each other over two channels: never do both run.
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

type state int

const (
	created state = iota
	suspended
	running
	closed
)

// Generator is a generator-iterator.
type Generator struct {
	body      func(*Yielder) (any, error)
	questions chan question
	answers   chan answer

	mu    sync.Mutex // never held while the body runs
	state state
}

// question is what a Yield returns.
type question struct {
	value any
	err   error
}

// answer is what a call returns, and the state in which the body leaves the generator.
type answer struct {
	value any
	err   error
	panic any
	state state
}

// Yielder is the word yield, as a body has it.
type Yielder struct{ g *Generator }

// New returns a generator that has been created.
func New(body func(y *Yielder) (any, error)) *Generator {
	return &Generator{body: body, questions: make(chan question), answers: make(chan answer)}
}

// Next is Send(nil).
func (g *Generator) Next() (any, error) { return g.resume(question{}) }

// Send has the body go on with a value.
func (g *Generator) Send(value any) (any, error) { return g.resume(question{value: value}) }

// Throw has the body go on with an exception.
func (g *Generator) Throw(err error) (any, error) { return g.resume(question{err: err}) }

// Close throws ErrGeneratorExit into the body.
func (g *Generator) Close() (any, error) {
	_, err := g.Throw(ErrGeneratorExit)
	var stop *StopIteration
	switch {
	case err == nil:
		return nil, ErrIgnoredExit
	case errors.As(err, &stop):
		return stop.Value, nil
	case errors.Is(err, ErrGeneratorExit):
		return nil, nil
	}
	return nil, err
}

// resume puts a question to the body, where there is one to answer.
func (g *Generator) resume(q question) (any, error) {
	if err := g.enter(q); err != nil {
		return nil, err
	}
	g.questions <- q
	a := <-g.answers
	g.leave(a.state)
	if a.panic != nil {
		panic(a.panic)
	}
	return a.value, a.err
}

// enter takes the generator for one call. The error is the answer where the body has nothing to say.
func (g *Generator) enter(q question) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.state == running:
		return ErrAlreadyExecuting
	case g.state == suspended:
	case q.err != nil:
		g.state = closed
		return q.err
	case g.state == closed:
		return &StopIteration{}
	case q.value != nil:
		return ErrJustStarted
	default:
		go g.run()
	}
	g.state = running
	return nil
}

func (g *Generator) leave(s state) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.state = s
}

// run is the life of the body. Its last answer is its end.
func (g *Generator) run() {
	last := answer{state: closed}
	defer func() {
		last.panic = recover()
		g.answers <- last
	}()
	<-g.questions // the first one only has it begin
	value, err := g.body(&Yielder{g})
	var stop *StopIteration
	switch {
	case err == nil:
		last.err = &StopIteration{Value: value}
	case errors.As(err, &stop):
		last.err = ErrRaisedStopIteration
	default:
		last.err = err
	}
}

// Yield answers with value and stands still until the next call.
func (y *Yielder) Yield(value any) (any, error) {
	y.g.answers <- answer{value: value, state: suspended}
	q := <-y.g.questions
	return q.value, q.err
}

// YieldFrom lets sub answer as long as it goes on.
func (y *Yielder) YieldFrom(sub *Generator) (any, error) {
	value, err := sub.Next()
	for err == nil {
		if _, thrown := y.Yield(value); thrown != nil {
			return nil, thrown
		}
		value, err = sub.Next()
	}
	var stop *StopIteration
	if errors.As(err, &stop) {
		return stop.Value, nil
	}
	return nil, err
}
