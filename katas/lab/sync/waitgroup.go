package sync

import (
	std "sync"

	"github.com/python-concurrency/kata/katas/lab/explore"
)

// WaitGroup waits for a group of goroutines, as the standard sync.WaitGroup. The zero value is an empty group. It must
// not be copied after first use.
type WaitGroup struct {
	// std does the work outside of a run of the explored lens: the bubble sees who waits for it.
	std std.WaitGroup
	// explored is the group in a run.
	explored explore.Resource
	// edge is the address that the race detector knows the group by, first the one by which an Add from zero races with
	// a Wait that nothing orders after it.
	edge, first byte
}

// Add adds delta, which may be negative, to the counter. At zero all who wait go on; below, Add panics.
//
//go:norace
func (wg *WaitGroup) Add(delta int) {
	if delta < 0 && explore.Active() {
		releaseMerge(&wg.edge)
	}
	count, waiting, explored := wg.explored.Add(delta)
	if !explored {
		wg.std.Add(delta)
		explore.Pause()
		return
	}
	if delta > 0 && count == delta {
		raceRead(&wg.first)
	}
	if count < 0 {
		panic("sync: negative WaitGroup counter")
	}
	if waiting > 0 && delta > 0 && count == delta {
		panic("sync: WaitGroup misuse: Add called concurrently with Wait")
	}
}

// Done takes one off the counter.
func (wg *WaitGroup) Done() { wg.Add(-1) }

// Wait waits until the counter is zero.
//
//go:norace
func (wg *WaitGroup) Wait() {
	reused, explored := wg.explored.Wait(wg.mustWait)
	if !explored {
		wg.std.Wait()
		return
	}
	acquire(&wg.edge)
	if reused {
		panic("sync: WaitGroup is reused before previous Wait has returned")
	}
}

// mustWait tells the race detector of the first who has to wait: nothing orders that after an Add from zero but the
// program itself.
//
//go:norace
func (wg *WaitGroup) mustWait(first bool) {
	if first {
		raceWrite(&wg.first)
	}
}

// Go calls f in a new goroutine of the group. f must not panic.
func (wg *WaitGroup) Go(f func()) {
	wg.Add(1)
	g := explore.Spawn()
	if g == nil {
		go wg.run(f)
		return
	}
	go g.Run(func() { wg.run(f) })
}

// run calls f and takes it off the counter, but not where f panics: the panic ends the process, and nobody who waits
// should go on and end it first.
func (wg *WaitGroup) run(f func()) {
	defer func() {
		if reason := recover(); reason != nil {
			panic(reason)
		}
		wg.Done()
	}()
	f()
}
