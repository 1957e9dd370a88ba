//kata:wrong kind=deadlock  the alarm of who has the GIL by now asks all the same, and he waits for somebody to take it

// Package switchinterval sets an alarm and does not stop it.
package switchinterval

import (
	"errors"
	"sync"
	"time"
)

// DefaultInterval is what sys.getswitchinterval() says unless somebody has set it.
const DefaultInterval = 5 * time.Millisecond

// ErrInterval is ValueError("switch interval must be strictly positive").
var ErrInterval = errors.New("switch interval must be strictly positive")

// GIL is the global interpreter lock. It is safe for use by many goroutines.
type GIL struct {
	// free has one token while the GIL is free.
	free chan struct{}

	// mu guards the fields below. It is held for a few instructions.
	mu       sync.Mutex
	interval time.Duration
	// request: the thread that has the GIL is to drop it at its next check.
	request  bool
	last     *Thread
	switches int
	// switched is closed, and made anew, when the GIL is taken by another thread than had it last.
	switched chan struct{}
}

// New returns a GIL that is free.
func New() *GIL {
	g := &GIL{free: make(chan struct{}, 1), interval: DefaultInterval, switched: make(chan struct{})}
	g.free <- struct{}{}
	return g
}

// SetSwitchInterval sets how long a thread waits before it asks for the GIL.
func (g *GIL) SetSwitchInterval(interval time.Duration) error {
	if interval <= 0 {
		return ErrInterval
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.interval = interval
	return nil
}

// Switches returns how often the GIL was taken by another thread than had it last.
func (g *GIL) Switches() int {
	_, switches := g.look()
	return switches
}

func (g *GIL) look() (interval time.Duration, switches int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.interval, g.switches
}

// NewThread returns a thread that does not have the GIL.
func (g *GIL) NewThread() *Thread { return &Thread{gil: g} }

// Thread is a thread state.
type Thread struct{ gil *GIL }

// Take returns when the thread has the GIL. After each interval that it waits it asks for it.
func (t *Thread) Take() {
	for {
		interval, switches := t.gil.look()
		over := make(chan struct{})
		time.AfterFunc(interval, func() { t.gil.ask(); close(over) })
		_ = switches
		select {
		case <-t.gil.free:
			t.gil.taken(t)
			return
		case <-over:
		}
	}
}

// taken notes that t has the GIL, of whom nobody has asked anything yet.
func (g *GIL) taken(t *Thread) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.request = false
	if g.last != t {
		g.last = t
		g.switches++
		close(g.switched)
		g.switched = make(chan struct{})
	}
}

// ask sets the drop request, unless the GIL has changed hands since there were so many switches.
func (g *GIL) ask() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.request = true
}

// Drop gives the GIL away, and if somebody has asked for it waits until another thread has it.
func (t *Thread) Drop() {
	requested, switched := t.gil.requested()
	t.gil.free <- struct{}{}
	if requested {
		<-switched
	}
}

// requested says whether there is a drop request, and what is closed at the next switch.
func (g *GIL) requested() (bool, <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.request, g.switched
}

// Check lets another thread have the GIL, if somebody has asked for it.
func (t *Thread) Check() {
	if requested, _ := t.gil.requested(); requested {
		t.Drop()
		t.Take()
	}
}

// AllowThreads calls blocking without the GIL.
func (t *Thread) AllowThreads(blocking func()) {
	t.Drop()
	defer t.Take()
	blocking()
}
