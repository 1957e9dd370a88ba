//go:build race

package lab

import "runtime"

// quietly runs f with the race detector deaf to synchronisation on this goroutine: what the lab does to keep its own
// books must order nothing in the code under test. The memory that f touches must be new, or reached only from
// functions marked go:norace, or the detector reports the lab's own accesses.
//
//go:norace
func quietly(f func()) {
	runtime.RaceDisable()
	defer runtime.RaceEnable()
	f()
}

// raceErrors is how many races the detector has reported in this process.
func raceErrors() int { return runtime.RaceErrors() }
