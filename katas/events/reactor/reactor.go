// Package reactor is an exercise: the loop below Twisted and asyncio that serves many connections on one goroutine. It asks which of
// them are ready, reads and writes as much as goes without waiting, and calls who is concerned.
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
	"time"

	"github.com/python-concurrency/kata/katas/sim/socket"
)

const (
	// ReadSize is how many bytes are read at once.
	ReadSize = 16
	// HighWater is the mark of a transport's buffer above which its protocol is told to pause: see Write.
	HighWater = 64
	// LowWater is the mark at which it is told to resume.
	LowWater = 16
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
	// Your fields.
}

// Transport is a connection that a reactor serves.
type Transport struct {
	// Your fields.
}

// Timer is a call that is to come.
type Timer struct {
	// Your fields.
}

// New returns a reactor that waits in this selector.
func New(selector *socket.Selector) *Reactor {
	return &Reactor{}
}

// Add has a connection served, for this protocol. What has come already is served too, in the next turn.
func (r *Reactor) Add(conn *socket.Conn, protocol Protocol) *Transport {
	return &Transport{}
}

// CallLater has f called when the delay is over. A delay of zero or less is due at once.
func (r *Reactor) CallLater(delay time.Duration, f func()) *Timer {
	return &Timer{}
}

// Cancel keeps a timer from being called, if it has not been: also one that is due in this turn.
func (t *Timer) Cancel() {
}

// Run serves connections and timers until Stop. It may be called again afterwards. It closes no connection.
func (r *Reactor) Run() {
}

// Stop makes Run return at the end of the turn. It is called in a turn.
func (r *Reactor) Stop() {
}

// Write sends a frame, of at most 65535 bytes. It never waits: as many bytes as go are written at once, if nothing is waiting
// before them; the rest is kept in the transport's buffer, and goes when the selector says that the connection is writable. The
// selector is asked for that only while there is something in the buffer.
//
// When a Write leaves more than HighWater bytes in the buffer, PauseWriting is called, before Write returns. It is advice: who calls
// Write nevertheless loses nothing, and is not told twice. When the buffer has come down to LowWater or less afterwards,
// ResumeWriting is called.
//
// Once the transport is closing, or its connection is lost, Write does nothing. The frame is copied: it belongs to the
// caller again when Write returns.
func (t *Transport) Write(frame []byte) {
}

// Close ends the connection. From now on nothing is read, and no method of the protocol is called but ConnectionLost: not for frames
// that were read already, and not for what this turn has still to serve. What is in the buffer is written first, for as long as it
// takes; then the connection is lost, without an error. Closing twice does nothing.
//
// A connection is lost for other reasons, too:
//   - Read says io.EOF: without an error, or with io.ErrUnexpectedEOF where the last frame is not whole.
//   - Read or Write says another one, except ErrWouldBlock: with this error.
//
// A connection that is lost is closed and leaves the selector at once, what is in its buffer is dropped, and no method of its
// protocol is called but ConnectionLost.
func (t *Transport) Close() {
}
