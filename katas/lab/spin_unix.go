//go:build unix

package lab

import (
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/lab/wire"
)

// spinBudget is how much CPU time one use of a lens may burn in a bubble before it counts as spinning. It is CPU time
// and not time on the wall, so a busy machine does not use it up. The tests of right solutions use some
// thousandths of it.
const spinBudget = time.Second

// watchSpin looks on from outside the bubble: while a goroutine in it loops, the bubble is never idle, its clock
// stands still, and nothing inside can notice. runs counts the bubbles that came to their end, where one use of a lens makes
// several: each has a budget of its own. It returns what ends the watch.
func watchSpin(t *testing.T, runs *atomic.Int64) (stop func()) {
	done := make(chan struct{})
	gone := make(chan struct{})
	start, seen := cpuTime(), runs.Load()
	go func() {
		defer close(gone)
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if n := runs.Load(); n != seen {
					start, seen = cpuTime(), n
				}
				used := cpuTime() - start
				if used > spinBudget && (used > 4*spinBudget || !hoarding()) {
					spinning(t)
					return
				}
			}
		}
	}()
	return func() { close(done); <-gone }
}

// hoarding reports whether the process holds so much memory that filling it may be what takes the time: then the
// limit of memory is the one to hit.
func hoarding() bool {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc > 64<<20
}

// spinning reports the goroutines that loop and ends the process, since a loop cannot be stopped from outside.
func spinning(t *testing.T) {
	r := wire.Record{
		Event: wire.Found, Test: t.Name(), Kind: "spin", At: t.Name(),
		Title: "a goroutine burns CPU in a loop instead of waiting",
		Stack: goroutines(func(g string) bool {
			h := header(g)
			return strings.Contains(h, "synctest bubble") && (strings.Contains(h, "running") || strings.Contains(h, "runnable"))
		}),
	}
	if r.Stack == "" {
		r.Stack = newestBubble()
	}
	if hoarding() {
		// On a busy machine the limit of memory may be as far away as this one.
		r.Kind, r.Title = "resource", "the memory grows and grows"
	}
	runner.send(r)
	if !runner.listening() {
		panic("lab: " + t.Name() + ": " + r.Title + "\n" + r.Stack)
	}
	endEarly(t)
}

// cpuTime is the process's user and system time.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
