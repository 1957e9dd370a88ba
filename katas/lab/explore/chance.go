package explore

import (
	"runtime"
	"sync/atomic"
)

// chances counts the points that were come to outside of a run.
var chances atomic.Uint64

// Active reports whether the caller is in a run.
//
//go:norace
func Active() bool { return active != nil }

// Stopping reports whether the caller is in a run that is over: its goroutines are being ended.
//
//go:norace
func Stopping() bool { return active != nil && active.stopping }

// Pause leaves some other goroutine a chance to run, behind an operation, where no run is going on.
//
//go:norace
func Pause() {
	if active == nil {
		chance(Begin)
	}
}

// chance lets another goroutine run, at about every second point, where no run is going on. A bug between two locked
// sections, or between the load and the store of an atomic, needs a switch just there, which Go's own scheduler makes
// about never; a right program bears a switch anywhere.
//
//go:norace
func chance(op Op) {
	if natures[op].fine {
		return
	}
	deaf()
	n := chances.Add(1)
	hear()
	// The high bit of a multiplicative hash (Knuth, TAOCP 3, 6.4): no pattern that a program's own could fall in with.
	if n*0x9e3779b97f4a7c15>>63 == 0 {
		runtime.Gosched()
	}
}
