// Package switchinterval wakes all who wait at every change. Each of them looks again, and begins its interval anew.
package switchinterval

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// DefaultInterval is what sys.getswitchinterval() says unless somebody has set it.
const DefaultInterval = 5 * time.Millisecond

// ErrInterval is ValueError("switch interval must be strictly positive").
var ErrInterval = errors.New("switch interval must be strictly positive")

// GIL is the global interpreter lock. It is safe for use by many goroutines.
type GIL struct {
	interval atomic.Int64
	switches atomic.Int64
	request  atomic.Bool

	mu     sync.Mutex
	locked bool
	last   *Thread
	// changed is closed, and made anew, when the GIL is taken or dropped.
	changed chan struct{}
}

// New returns a GIL that is free.
func New() *GIL {
	g := &GIL{changed: make(chan struct{})}
	g.interval.Store(int64(DefaultInterval))
	return g
}

// SetSwitchInterval sets how long a thread waits before it asks for the GIL.
func (g *GIL) SetSwitchInterval(interval time.Duration) error {
	if interval <= 0 {
		return ErrInterval
	}
	g.interval.Store(int64(interval))
	return nil
}

// Switches returns how often the GIL was taken by another thread than had it last.
func (g *GIL) Switches() int { return int(g.switches.Load()) }

// NewThread returns a thread that does not have the GIL.
func (g *GIL) NewThread() *Thread { return &Thread{gil: g} }

// Thread is a thread state.
type Thread struct{ gil *GIL }

// tell wakes all who wait. It is called with mu held.
func (g *GIL) tell() {
	close(g.changed)
	g.changed = make(chan struct{})
}

// wait waits for a change, or for an interval at the most, and asks at the end of that. It is called with mu held.
func (g *GIL) wait() {
	changed := g.changed
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(g.interval.Load()))
	defer cancel()
	g.mu.Unlock()
	select {
	case <-changed:
		g.mu.Lock()
	case <-ctx.Done():
		g.mu.Lock()
		if changed == g.changed { // nothing has happened meanwhile
			g.request.Store(true)
		}
	}
}

// Take returns when the thread has the GIL.
func (t *Thread) Take() {
	g := t.gil
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.locked {
		g.wait()
	}
	g.locked = true
	g.request.Store(false)
	if g.last != t {
		g.last = t
		g.switches.Add(1)
	}
	g.tell()
}

// Drop gives the GIL away.
func (t *Thread) Drop() {
	g := t.gil
	g.mu.Lock()
	defer g.mu.Unlock()
	g.locked = false
	requested := g.request.Load()
	g.tell()
	for requested && g.last == t {
		changed := g.changed
		g.mu.Unlock()
		<-changed
		g.mu.Lock()
	}
}

// Check drops the GIL and takes it again where there is a request.
func (t *Thread) Check() {
	if t.gil.request.Load() {
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
