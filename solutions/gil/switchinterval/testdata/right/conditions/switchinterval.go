// Package switchinterval has the variables and the two conditions of ceval_gil.c.
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
	mu          sync.Mutex
	interval    time.Duration
	locked      bool
	dropRequest bool
	lastHolder  *Thread
	switches    int
	// cond: the GIL was dropped, or somebody's interval is over. switchCond: it was taken.
	cond, switchCond sync.Cond
}

// New returns a GIL that is free.
func New() *GIL {
	g := &GIL{interval: DefaultInterval}
	g.cond.L, g.switchCond.L = &g.mu, &g.mu
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
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.switches
}

// NewThread returns a thread that does not have the GIL.
func (g *GIL) NewThread() *Thread { return &Thread{gil: g} }

// Thread is a thread state.
type Thread struct{ gil *GIL }

// Take returns when the thread has the GIL.
func (t *Thread) Take() {
	g := t.gil
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.locked {
		saved := g.switches
		if g.timedWait(g.interval) && g.locked && g.switches == saved {
			g.dropRequest = true
		}
	}
	g.locked = true
	if g.lastHolder != t {
		g.lastHolder = t
		g.switches++
	}
	g.switchCond.Broadcast()
	g.dropRequest = false
}

// timedWait waits until the GIL is free, or for the interval, and reports whether that is over. It is called with mu held.
func (g *GIL) timedWait(interval time.Duration) (over bool) {
	timer := time.AfterFunc(interval, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		over = true
		g.cond.Broadcast()
	})
	defer timer.Stop()
	for g.locked && !over {
		g.cond.Wait()
	}
	return over
}

// Drop gives the GIL away.
func (t *Thread) Drop() {
	g := t.gil
	g.mu.Lock()
	defer g.mu.Unlock()
	g.locked = false
	g.cond.Signal()
	if g.dropRequest {
		for g.lastHolder == t {
			g.switchCond.Wait()
		}
	}
}

// Check drops the GIL and takes it again where there is a request.
func (t *Thread) Check() {
	t.gil.mu.Lock()
	breaker := t.gil.dropRequest
	t.gil.mu.Unlock()
	if breaker {
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
