//kata:wrong kind=wrong  returns nil from a wait that had its result when main ended

// Package hub is the reference solution: gevent's hub, the loop that nobody sees. What waits is a record that some timer or
// event can finish, once; everything that happens to a greenlet happens between two of its turns.
package hub

import (
	"errors"
	"slices"
	"time"
)

// Forever is the timeout of a Join that has none.
const Forever time.Duration = -1

var (
	// ErrGreenletExit is GreenletExit: somebody has killed this greenlet.
	ErrGreenletExit = errors.New("GreenletExit")
	// ErrLoopExit is LoopExit.
	ErrLoopExit = errors.New("this operation would block forever")
)

// Hub runs greenlets. Only the greenlet that has the turn touches its fields, or the loop when none has.
type Hub struct {
	ready   []*Greenlet
	all     []*Greenlet
	timers  []*timer
	current *Greenlet
	main    *Greenlet
	back    chan struct{}
}

type timer struct {
	due  time.Time
	fire func()
}

// Greenlet is a green thread of a hub.
type Greenlet struct {
	hub    *Hub
	turn   chan struct{}
	begun  bool
	ended  bool
	wait   *wait   // what it waits in
	thrown []error // kept for its next wait
	done   *Event
}

// wait is one wait of a greenlet. It is over when it is no longer its greenlet's.
type wait struct {
	err error
}

// New returns a hub without greenlets.
func New() *Hub { return &Hub{back: make(chan struct{})} }

// Run runs main and the others until all have ended.
func (h *Hub) Run(main func()) {
	h.main = h.Spawn(main)
	for {
		h.fireTimers()
		switch {
		case len(h.ready) > 0:
			h.resume()
		case h.main.ended:
			return
		case len(h.timers) > 0:
			time.Sleep(time.Until(h.timers[0].due))
		default:
			h.main.throw(ErrLoopExit)
		}
	}
}

// fireTimers fires what is due.
func (h *Hub) fireTimers() {
	for len(h.timers) > 0 && !h.timers[0].due.After(time.Now()) {
		t := h.timers[0]
		h.timers = h.timers[1:]
		t.fire()
	}
}

// resume gives the first that is ready its turn, and gets it back.
func (h *Hub) resume() {
	g := h.ready[0]
	h.ready = h.ready[1:]
	if g.ended {
		return
	}
	g.begun, h.current = true, g
	g.turn <- struct{}{}
	<-h.back
	if g == h.main && g.ended {
		for _, other := range h.all {
			other.Kill()
		}
	}
}

// Spawn makes a greenlet.
func (h *Hub) Spawn(fn func()) *Greenlet {
	g := &Greenlet{hub: h, turn: make(chan struct{}), done: h.NewEvent()}
	if h.main != nil && h.main.ended {
		g.end()
		return g
	}
	h.all = append(h.all, g)
	h.ready = append(h.ready, g)
	go func() {
		if <-g.turn; !g.ended {
			fn()
			g.end()
			h.back <- struct{}{}
		}
	}()
	return g
}

// end marks a greenlet as ended.
func (g *Greenlet) end() {
	g.ended = true
	g.hub.all = slices.DeleteFunc(slices.Clone(g.hub.all), func(other *Greenlet) bool { return other == g })
	g.done.Set()
}

// park gives the turn away until the wait is over.
func (h *Hub) park(w *wait) error {
	g := h.current
	if h.main.ended {
		return ErrGreenletExit
	}
	g.wait = w
	if len(g.thrown) > 0 {
		err := g.thrown[0]
		g.thrown = g.thrown[1:]
		g.finish(w, err)
	}
	h.back <- struct{}{}
	<-g.turn
	return w.err
}

// finish ends a wait, if it is not over yet.
func (g *Greenlet) finish(w *wait, err error) {
	if g.wait == w {
		g.wait, w.err = nil, err
		g.hub.ready = append(g.hub.ready, g)
	}
}

// throw ends the wait of a greenlet with an exception, or keeps that for the next one.
func (g *Greenlet) throw(err error) {
	if g.wait != nil {
		g.finish(g.wait, err)
	} else {
		g.thrown = append(g.thrown, err)
	}
}

// after fires in d.
func (h *Hub) after(d time.Duration, fire func()) *timer {
	t := &timer{due: time.Now().Add(d), fire: fire}
	i := 0
	for i < len(h.timers) && !h.timers[i].due.After(t.due) {
		i++
	}
	h.timers = slices.Insert(h.timers, i, t)
	return t
}

// stop takes a timer away.
func (h *Hub) stop(t *timer) {
	h.timers = slices.DeleteFunc(h.timers, func(other *timer) bool { return other == t })
}

// Sleep waits until d has passed.
func (h *Hub) Sleep(d time.Duration) error {
	g, w := h.current, &wait{}
	t := h.after(d, func() { g.finish(w, nil) })
	defer h.stop(t)
	return h.park(w)
}

// Ready reports whether the greenlet has ended.
func (g *Greenlet) Ready() bool { return g.ended }

// Join waits until the greenlet has ended.
func (g *Greenlet) Join(timeout time.Duration) error {
	h, self, w := g.hub, g.hub.current, &wait{}
	if timeout > 0 {
		t := h.after(timeout, func() { self.finish(w, nil) })
		defer h.stop(t)
	}
	return g.done.await(w)
}

// Kill throws ErrGreenletExit into the greenlet.
func (g *Greenlet) Kill() {
	switch {
	case g.ended:
	case !g.begun:
		g.end()
		close(g.turn)
	default:
		g.throw(ErrGreenletExit)
	}
}

// Timeout is an exception for the greenlet that has started it.
type Timeout struct {
	greenlet *Greenlet
	timer    *timer
}

// StartTimeout starts a Timeout.
func (h *Hub) StartTimeout(d time.Duration) *Timeout {
	t := &Timeout{greenlet: h.current}
	t.timer = h.after(d, func() { t.greenlet.throw(t) })
	return t
}

// Error says that it is a timeout.
func (t *Timeout) Error() string { return "timeout" }

// Cancel stops the Timeout.
func (t *Timeout) Cancel() {
	g := t.greenlet
	g.hub.stop(t.timer)
	g.thrown = slices.DeleteFunc(g.thrown, func(err error) bool { return err == error(t) })
}

// Event is a flag that greenlets wait for.
type Event struct {
	hub     *Hub
	set     bool
	waiting []func()
}

// NewEvent returns an event that is not set.
func (h *Hub) NewEvent() *Event { return &Event{hub: h} }

// Set sets the event.
func (e *Event) Set() {
	e.set = true
	for _, wake := range e.waiting {
		wake()
	}
	e.waiting = nil
}

// Wait waits until the event is set.
func (e *Event) Wait() error { return e.await(&wait{}) }

func (e *Event) await(w *wait) error {
	if e.set {
		return nil
	}
	g := e.hub.current
	e.waiting = append(e.waiting, func() { g.finish(w, nil) })
	return e.hub.park(w)
}
