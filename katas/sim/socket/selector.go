package socket

import (
	"slices"
	"time"
)

// Event is what a connection is ready for; Readable|Writable is both.
type Event int

// What one can wait for.
const (
	// Readable is EVENT_READ: Read would not say ErrWouldBlock.
	Readable Event = 1 << iota
	// Writable is EVENT_WRITE: Write would not say ErrWouldBlock.
	Writable
)

// Ready is a connection that is ready, and for what.
type Ready struct {
	Conn   *Conn
	Events Event
}

// Selector waits until one of several connections is ready.
type Selector struct {
	entries []entry
	woken   chan struct{}
	selects int
}

type entry struct {
	conn   *Conn
	events Event
}

// NewSelector returns a selector without connections.
func NewSelector() *Selector { return &Selector{woken: make(chan struct{}, 1)} }

// Register says what of a connection is waited for. It replaces what was said before and keeps the connection's place.
func (s *Selector) Register(c *Conn, events Event) {
	if i := s.find(c); i >= 0 {
		s.entries[i].events = events
		return
	}
	s.entries = append(s.entries, entry{c, events})
	c.watch(s)
}

// Unregister forgets a connection; where it is not known nothing happens.
func (s *Selector) Unregister(c *Conn) {
	if i := s.find(c); i >= 0 {
		s.entries = slices.Delete(s.entries, i, i+1)
		c.watch(nil)
	}
}

// Registered is what of a connection is waited for; 0: nothing, or it is not known, or closed.
func (s *Selector) Registered(c *Conn) Event {
	if i := s.find(c); i >= 0 && !c.Closed() {
		return s.entries[i].events
	}
	return 0
}

// Selects is how often Select was called.
func (s *Selector) Selects() int { return s.selects }

// Select returns the connections that are ready, with those events that are waited for, in the order in which they were
// registered. Where none is ready it waits: until one is, or until the timeout is over; a negative timeout has no end, and one
// of zero only looks. It tells of a state and not of a change: as long as there is something to read, a connection is
// readable, in each call.
func (s *Selector) Select(timeout time.Duration) []Ready {
	s.selects++
	var over <-chan time.Time
	if timeout >= 0 {
		timer := time.NewTimer(timeout)
		defer timer.Stop()
		over = timer.C
	}
	for {
		if found := s.look(); len(found) > 0 || timeout == 0 {
			return found
		}
		select {
		case <-s.woken:
		case <-over:
			return s.look()
		}
	}
}

func (s *Selector) look() []Ready {
	s.entries = slices.DeleteFunc(s.entries, func(e entry) bool { return e.conn.Closed() })
	var found []Ready
	for _, e := range s.entries {
		if events := e.conn.ready() & e.events; events != 0 {
			found = append(found, Ready{e.conn, events})
		}
	}
	return found
}

func (s *Selector) find(c *Conn) int {
	return slices.IndexFunc(s.entries, func(e entry) bool { return e.conn == c })
}

// wake makes Select look again.
func (s *Selector) wake() {
	select {
	case s.woken <- struct{}{}:
	default:
	}
}
