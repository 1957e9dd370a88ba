package explore

import "runtime"

// Goroutine is one goroutine under the scheduler. Its fields are touched by the scheduler only.
type Goroutine struct {
	// id counts the goroutines of a run in the order in which they were started; 0 is the test's own.
	id int
	// native names it to the runtime, see getg.
	native uintptr
	state  state
	// unknown: it was not started through Go but came to a point by itself (a timer's function, a coroutine).
	unknown bool
	// op and on are what it does next, or waits to do.
	op Op
	on *Resource
	// grant wakes it where it is parked.
	grant chan struct{}
	// signalled: the condition variable or the group that it waits for has let it go.
	signalled bool
	// idle counts the loop heads that it has come by since anything changed; seen is the run's version then.
	idle int
	seen int
	// priority is for the random search: the highest that is ready runs.
	priority uint64
	// at is where it stands, known while recording; began is where it was started.
	at, began Site
	// behind is the next goroutine in a condition variable's line.
	behind *Goroutine
}

// state is where a goroutine is.
type state uint8

const (
	// starting: started, and not yet at its first point.
	starting state = iota
	// running: the one that may.
	running
	// parked: at a point, waiting to be chosen.
	parked
	// away: waits for something that the scheduler does not see.
	away
	// ended for good.
	ended
)

// depth is how many frames of a stack are kept: the drop-ins and hooks take two or three of them.
const depth = 10

// Site is a place in the program: the innermost frames of a stack.
type Site struct {
	pcs [depth]uintptr
	n   int
}

// here is the place of the caller's caller.
//
//go:norace
func here(skip int) (s Site) {
	s.n = runtime.Callers(skip+2, s.pcs[:])
	return s
}

// Frames are the frames of the place, innermost first.
func (s Site) Frames() *runtime.Frames { return runtime.CallersFrames(s.pcs[:s.n]) }

// ready reports whether it could do now what it is about to do.
//
//go:norace
func (g *Goroutine) ready() bool {
	return g.state == parked && (g.on == nil || g.on.admits(g))
}
