// Package switching is greenlet's switch on the coroutines of iter.Pull, which can only go back to who runs them. That is the
// main greenlet, always: who switches tells it whom to run next.
package switching

import (
	"errors"
	"iter"
)

var (
	// ErrGreenletExit is greenlet.GreenletExit.
	ErrGreenletExit = errors.New("greenlet exit")
	// ErrDifferentThread is greenlet.error("cannot switch to a different thread").
	ErrDifferentThread = errors.New("cannot switch to a different thread")
)

// Thread is a Python thread, as far as greenlets are concerned. What it knows belongs to whoever runs.
type Thread struct {
	main    *Greenlet
	current *Greenlet
	parcel  parcel // what the current greenlet gets
}

// Greenlet is a greenlet.
type Greenlet struct {
	thread *Thread
	run    func(value any) (any, error) // nil once it has begun, or never will
	parent *Greenlet
	dead   bool
	resume func() (struct{}, bool)
	leave  func(struct{}) bool
}

// parcel is a value, or an exception.
type parcel struct {
	value any
	err   error
}

// NewThread returns a thread whose main greenlet is the code that calls it.
func NewThread() *Thread {
	th := &Thread{}
	th.main = th.New(nil, nil)
	th.current = th.main
	return th
}

// Current returns the greenlet that runs.
func (th *Thread) Current() *Greenlet { return th.current }

// New returns a greenlet of this thread that has not begun.
func (th *Thread) New(run func(value any) (any, error), parent *Greenlet) *Greenlet {
	if parent == nil {
		parent = th.current
	}
	return &Greenlet{thread: th, run: run, parent: parent}
}

// Parent returns the greenlet that goes on when g ends.
func (g *Greenlet) Parent() *Greenlet { return g.parent }

// Dead reports whether g has ended.
func (g *Greenlet) Dead() bool { return g.dead }

// Switch sends value to g and returns what arrives here.
func (th *Thread) Switch(g *Greenlet, value any) (any, error) {
	return th.send(g, parcel{value: value})
}

// Throw sends an exception to g and returns what arrives here.
func (th *Thread) Throw(g *Greenlet, err error) (any, error) { return th.send(g, parcel{err: err}) }

// send hands the thread over to who gets the parcel, and waits for one.
func (th *Thread) send(g *Greenlet, p parcel) (any, error) {
	if g.thread != th {
		return nil, ErrDifferentThread
	}
	me := th.current
	th.current, th.parcel = g.receiver(p)
	switch me {
	case th.current:
	case th.main:
		for th.current != th.main {
			th.current.goOn()
		}
	default:
		me.leave(struct{}{})
	}
	return th.parcel.value, th.parcel.err
}

// receiver returns who gets a parcel that is sent to g, and what that one gets. The main greenlet gets all that nobody else
// does.
func (g *Greenlet) receiver(p parcel) (*Greenlet, parcel) {
	for g.dead || g.run != nil && p.err != nil {
		g, p = g.die(p)
	}
	return g, p
}

// die leaves p to the parent.
func (g *Greenlet) die(p parcel) (*Greenlet, parcel) {
	g.dead, g.run = true, nil
	if errors.Is(p.err, ErrGreenletExit) {
		p = parcel{value: p.err}
	}
	return g.parent, p
}

// goOn runs g until it switches or ends. It is called by the main greenlet.
func (g *Greenlet) goOn() {
	if g.run != nil {
		g.resume, _ = iter.Pull(g.live)
	}
	g.resume()
}

// live is the life of g.
func (g *Greenlet) live(leave func(struct{}) bool) {
	th, run := g.thread, g.run
	g.run, g.leave = nil, leave
	value, err := run(th.parcel.value)
	if err != nil {
		value = nil
	}
	g.dead = true
	th.current, th.parcel = g.receiver(parcel{value, err})
}
