// Package preempt is where a submission may be made to switch: the drop-ins for sync and sync/atomic call it at each of
// their operations.
package preempt

import (
	"runtime"
	"sync/atomic"
)

// points counts the places where a goroutine could have been preempted.
var points atomic.Uint64

// Point lets another goroutine run, at about every second call. A bug between two locked sections (read under the
// lock, write under the lock, the lock dropped in between), or between the load and the store of an atomic, needs a
// switch just there, which Go's own scheduler makes about never; a right program bears a switch anywhere. It orders
// nothing, and is safe for use by many goroutines.
//
// This is chance, helped along; the explored lens chooses.
//
//go:norace
func Point() {
	deaf()
	n := points.Add(1)
	hear()
	// The high bit of a multiplicative hash (Knuth, TAOCP 3, 6.4): no pattern that a program's own could fall in with.
	if n*0x9e3779b97f4a7c15>>63 == 0 {
		runtime.Gosched()
	}
}
