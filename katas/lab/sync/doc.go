// Package sync is the drop-in for the standard package of that name that submissions are built with. The standard
// Mutex is not durably blocking in a bubble (see testing/synctest): a goroutine that sleeps while it holds one stops
// the bubble's clock for good, and a deadlock on one is never seen. Here whoever waits, waits on a channel, which the
// bubble sees.
//
// The semantics are those of the standard package, its fatal errors on misuse included, and so are the happens-before
// edges: exactly those that the standard types announce to the race detector, no weaker and no stronger. Inside, the
// books are kept with the detector deaf, in functions marked go:norace.
//
// What the bubble sees already (WaitGroup, Cond) and what never waits for long (Map, Pool) is the standard type.
//
// A lock in a package variable may serve one bubble after another, but a goroutine must not be left waiting for it in
// a bubble that has ended: the lab ends the process in that case.
package sync
