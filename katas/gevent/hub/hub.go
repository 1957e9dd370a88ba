// Package hub is an exercise: gevent's hub, the loop that nobody sees. A greenlet that waits switches to the hub, and the hub
// switches to a greenlet that can go on. All that gevent does to a greenlet from outside, it does at such a switch.
//
// Rules for the whole package:
//   - Greenlets run one at a time, and each runs until it waits or ends. Those that can go on do so first come, first served.
//   - All methods are called by the greenlet that runs, NewEvent also before Run.
//   - A greenlet waits in Sleep, in Join and in Wait, and nowhere else. An exception is an error that a wait returns: it ends
//     the wait at once, whatever that waited for. Each exception is returned once, and the next wait is a wait like any other.
//   - An exception that comes while its greenlet does not wait is kept for its next wait, several of them in the order in which
//     they came, one for each wait. So code that computes, or blocks by itself, as time.Sleep does, is not interrupted, and all
//     others stand still meanwhile. A wait that returns what was kept costs no time.
//   - A wait that is over is forgotten: it does not wake its greenlet from another one later.
//   - The hub waits for the next timer when no greenlet can go on. It does not look again and again.
package hub

import (
	"errors"
	"time"
)

// Forever is the timeout of a Join that has none.
const Forever time.Duration = -1

var (
	// ErrGreenletExit is GreenletExit: somebody has killed this greenlet.
	ErrGreenletExit = errors.New("GreenletExit")
	// ErrLoopExit is LoopExit.
	ErrLoopExit = errors.New("this operation would block forever")
)

// Hub runs greenlets.
type Hub struct {
	// Your fields.
}

// Greenlet is a green thread of a hub.
type Greenlet struct {
	// Your fields.
}

// New returns a hub without greenlets.
func New() *Hub {
	return &Hub{}
}

// Run runs main as the first greenlet, and the others as they come, and returns when all have ended. It is called once.
//
// When main waits, no greenlet can go on and no Sleep, Join or Timeout is left that could change that, the wait of main
// returns ErrLoopExit. The other greenlets go on waiting; only main is told.
//
// When main has ended the process ends: a greenlet that has not begun never begins, and in all others each wait returns
// ErrGreenletExit from now on.
func (h *Hub) Run(main func()) {
	main()
}

// Spawn is gevent.spawn: it makes a greenlet that will run fn when its turn comes, after those that can go on already. It does
// not wait. What is spawned after main has ended never begins.
func (h *Hub) Spawn(fn func()) *Greenlet {
	fn()
	return &Greenlet{}
}

// Sleep is gevent.sleep: it waits until d has passed. With zero or less it lets the others run that can go on, once. Who sleeps
// in turns of zero for ever holds up no timer.
func (h *Hub) Sleep(d time.Duration) error {
	time.Sleep(d)
	return nil
}

// Ready reports whether the greenlet has ended.
func (g *Greenlet) Ready() bool {
	return false
}

// Join waits until the greenlet has ended, or until the timeout, which is above zero or Forever, has passed; in both cases it
// returns nil. If the greenlet has ended already it returns nil at once and does not wait: the others don't run, and an
// exception that was kept is kept on. Several that wait for the same greenlet go on in the order in which they came.
func (g *Greenlet) Join(timeout time.Duration) error {
	return nil
}

// Kill is kill(block=False): it throws ErrGreenletExit into the greenlet, and does not wait. If that has not begun it never
// begins and has ended now. If it has ended nothing happens. A greenlet may kill itself, and goes on until it waits. A
// greenlet that goes on after an ErrGreenletExit is not killed again unless somebody calls Kill again.
func (g *Greenlet) Kill() {
}

// Timeout is gevent.Timeout, started: an exception that is thrown into the greenlet which has started it, when its time has
// passed. It is an error: the wait returns this very *Timeout, so that who has several knows which.
type Timeout struct {
	// Your fields.
}

// StartTimeout starts a Timeout for the greenlet that calls it. If that has ended before, nothing happens.
func (h *Hub) StartTimeout(d time.Duration) *Timeout {
	return &Timeout{}
}

// Error says that it is a timeout.
func (t *Timeout) Error() string { return "timeout" }

// Cancel stops the Timeout, as the end of a with block does. From then on no wait returns it, also where its time has passed and
// no wait has returned it yet. It is called by the greenlet that has started it, and may be called again.
func (t *Timeout) Cancel() {
}

// Event is gevent.event.Event: a flag that greenlets wait for.
type Event struct {
	// Your fields.
}

// NewEvent returns an event that is not set.
func (h *Hub) NewEvent() *Event {
	return &Event{}
}

// Set sets the event. All that wait for it can go on, in the order in which they came; Set itself does not wait.
func (e *Event) Set() {
}

// Wait waits until the event is set. If it is set it returns nil at once and does not wait.
func (e *Event) Wait() error {
	return nil
}
