//kata:wrong kind=wrong  what has no result when the actor dies is sent to the restarted one: at least once

// Package actors what has no result when the actor dies is sent to the restarted one: at least once.
package actors

import (
	"errors"
	"math"
	"slices"
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
)

// Forever is a timeout that never runs out, Python's None.
const Forever = 10 * 365 * 24 * time.Hour

// ObjectRef stands for a value, or the error that there is in its place, which may not be there yet. It is given: there is
// nothing to write here.
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

// closed reports whether a channel that is only ever closed is.
func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Get waits for a value and returns it, or its error.
func Get(ref *ObjectRef, timeout time.Duration) (any, error) {
	if !closed(ref.Ready()) {
		select {
		case <-ref.Ready():
		case <-time.After(timeout):
			return nil, ErrTimeout
		}
	}
	return ref.Value()
}

// Wait waits until numReturns of the refs are ready.
func Wait(refs []*ObjectRef, numReturns int, timeout time.Duration) (ready, notReady []*ObjectRef, err error) {
	if len(refs) == 0 {
		return nil, nil, nil
	}
	if numReturns < 1 || numReturns > len(refs) {
		return nil, nil, ErrNumReturns
	}
	one, enough := make(chan struct{}, len(refs)), make(chan struct{})
	defer close(enough)
	for _, ref := range refs {
		go func() {
			select {
			case <-ref.Ready():
				one <- struct{}{}
			case <-enough:
			}
		}()
	}
	late := time.After(timeout)
	for count := 0; count < numReturns; count++ {
		select {
		case <-one:
		case <-late:
			count = numReturns
		}
	}
	for _, ref := range refs {
		if len(ready) < numReturns && closed(ref.Ready()) {
			ready = append(ready, ref)
		} else {
			notReady = append(notReady, ref)
		}
	}
	return ready, notReady, nil
}

// Remote runs a task when its arguments are there.
func Remote(task func(args []any) (any, error), args ...any) *ObjectRef {
	ref := NewRef()
	go func() {
		values, err := resolve(args, nil)
		if err != nil {
			ref.Set(nil, err)
			return
		}
		ref.Set(task(values))
	}()
	return ref
}

// resolve waits for the references among args, unless the end comes first, and returns what they stand for, or the first
// error.
func resolve(args []any, end <-chan struct{}) (values []any, failed error) {
	for _, arg := range args {
		if ref, is := arg.(*ObjectRef); is {
			select {
			case <-ref.Ready():
			case <-end:
				return nil, ErrActorDied
			}
			value, err := ref.Value()
			if failed == nil {
				failed = err
			}
			arg = value
		}
		values = append(values, arg)
	}
	return values, failed
}

// Actor is an instance of the caller's class.
type Actor interface {
	Call(method string, args []any) (any, error)
}

// Cluster is the driver and the actors that it has made.
type Cluster struct {
	net    *network.Network
	driver *network.Node

	mu     sync.Mutex
	actors []*actor
}

// actor is what the driver knows of one.
type actor struct {
	cluster *Cluster
	name    string
	class   func() Actor
	// gone is closed when it is dead for good.
	gone chan struct{}

	mu sync.Mutex
	// left is how many lives it has yet, and life counts those that it has had.
	left, life int
	// sent counts the calls that each handle has sent to this life, and pending are those of them without a result, and
	// perhaps some with one.
	sent    map[*Handle]int
	pending []request
}

// request is a call on its way. Where all is one process, pointers will do as names of the caller and the reference.
type request struct {
	turn
	life   int
	method string
	args   []any
	ref    *ObjectRef
}

// reply is the result on its way back.
type reply struct {
	ref   *ObjectRef
	value any
	err   error
}

// New starts the driver's node.
func New(net *network.Network) *Cluster {
	c := &Cluster{net: net, driver: net.Start("driver")}
	go c.receive()
	return c
}

// receive takes the results that arrive.
func (c *Cluster) receive() {
	for {
		select {
		case <-c.driver.Dead():
			return
		case m := <-c.driver.Inbox():
			r := m.Body.(reply)
			r.ref.Set(r.value, r.err)
		}
	}
}

// Actor starts a node on which an actor lives.
func (c *Cluster) Actor(name string, maxRestarts int, class func() Actor) *Handle {
	a := &actor{cluster: c, name: name, class: class, gone: make(chan struct{}), left: 1 + maxRestarts}
	if maxRestarts < 0 {
		a.left = math.MaxInt
	}
	c.add(a)
	node := a.begin()
	go func() {
		for ; node != nil; node = a.begin() {
			<-node.Dead()
		}
	}()
	return newHandle(a)
}

func (c *Cluster) add(a *actor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.actors = append(c.actors, a)
}

// begin ends the life that was and begins the next, if there is one.
func (a *actor) begin() *network.Node {
	a.mu.Lock()
	defer a.mu.Unlock()
	again := a.pending
	a.pending, a.sent = nil, make(map[*Handle]int)
	a.life++
	if a.left == 0 {
		for _, r := range again {
			r.ref.Set(nil, ErrActorDied)
		}
		close(a.gone)
		return nil
	}
	a.left--
	node := a.cluster.net.Start(a.name)
	go serve(node, a.life, a.class())
	for _, r := range again {
		if !closed(r.ref.Ready()) {
			a.pass(r.from, r.method, r.args, r.ref)
		}
	}
	return node
}

// turn is the place of a request among all that an actor gets in one life.
type turn struct {
	from   *Handle
	number int
}

// serve is one life of an actor. A request that comes too early is held back until its turn, and one whose turn was is a
// copy.
func serve(node *network.Node, life int, instance Actor) {
	next, early := make(map[*Handle]int), make(map[turn]request)
	for {
		select {
		case <-node.Dead():
			return
		case m := <-node.Inbox():
			r := m.Body.(request)
			if r.life == life && r.number >= next[r.from] {
				early[r.turn] = r
			}
			for now := (turn{r.from, next[r.from]}); ; now.number++ {
				r, is := early[now]
				if !is || closed(node.Dead()) {
					break
				}
				delete(early, now)
				next[r.from]++
				value, err := instance.Call(r.method, r.args)
				node.Send("driver", reply{r.ref, value, err})
			}
		}
	}
}

// send sends a call to the life that is now.
func (a *actor) send(from *Handle, method string, args []any, ref *ObjectRef) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if closed(a.gone) {
		ref.Set(nil, ErrActorDied)
		return
	}
	settled := func(r request) bool { return closed(r.ref.Ready()) }
	a.pending = slices.DeleteFunc(a.pending, settled)
	a.pass(from, method, args, ref)
}

// pass is called with mu held.
func (a *actor) pass(from *Handle, method string, args []any, ref *ObjectRef) {
	r := request{turn{from, a.sent[from]}, a.life, method, args, ref}
	a.pending = append(a.pending, r)
	a.cluster.driver.Send(a.name, r)
	a.sent[from]++
}

// Shutdown kills the nodes of all actors, and then the driver's.
func (c *Cluster) Shutdown() {
	for _, a := range c.actors {
		a.last()
		c.net.Kill(a.name)
	}
	c.net.Kill("driver")
}

// last makes the life that is now the last one.
func (a *actor) last() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left = 0
}

// Handle is what an actor is called by.
type Handle struct {
	actor *actor

	mu sync.Mutex
	// last is closed when the latest call is sent.
	last chan struct{}
}

func newHandle(a *actor) *Handle {
	h := &Handle{actor: a, last: make(chan struct{})}
	close(h.last)
	return h
}

// Call calls a method of the actor.
func (h *Handle) Call(method string, args ...any) *ObjectRef {
	ref, sent := NewRef(), make(chan struct{})
	before := h.queue(sent)
	go func() {
		defer close(sent)
		values, err := resolve(args, h.actor.gone)
		<-before
		if err != nil {
			ref.Set(nil, err)
			return
		}
		h.actor.send(h, method, values, ref)
	}()
	return ref
}

// queue puts a call behind the latest one and returns that one's.
func (h *Handle) queue(sent chan struct{}) (before chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	before, h.last = h.last, sent
	return before
}

// Share returns another handle of the same actor.
func (h *Handle) Share() *Handle { return newHandle(h.actor) }
