//go:build race

package network

import (
	"runtime"
	"unsafe"
)

// deaf and hear enclose the keeping of books: no synchronisation in between counts for the race detector.
func deaf() { runtime.RaceDisable() }
func hear() { runtime.RaceEnable() }

// release and acquire order what came before the one before what comes after the other.
func release(at *byte) { runtime.RaceRelease(unsafe.Pointer(at)) }
func acquire(at *byte) { runtime.RaceAcquire(unsafe.Pointer(at)) }
