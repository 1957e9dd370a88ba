package lab

import (
	"sync"
	"sync/atomic"
	"time"
)

// books is what the lab keeps of one use of a lens. They are made outside of the bubble and read there after the
// bubble has died, with nothing to order that after what happened inside: so they are touched quietly, in functions
// marked go:norace.
type books struct {
	name string
	// virtual: the clock is the bubble's.
	virtual  bool
	timeline *Timeline
	// picks counts the choices that were drawn.
	picks atomic.Uint64
	// held keeps findings back until it is known which run is told; nil sends them at once.
	held *findings

	mu sync.Mutex
	// meetings are linked, because growing a slice counts as an access for the race detector.
	meetings *meeting
}

type meeting struct {
	*Rendezvous
	before *meeting
}

// bubbleEpoch is when every bubble's clock starts, see testing/synctest.
var bubbleEpoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func newBooks(name string, virtual bool) *books {
	start := time.Now()
	if virtual {
		start = bubbleEpoch
	}
	return &books{name: name, virtual: virtual, timeline: &Timeline{start: start}}
}

// meet notes a rendezvous, so that a test that cannot end can be told from a deadlock.
//
//go:norace
func (b *books) meet(r *Rendezvous) {
	quietly(func() { b.push(&meeting{Rendezvous: r}) })
}

//go:norace
func (b *books) push(m *meeting) {
	b.mu.Lock()
	m.before = b.meetings
	b.meetings = m
	b.mu.Unlock()
}

// shortMeeting finds a rendezvous that some reached and not all.
//
//go:norace
func (b *books) shortMeeting() (*Rendezvous, int) {
	for m := b.meetings; m != nil; m = m.before {
		if n, short := m.short(); short {
			return m.Rendezvous, n
		}
	}
	return nil, 0
}
