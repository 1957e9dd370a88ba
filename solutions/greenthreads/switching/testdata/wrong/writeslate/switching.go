//kata:wrong kind=race  says who is current after it has handed over

// Package switching is greenlet's switch. A greenlet is a goroutine that waits at a mailbox of its own. Who switches looks for
// the one who gets what is sent, puts it into that mailbox, and waits at its own.
package switching

import "errors"

var (
	// ErrGreenletExit is greenlet.GreenletExit.
	ErrGreenletExit = errors.New("greenlet exit")
	// ErrDifferentThread is greenlet.error("cannot switch to a different thread").
	ErrDifferentThread = errors.New("cannot switch to a different thread")
)

// Thread is a Python thread, as far as greenlets are concerned. What it knows belongs to whoever runs.
type Thread struct {
	current *Greenlet
}

// Greenlet is a greenlet.
type Greenlet struct {
	thread *Thread
	run    func(value any) (any, error) // nil once it has begun, or never will
	parent *Greenlet
	dead   bool
	inbox  chan parcel
}

// parcel is a value, or an exception.
type parcel struct {
	value any
	err   error
}

// NewThread returns a thread whose main greenlet is the code that calls it.
func NewThread() *Thread {
	th := &Thread{}
	th.current = th.New(nil, nil)
	return th
}

// Current returns the greenlet that runs.
func (th *Thread) Current() *Greenlet { return th.current }

// New returns a greenlet of this thread that has not begun.
func (th *Thread) New(run func(value any) (any, error), parent *Greenlet) *Greenlet {
	if parent == nil {
		parent = th.current
	}
	return &Greenlet{thread: th, run: run, parent: parent, inbox: make(chan parcel)}
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
	if g, p = g.receiver(p); g != me {
		g.goOn(p)
		p = <-me.inbox
	}
	return p.value, p.err
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

// goOn makes g the current greenlet. From here on it runs, and the caller may touch nothing more.
func (g *Greenlet) goOn(p parcel) {
	if g.run != nil {
		go g.live(p.value)
	} else {
		g.inbox <- p
	}
	g.thread.current = g
}

// live is the life of g.
func (g *Greenlet) live(value any) {
	run := g.run
	g.run = nil
	value, err := run(value)
	if err != nil {
		value = nil
	}
	g.dead = true
	parent, p := g.receiver(parcel{value, err})
	parent.goOn(p)
}
