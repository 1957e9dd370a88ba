// Package switchinterval hands the GIL from who drops it to who has waited longest, so that it is never free while somebody waits.
package switchinterval

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// DefaultInterval is what sys.getswitchinterval() says unless somebody has set it.
const DefaultInterval = 5 * time.Millisecond

// ErrInterval is ValueError("switch interval must be strictly positive").
var ErrInterval = errors.New("switch interval must be strictly positive")

// GIL is the global interpreter lock. It is safe for use by many goroutines.
type GIL struct {
	mu       sync.Mutex
	interval time.Duration
	holder   *Thread
	last     *Thread
	switches int
	request  bool
	line     []*Thread
}

// New returns a GIL that is free.
func New() *GIL { return &GIL{interval: DefaultInterval} }

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
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.switches
}

// NewThread returns a thread that does not have the GIL.
func (g *GIL) NewThread() *Thread { return &Thread{gil: g, turn: make(chan struct{}, 1)} }

// Thread is a thread state.
type Thread struct {
	gil *GIL
	// turn has a token when the GIL was given to the thread while it stood in the line.
	turn chan struct{}
}

// give makes t the one that has the GIL, or nobody. It is called with mu held.
func (g *GIL) give(t *Thread) {
	g.holder, g.request = t, false
	if t != nil && t != g.last {
		g.last = t
		g.switches++
	}
}

// Take stands in the line, and asks now and then.
func (t *Thread) Take() {
	g := t.gil
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.holder == nil {
		g.give(t)
		return
	}
	g.line = append(g.line, t)
	for g.holder != t {
		before := g.switches
		timer := time.NewTimer(g.interval)
		g.mu.Unlock()
		select {
		case <-t.turn:
			timer.Stop()
			g.mu.Lock()
			return
		case <-timer.C:
		}
		g.mu.Lock()
		if before == g.switches {
			g.request = true
		}
	}
	<-t.turn // it came in the moment in which the interval was over
}

// Drop gives the GIL to the first in the line. So another thread has it when Drop returns, if one wants it at all.
func (t *Thread) Drop() {
	g := t.gil
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.line) == 0 {
		g.give(nil)
		return
	}
	next := g.line[0]
	g.line = slices.Delete(g.line, 0, 1)
	g.give(next)
	next.turn <- struct{}{}
}

// Check drops the GIL and takes it again where there is a request.
func (t *Thread) Check() {
	t.gil.mu.Lock()
	request := t.gil.request
	t.gil.mu.Unlock()
	if request {
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
