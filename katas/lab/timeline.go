package lab

import (
	"sync"
	"time"

	"github.com/python-concurrency/kata/katas/lab/wire"
)

// Timeline records who ran when, in the test's time. A timing finding carries it, and the report draws it as a
// chart. It is safe for use by many goroutines and orders none of them.
type Timeline struct {
	start time.Time
	mu    sync.Mutex
	// last is the newest span. A linked list, because growing a slice counts as an access for the race detector.
	last *span
}

type span struct {
	lane   string
	start  time.Duration
	end    time.Duration
	before *span
}

// Start opens a bar in the lane and returns what ends it:
//
//	defer t.Timeline().Start("task 1")()
//
//go:norace
func (tl *Timeline) Start(lane string) (end func()) {
	s := &span{lane: lane, start: time.Since(tl.start), end: -1}
	quietly(func() { tl.push(s) })
	return func() { tl.end(s) }
}

//go:norace
func (tl *Timeline) end(s *span) { s.end = time.Since(tl.start) }

//go:norace
func (tl *Timeline) push(s *span) {
	tl.mu.Lock()
	s.before = tl.last
	tl.last = s
	tl.mu.Unlock()
}

// spans are the bars in the order of their start.
//
//go:norace
func (tl *Timeline) spans() []wire.Span {
	var backwards []wire.Span
	quietly(func() {
		tl.mu.Lock()
		last := tl.last
		tl.mu.Unlock()
		backwards = collect(last)
	})
	return backwards
}

//go:norace
func collect(last *span) []wire.Span {
	n := 0
	for s := last; s != nil; s = s.before {
		n++
	}
	out := make([]wire.Span, n)
	for s := last; s != nil; s = s.before {
		n--
		out[n] = wire.Span{Lane: s.lane, Start: int64(s.start), End: int64(s.end)}
	}
	return out
}
