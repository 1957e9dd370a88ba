package sync

import (
	"runtime"
	std "sync/atomic"
)

// switches counts the places where a goroutine could have been preempted.
var switches std.Uint64

// preempt lets another goroutine run, at about every second lock operation. A bug between two locked sections (read
// under the lock, write under the lock, the lock dropped in between) needs a switch just there, which Go's own
// scheduler makes about never; a right program bears a switch anywhere. It orders nothing.
//
// This is chance, helped along; the explored lens chooses.
//
//go:norace
func preempt() {
	deaf()
	n := switches.Add(1)
	hear()
	// The high bit of a multiplicative hash (Knuth, TAOCP 3, 6.4): no pattern that a program's own could fall in with.
	if n*0x9e3779b97f4a7c15>>63 == 0 {
		runtime.Gosched()
	}
}
