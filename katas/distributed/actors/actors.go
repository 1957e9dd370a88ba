// Package actors is an exercise: the tasks and actors of Ray. A task is a function that runs somewhere, an actor an
// object that lives somewhere. Whoever calls either gets at once an object reference, for a value that is not there
// yet.
//
// An actor lives on a node of its own, the driver on another. All that one of them learns of the other comes by
// messages: a call is one message to the actor's node, its result one message back, and there are no others. The
// network may delay messages, so that later ones overtake them, and may double them, a copy arriving any time later; of
// those between living nodes it loses none.
//
// Everything here may be called by many goroutines at the same time.
//
// Who waits sleeps: it does not ask again and again.
package actors

import (
	"errors"
	"sync"
	"time"

	"github.com/python-concurrency/kata/katas/sim/network"
)

var (
	// ErrActorDied is ray.exceptions.RayActorError.
	ErrActorDied = errors.New("the actor died")
	// ErrTimeout is ray.exceptions.GetTimeoutError.
	ErrTimeout = errors.New("not there in time")
	// ErrNumReturns is the ValueError of ray.wait.
	ErrNumReturns = errors.New("num_returns is below one or above the number of refs")

	errNotWritten = errors.New("not written yet")
)

// Forever is a timeout that never runs out, Python's None.
const Forever = 10 * 365 * 24 * time.Hour

// ObjectRef stands for a value, or the error that there is in its place, which may not be there yet. It is given: there
// is nothing to write here.
type ObjectRef struct {
	once  sync.Once
	ready chan struct{}
	value any
	err   error
}

// NewRef returns a reference to what Set will say.
func NewRef() *ObjectRef { return &ObjectRef{ready: make(chan struct{})} }

// Set gives the reference its value or error. Only the first call counts.
func (r *ObjectRef) Set(value any, err error) {
	r.once.Do(func() {
		r.value, r.err = value, err
		close(r.ready)
	})
}

// Ready is closed when the value or error is there.
func (r *ObjectRef) Ready() <-chan struct{} { return r.ready }

// Value is the value, or the error, once Ready is closed.
func (r *ObjectRef) Value() (any, error) { return r.value, r.err }

// Get waits for a value and returns it, or its error, but waits no longer than timeout: then the error is ErrTimeout.
// With zero or less it does not wait, and returns what is there.
func Get(ref *ObjectRef, timeout time.Duration) (any, error) {
	return nil, errNotWritten
}

// Wait waits until numReturns of the refs are ready, but no longer than timeout; with zero or less it does not wait. An
// error is as ready as a value. In ready are those that are ready when it returns, but no more than numReturns of them:
// if more are, the first ones of refs. All others are in notReady. Both keep the order of refs, in which no reference is
// twice. No goroutine of Wait's stays behind.
//
// The error is ErrNumReturns where numReturns is below one or above the number of refs, without waiting. But where refs
// is empty there is no error, and nothing to wait for.
func Wait(refs []*ObjectRef, numReturns int, timeout time.Duration) (ready, notReady []*ObjectRef, err error) {
	return nil, nil, errNotWritten
}

// Remote runs a task and returns a reference to its result at once, without waiting.
//
// An argument that is an *ObjectRef is resolved: the task begins when all of them are there and is given their values in
// their places. If some have an error instead, the task is not run, and its reference gets the error of the first of
// these in the order of args; that too when all are there. Only arguments themselves are resolved: a reference inside of
// an argument, in a slice for instance, is passed on as it is.
func Remote(task func(args []any) (any, error), args ...any) *ObjectRef {
	return NewRef()
}

// Actor is an instance of the caller's class. Call runs one of its methods. An error is a result like any other: the
// actor lives on.
type Actor interface {
	Call(method string, args []any) (any, error)
}

// Cluster is the driver and the actors that it has made.
type Cluster struct {
	// Your fields.
}

// New starts the driver's node, named "driver".
func New(net *network.Network) *Cluster {
	return &Cluster{}
}

// Actor starts a node under the name, before it returns, on which an actor lives that class makes. The class is called at
// once, not only with the first call, and takes no time. No name is used twice, or is "driver".
//
// The actor dies when its node is killed, as network.Network.Kill does, at any time. Nobody else ends it. The driver
// learns of it in the same moment, by the node's Dead. Then:
//   - Each call that was sent and whose result has not arrived fails with ErrActorDied: those that wait for their turn,
//     the one that runs, and also those that have been run and whose results are on their way. What arrives later is too
//     late. No call is sent again.
//   - The actor is restarted at once, but no more than maxRestarts times in all; a negative maxRestarts is any number of
//     times. A node is started under the same name, on which an instance lives that class has made anew: the old one's
//     state is lost. Calls that are sent from now on are run by the new one.
//   - When it can be restarted no more the actor is dead for good. Each call that has no result yet fails with
//     ErrActorDied, sent or not, and so does each later one, at once and without a message.
//
// Go cannot stop a method that runs on a node which dies. Nobody waits for it: the restarted actor works meanwhile, and
// what it returns is nobody's. But a call that has not begun by then is never run, by the old instance or a new one. So
// a call is run once or not at all, also where its message is doubled and a copy arrives after a restart. One that
// fails with ErrActorDied may have been run; one with a result has been run once.
func (c *Cluster) Actor(name string, maxRestarts int, class func() Actor) *Handle {
	return &Handle{}
}

// Shutdown kills the nodes of all actors, and none is restarted: they are dead for good, and all calls that have no
// result fail. Then it kills the driver's node. It does not wait for methods that run. No other goroutine of the
// cluster stays behind. It is called once, when no more actors are made.
func (c *Cluster) Shutdown() {
}

// Handle is what an actor is called by. Whoever has a handle of its own is a caller of its own.
type Handle struct {
	// Your fields.
}

// Call calls a method of the actor and returns a reference to its result at once, without waiting.
//
// Arguments are resolved as those of Remote. The call is sent when all its arguments are there, and not before all
// earlier calls by the same handle are sent. If an argument has an error the call is not sent, the reference gets the
// error, and the next call goes on.
//
// The actor runs one call at a time. It begins the calls of one handle in the order in which they were made, whatever the
// network does to their messages. Those of different handles come as they arrive: no handle's calls wait for those of
// another one, save for the one that runs.
//
// An actor that dies loses the calls that were sent to it, and no other. A call that waits for its arguments meanwhile,
// or behind one that does, is sent later, to the restarted actor.
func (h *Handle) Call(method string, args ...any) *ObjectRef {
	return NewRef()
}

// Share returns another handle of the same actor, for another caller.
func (h *Handle) Share() *Handle {
	return &Handle{}
}
