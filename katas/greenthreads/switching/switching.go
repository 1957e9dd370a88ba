// Package switching is a kata: greenlet's switch, by which one stack names the other that goes on.
//
// A greenlet is a function with a stack of its own. Of the greenlets of a thread one runs, the current one. All others
// stand still: not begun, in the middle of a Switch or Throw, or dead. Who runs is changed by these three things, and by
// nothing else: a Switch, a Throw, and the end of a greenlet's function.
//
// A switch is no call. It says who goes on, and it comes back when somebody, whoever that is, switches to the one that
// called it. Only who follows an ending is settled before: the parent.
//
// # What is sent, and where it arrives
//
// A switch sends a value, a throw an exception, which is an error here. It arrives at its target according to how that one
// stands:
//
//   - The target stands in a Switch or a Throw: this call returns what arrives, a value with no error, or an error with
//     the value nil.
//   - The target is the current greenlet: the same, at once. Nobody else runs in between.
//   - The target has not begun, and a value arrives: its function is called with the value.
//   - The target has not begun, and an exception arrives: nobody is there who could catch it. The target is dead, its
//     function is never called, and the exception goes on to its parent.
//   - The target is dead: what arrives goes on to its parent.
//
// A function that returns a value and a nil error sends the value to its greenlet's parent. One that returns an error sends
// that as an exception, and the value is dropped. The greenlet is dead by then.
//
// An exception that is ErrGreenletExit, by errors.Is, is no failure. Where a greenlet sends or passes it on to its parent (it
// has ended with it, or was dead or not begun when it arrived) it becomes a value: the error itself is the value that
// the parent gets, with no error beside it.
//
// # Rules for the whole package
//
//   - A switch orders memory: what was done before it is seen after it. The greenlets of a thread need no lock.
//   - A greenlet that has not begun or is dead holds no goroutine and can be forgotten. Who forgets one that stands in the
//     middle leaks it: greenlet's collector would throw GreenletExit into it, Go's does not.
//   - Standing still costs nothing: no CPU, and no look now and then.
//   - Threads have nothing in common. They run at the same time, each on goroutines of its own.
//   - Functions of greenlets do not panic and do not call runtime.Goexit.
//
// Python knows by itself on which thread, and in which greenlet, code runs. In Go both are what the Thread stands for: its
// methods, and those of its greenlets, are called by the code that runs on it, that is by its current greenlet.
package switching

import "errors"

var (
	// ErrGreenletExit is greenlet.GreenletExit: thrown into a greenlet it asks it to end.
	ErrGreenletExit = errors.New("greenlet exit")
	// ErrDifferentThread is greenlet.error("cannot switch to a different thread").
	ErrDifferentThread = errors.New("cannot switch to a different thread")

	errNotWritten = errors.New("not written yet")
)

// Thread is a Python thread, as far as greenlets are concerned: it has a main greenlet, and knows the current one.
type Thread struct {
	// Your fields.
}

// Greenlet is a greenlet. It is made by New, or is the main one of its thread, and is used through its pointer.
type Greenlet struct {
	// Your fields.
}

// NewThread returns a thread whose main greenlet is the code that calls it, on the goroutine that it runs on. The main
// greenlet is the current one. It has begun, has no parent, and never dies.
func NewThread() *Thread {
	return &Thread{}
}

// Current returns the greenlet that runs (greenlet.getcurrent).
func (th *Thread) Current() *Greenlet {
	return nil
}

// New returns a greenlet of this thread that has not begun. The function runs once at most. A parent of nil is the current
// greenlet; another one is a greenlet of this thread, in whatever state.
func (th *Thread) New(run func(value any) (any, error), parent *Greenlet) *Greenlet {
	return &Greenlet{}
}

// Parent returns the greenlet that goes on when g ends, nil for a main one.
func (g *Greenlet) Parent() *Greenlet {
	return nil
}

// Dead reports whether g has ended, or has died without having begun.
func (g *Greenlet) Dead() bool {
	return false
}

// Switch sends value to g, which goes on with it, and stands still until something arrives at the caller. It returns what
// does (g.switch(value)).
//
// Where g is of another thread, whatever its state, the error is ErrDifferentThread, at once, and nothing happens. The
// other thread may be running, and is not disturbed.
func (th *Thread) Switch(g *Greenlet, value any) (any, error) {
	return nil, errNotWritten
}

// Throw is Switch that sends an exception (g.throw(err)). err is never nil.
func (th *Thread) Throw(g *Greenlet, err error) (any, error) {
	return nil, errNotWritten
}
