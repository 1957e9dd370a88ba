//kata:wrong kind=wrong  says at each Write that it is to pause

// Package reactor is an exercise: the loop below Twisted and asyncio that serves many connections on one goroutine.
//
// Frames: a connection carries bytes and knows no messages. A message is a frame here: two bytes that say its length, the higher
// one first, then as many bytes. A length of 0 is a frame too. A read may bring a piece of a frame, of its two first bytes even, or
// many frames and a piece; a write may take a piece of what there is.
//
// Turns: Run works in turns until one of them has called Stop, and that one it finishes.
//
//  1. It asks the selector which connections are ready, and waits in there: until one is or until the first timer is due.
//     Where a connection is lost and nobody has been told, it does not wait. It asks once in a turn.
//  2. It serves these, in the selector's order. A connection that is writable is written to, once; one that is readable is read,
//     once, with room for ReadSize bytes, and its protocol gets all frames that are whole now. What else has come waits
//     for the next turn, so that who sends much holds up no other.
//  3. It calls the timers that are due, the earliest first, and of those with the same moment the one that was asked for
//     first. A timer that one of them asks for waits for the next turn, also if it is due at once.
//  4. It tells the protocols of connections that were lost, in the order in which they were.
//
// Everything is called on the goroutine of Run: a protocol and a timer may call every method of everything, and need no lock. All
// that is to happen outside of Run, such as Add, happens before it. Nothing here starts a goroutine. Nothing but the selector waits,
// so that a peer which does not read holds up nobody.
package reactor

import (
	"errors"
	"io"
	"slices"
	"time"

	"github.com/python-concurrency/kata/katas/sim/socket"
)

const (
	// ReadSize is how many bytes are read at once.
	ReadSize = 16
	// HighWater and LowWater are the marks of a transport's buffer: see Write.
	HighWater = 64
	LowWater  = 16
)

// Protocol is what a program has to say to a connection, as asyncio.Protocol. The methods are called by the reactor.
type Protocol interface {
	// FrameReceived gets a message, without the two bytes of its length. It may keep the slice, and change it.
	FrameReceived(frame []byte)
	// PauseWriting says that the peer does not read as fast as Write is called.
	PauseWriting()
	// ResumeWriting says that Write is welcome again.
	ResumeWriting()
	// ConnectionLost is the last call, the only one of its kind, and comes from Run, never from inside of another method. The
	// error is nil where the connection was closed, from here or from there.
	ConnectionLost(err error)
}

// Reactor serves connections and timers.
type Reactor struct {
	selector *socket.Selector
	served   map[*socket.Conn]*Transport
	// timers come in the order of their moments.
	timers []*Timer
	// lost are the connections whose protocols have not been told.
	lost    []*Transport
	stopped bool
}

// Transport is a connection that a reactor serves.
type Transport struct {
	reactor  *Reactor
	conn     *socket.Conn
	protocol Protocol
	// in is the beginning of a frame, out what waits to be written.
	in, out []byte
	paused  bool
	closing bool
	lost    bool
	err     error
}

// Timer is a call that is to come.
type Timer struct {
	due       time.Time
	f         func()
	cancelled bool
}

// New returns a reactor that waits in this selector.
func New(selector *socket.Selector) *Reactor {
	return &Reactor{selector: selector, served: map[*socket.Conn]*Transport{}}
}

// Add has a connection served.
func (r *Reactor) Add(conn *socket.Conn, protocol Protocol) *Transport {
	t := &Transport{reactor: r, conn: conn, protocol: protocol}
	r.served[conn] = t
	t.watch()
	return t
}

// CallLater has f called when the delay is over.
func (r *Reactor) CallLater(delay time.Duration, f func()) *Timer {
	t := &Timer{due: time.Now().Add(delay), f: f}
	i := len(r.timers)
	for i > 0 && r.timers[i-1].due.After(t.due) {
		i--
	}
	r.timers = slices.Insert(r.timers, i, t)
	return t
}

// Cancel keeps a timer from being called.
func (t *Timer) Cancel() { t.cancelled = true }

// Run serves connections and timers until Stop.
func (r *Reactor) Run() {
	for r.stopped = false; !r.stopped; {
		for _, ready := range r.selector.Select(r.patience()) {
			t := r.served[ready.Conn]
			if ready.Events&socket.Writable != 0 {
				t.flush()
			}
			if ready.Events&socket.Readable != 0 {
				t.read()
			}
		}
		r.callTimers(time.Now())
		lost := r.lost
		r.lost = nil
		for _, t := range lost {
			t.protocol.ConnectionLost(t.err)
		}
	}
}

// patience is how long the selector may wait.
func (r *Reactor) patience() time.Duration {
	switch {
	case len(r.lost) > 0:
		return 0
	case len(r.timers) == 0:
		return -1
	}
	return max(0, time.Until(r.timers[0].due))
}

func (r *Reactor) callTimers(now time.Time) {
	n := 0
	for n < len(r.timers) && !r.timers[n].due.After(now) {
		n++
	}
	due := slices.Clone(r.timers[:n])
	r.timers = slices.Delete(r.timers, 0, n)
	for _, t := range due {
		if !t.cancelled {
			t.f()
		}
	}
}

// Stop makes Run return at the end of the turn.
func (r *Reactor) Stop() { r.stopped = true }

// Write sends a frame.
func (t *Transport) Write(frame []byte) {
	if t.closing || t.lost {
		return
	}
	nothingWaits := len(t.out) == 0
	t.out = append(t.out, byte(len(frame)>>8), byte(len(frame)))
	t.out = append(t.out, frame...)
	if nothingWaits {
		t.flush()
	}
	if len(t.out) > HighWater {
		t.paused = true
		t.protocol.PauseWriting()
	}
}

// flush writes what goes.
func (t *Transport) flush() {
	if t.lost {
		return
	}
	n, err := t.conn.Write(t.out)
	if err != nil && !errors.Is(err, socket.ErrWouldBlock) {
		t.lose(err)
		return
	}
	t.out = t.out[n:]
	switch {
	case t.closing && len(t.out) == 0:
		t.lose(nil)
		return
	case t.paused && !t.closing && len(t.out) <= LowWater:
		t.paused = false
		defer t.protocol.ResumeWriting()
	}
	t.watch()
}

// read reads once.
func (t *Transport) read() {
	if t.lost || t.closing {
		return
	}
	var buffer [ReadSize]byte
	n, err := t.conn.Read(buffer[:])
	switch {
	case errors.Is(err, io.EOF) && len(t.in) > 0:
		t.lose(io.ErrUnexpectedEOF)
		return
	case errors.Is(err, io.EOF):
		t.lose(nil)
		return
	case err != nil && !errors.Is(err, socket.ErrWouldBlock):
		t.lose(err)
		return
	}
	t.in = append(t.in, buffer[:n]...)
	for !t.closing && !t.lost && len(t.in) >= 2 {
		end := 2 + int(t.in[0])<<8 + int(t.in[1])
		if len(t.in) < end {
			return
		}
		frame := slices.Clone(t.in[2:end])
		t.in = t.in[end:]
		t.protocol.FrameReceived(frame)
	}
}

// watch tells the selector what is waited for.
func (t *Transport) watch() {
	var events socket.Event
	if !t.closing {
		events |= socket.Readable
	}
	if len(t.out) > 0 {
		events |= socket.Writable
	}
	t.reactor.selector.Register(t.conn, events)
}

// lose ends the connection; the protocol is told at the end of the turn.
func (t *Transport) lose(err error) {
	t.lost, t.err, t.out = true, err, nil
	t.reactor.selector.Unregister(t.conn)
	_ = t.conn.Close()
	t.reactor.lost = append(t.reactor.lost, t)
}

// Close ends the connection when all is written.
func (t *Transport) Close() {
	if t.closing || t.lost {
		return
	}
	t.closing = true
	if len(t.out) == 0 {
		t.lose(nil)
		return
	}
	t.watch()
}
