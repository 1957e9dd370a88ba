// Package generator is a kata: Python's generators as coroutines, with next, send, throw, close and yield from.
//
// A generator is a function that stands still in its middle. Each call of Next, Send, Throw or Close is a question: it has
// the body go on from where it stands, and waits until the body answers, which it does by its next Yield or by its end.
// Then the body stands still again. A generator is always in one of four states (inspect.getgeneratorstate):
//
//   - created: the body has not begun;
//   - suspended: the body stands at a Yield;
//   - running: one of the four calls is under way;
//   - closed: the body has ended, or never will begin.
//
// Rules for the whole package:
//   - The body runs only inside of these calls. Between them, and before the first one, nothing of it runs: it does not
//     work ahead. The caller stands still while the body runs.
//   - All four may be called by any goroutine, by several at once, and by the body itself, directly or by way of others.
//     Where the generator is running already the answer is ErrAlreadyExecuting, at once, and nothing else happens:
//     nobody waits for another one's call.
//   - A call orders memory: the body sees what its caller has done before the call, the caller what the body did before
//     it answered, and the next call what was done in the one before it, whoever makes it. The body needs no lock.
//   - A generator that is created or closed holds no goroutine: it can be forgotten. Who forgets a suspended one leaks
//     what it holds; Python's collector would close it, Go's does not.
//   - Where the body panics, the call that it runs for panics with the same value, and the generator is closed. The body
//     does not call runtime.Goexit.
//   - Who burns CPU while it waits, or looks now and then, does it wrong.
//
// Exceptions are errors here. That an error is one of those below is decided by errors.Is and errors.As, so that one which
// wraps it is one too; those that you return may be wrapped.
package generator

import (
	"errors"
	"fmt"
)

var (
	// ErrGeneratorExit is GeneratorExit: what Close throws into the body. A body that lets it through has obeyed.
	ErrGeneratorExit = errors.New("generator exit")
	// ErrAlreadyExecuting is ValueError("generator already executing").
	ErrAlreadyExecuting = errors.New("generator already executing")
	// ErrJustStarted is TypeError("can't send non-None value to a just-started generator").
	ErrJustStarted = errors.New("can't send non-nil value to a just-started generator")
	// ErrIgnoredExit is RuntimeError("generator ignored GeneratorExit").
	ErrIgnoredExit = errors.New("generator ignored generator exit")
	// ErrRaisedStopIteration is RuntimeError("generator raised StopIteration"), see PEP 479.
	ErrRaisedStopIteration = errors.New("generator raised stop iteration")

	errNotWritten = errors.New("not written yet")
)

// StopIteration says that a generator is closed. It is given, as all that is above is.
type StopIteration struct {
	// Value is what the body returned, for the call in which it did so, and nil for every later one.
	Value any
}

func (s *StopIteration) Error() string { return fmt.Sprintf("stop iteration: %v", s.Value) }

// Generator is a generator-iterator. It is made by New and used through its pointer.
type Generator struct {
	// Your fields.
}

// Yielder is the word yield, as a body has it. It belongs to the body, and to the functions that the body calls.
type Yielder struct {
	// Your fields.
}

// New returns a generator that has been created. The body, the generator function, runs once at most. What it returns with
// a nil error is the value of its StopIteration; an error is an exception that it raises, and the value beside it is
// dropped.
func New(body func(y *Yielder) (any, error)) *Generator {
	return &Generator{}
}

// Next is Send(nil).
func (g *Generator) Next() (any, error) {
	return nil, errNotWritten
}

// Send has the body go on. What it stands at, its Yield, returns value and no error; a created generator begins.
//
//   - The body comes to its next Yield: Send returns what was yielded, and no error.
//   - The body returns a value: the error is a *StopIteration with it, and the generator is closed.
//   - The body returns an error: Send returns it, and the generator is closed. But an error that is a *StopIteration
//     becomes ErrRaisedStopIteration, which is none and wraps none: else the caller would take a slip of the body (it
//     called Next of another generator and passed the error on) for the end of this one.
//   - The generator was closed: the error is a *StopIteration with the Value nil.
//   - The generator was created and value is not nil: the error is ErrJustStarted, as there is no Yield yet that could
//     return it. The generator stays as it is.
//
// The value beside an error is nil, here and in all the methods below.
func (g *Generator) Send(value any) (any, error) {
	return nil, errNotWritten
}

// Throw has the body go on with an exception: what it stands at, its Yield, returns nil and err. What comes of it is as
// for Send: the body may yield again, return a value, or return an error, be it err or another one.
//
// Where the body does not stand at a Yield nobody can catch it: err comes straight back. One that was created is closed
// then, without its body having begun; one that was closed stays so. err is never nil.
func (g *Generator) Throw(err error) (any, error) {
	return nil, errNotWritten
}

// Close throws ErrGeneratorExit into the body, so that it cleans up and ends.
//
//   - The body returns that error: it has obeyed, and Close returns nil and no error.
//   - The body returns a value: Close returns it, with no error (since Python 3.13).
//   - The body returns another error: Close returns it, with what Send says of a *StopIteration.
//   - The body yields: the error is ErrIgnoredExit, what was yielded is lost, and the generator stands suspended at
//     that Yield, from where it can go on.
//   - The generator was created: it is closed, and its body never begins. It was closed: nothing happens. Close returns
//     nil and no error.
func (g *Generator) Close() (any, error) {
	return nil, errNotWritten
}

// Yield answers the call that the body runs for with value, and stands still until the next one. It returns what that
// one sends, or the error that it throws.
func (y *Yielder) Yield(value any) (sent any, err error) {
	return nil, errNotWritten
}

// YieldFrom is "yield from sub" (PEP 380): as long as sub goes on, it answers in the place of the body. Whoever calls the
// body's generator seems to speak with sub itself.
//
//   - What sub yields is yielded as it is. The first is had by Next, whatever sub's state.
//   - What is sent goes to sub, by Send. What is thrown goes to sub, by Throw.
//   - But where what is thrown is ErrGeneratorExit, by Close or by Throw, sub is closed first; then YieldFrom returns the
//     error that was thrown, whatever value Close returned. If Close returns an error, YieldFrom returns that one instead.
//   - When sub ends, YieldFrom returns the Value of its StopIteration, and no error. Any other error of sub's is returned
//     by YieldFrom: the body may catch it.
func (y *Yielder) YieldFrom(sub *Generator) (any, error) {
	return nil, errNotWritten
}
