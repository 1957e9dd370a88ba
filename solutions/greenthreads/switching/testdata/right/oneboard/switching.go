// Package switching is greenlet's switch with one lock and one condition for all greenlets of a thread: on a board stands who
// runs, and what it gets.
package switching

import (
	"errors"
	"fmt"
	"sync"
)

var (
	// ErrGreenletExit is greenlet.GreenletExit.
	ErrGreenletExit = errors.New("greenlet exit")
	// ErrDifferentThread is greenlet.error("cannot switch to a different thread").
	ErrDifferentThread = errors.New("cannot switch to a different thread")
)

// Thread is a Python thread, as far as greenlets are concerned. What it knows belongs to whoever runs.
type Thread struct {
	mu      sync.Mutex // guards all fields of the thread and of its greenlets
	changed *sync.Cond
	current *Greenlet
	parcel  parcel // what the current greenlet gets
}

// Greenlet is a greenlet.
type Greenlet struct {
	thread *Thread
	run    func(value any) (any, error) // nil once it has begun, or never will
	parent *Greenlet
	dead   bool
}

// parcel is a value, or an exception.
type parcel struct {
	value any
	err   error
}

// NewThread returns a thread whose main greenlet is the code that calls it.
func NewThread() *Thread {
	th := &Thread{}
	th.changed = sync.NewCond(&th.mu)
	th.current = th.New(nil, nil)
	return th
}

// Current returns the greenlet that runs.
func (th *Thread) Current() *Greenlet {
	th.mu.Lock()
	defer th.mu.Unlock()
	return th.current
}

// New returns a greenlet of this thread that has not begun.
func (th *Thread) New(run func(value any) (any, error), parent *Greenlet) *Greenlet {
	if parent == nil {
		parent = th.Current()
	}
	return &Greenlet{thread: th, run: run, parent: parent}
}

// Parent returns the greenlet that goes on when g ends.
func (g *Greenlet) Parent() *Greenlet { return g.parent }

// Dead reports whether g has ended.
func (g *Greenlet) Dead() bool {
	g.thread.mu.Lock()
	defer g.thread.mu.Unlock()
	return g.dead
}

// Switch sends value to g and returns what arrives here.
func (th *Thread) Switch(g *Greenlet, value any) (any, error) {
	return th.send(g, parcel{value: value})
}

// Throw sends an exception to g and returns what arrives here.
func (th *Thread) Throw(g *Greenlet, err error) (any, error) { return th.send(g, parcel{err: err}) }

// send hands the thread over to who gets the parcel, and waits for one.
func (th *Thread) send(g *Greenlet, p parcel) (any, error) {
	if g.thread != th {
		return nil, fmt.Errorf("switch: %w", ErrDifferentThread)
	}
	th.mu.Lock()
	defer th.mu.Unlock()
	me := th.current
	g, p = g.receiver(p)
	g.goOn(p)
	for th.current != me {
		th.changed.Wait()
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

// goOn makes g the current greenlet. The lock is held.
func (g *Greenlet) goOn(p parcel) {
	g.thread.current, g.thread.parcel = g, p
	g.thread.changed.Broadcast()
	if run := g.run; run != nil {
		g.run = nil
		go g.live(run, p.value)
	}
}

// live is the life of g.
func (g *Greenlet) live(run func(value any) (any, error), value any) {
	value, err := run(value)
	if err != nil {
		value = nil
	}
	g.thread.mu.Lock()
	defer g.thread.mu.Unlock()
	g.dead = true
	parent, p := g.receiver(parcel{value, err})
	parent.goOn(p)
}
