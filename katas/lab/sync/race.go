//go:build race

package sync

import (
	"runtime"
	"unsafe"
)

// deaf and hear enclose what keeps a lock's books: no synchronisation in between counts for the race detector.
// Parking in between is fine, the setting is the goroutine's.
func deaf() { runtime.RaceDisable() }
func hear() { runtime.RaceEnable() }

func acquire(at *byte)      { runtime.RaceAcquire(unsafe.Pointer(at)) }
func release(at *byte)      { runtime.RaceRelease(unsafe.Pointer(at)) }
func releaseMerge(at *byte) { runtime.RaceReleaseMerge(unsafe.Pointer(at)) }

// raceRead and raceWrite are accesses that the race detector takes notice of, to hold a misuse to its name.
func raceRead(at *byte)  { runtime.RaceRead(unsafe.Pointer(at)) }
func raceWrite(at *byte) { runtime.RaceWrite(unsafe.Pointer(at)) }
