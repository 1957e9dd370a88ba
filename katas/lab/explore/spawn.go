package explore

import (
	"fmt"
	"runtime/debug"
	"strconv"
)

// Spawn opens the books of a goroutine that the caller is about to start. It returns nil outside of a run.
//
//go:norace
func Spawn() *Goroutine {
	me := At(Go, nil)
	if me == nil {
		return nil
	}
	r := active
	deaf()
	r.mu.Lock()
	g := r.add()
	if r.recording {
		g.began = me.at
	}
	r.mu.Unlock()
	hear()
	if r.recording {
		Note("goroutine " + strconv.Itoa(g.id))
	}
	return g
}

// Run runs f in a goroutine whose books were opened by Spawn, from its first instruction to its last. A panic ends the
// run and not the process.
func (g *Goroutine) Run(f func()) {
	r := g.enter()
	defer func() {
		if reason := recover(); reason != nil {
			r.panicked(fmt.Sprint(reason), string(debug.Stack()))
		}
		r.end(g)
	}()
	f()
}

//go:norace
func (g *Goroutine) enter() *Run {
	r := active
	g.begin(r)
	return r
}

// Adopt runs f in a goroutine that something else started, a timer for instance, and closes its books when f has ended.
func Adopt(f func()) {
	g := adopt()
	if g == nil {
		f()
		return
	}
	g.Run(f)
}

//go:norace
func adopt() *Goroutine {
	r := active
	if r == nil {
		return nil
	}
	deaf()
	r.mu.Lock()
	g := r.add()
	r.alert()
	r.mu.Unlock()
	hear()
	return g
}

// panicked ends the run for a panic in one of its goroutines.
//
//go:norace
func (r *Run) panicked(reason, stack string) {
	deaf()
	r.mu.Lock()
	if !r.stopping {
		r.reason, r.stack = reason, stack
		r.stop(Panicked)
	}
	r.mu.Unlock()
	hear()
}

// Fatal ends the run for a misuse that the standard library answers with a fatal error, which nothing can recover.
//
//go:norace
func Fatal(reason string) {
	r := active
	deaf()
	r.mu.Lock()
	r.reason, r.stack = "fatal error: "+reason, string(debug.Stack())
	r.stop(Panicked)
	r.abandon()
}
