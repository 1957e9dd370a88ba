//go:build !race

package lab

// quietly runs f; without the race detector there is nothing to keep from it.
func quietly(f func()) { f() }

// raceErrors is 0: nobody looks for races.
func raceErrors() int { return 0 }
