// Package actors has for each actor one goroutine of the driver that owns all that is known of it; who wants something of
// it sends it a function.
package actors

import (
	"context"
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

// Get waits for a value and returns it, or its error.
func Get(ref *ObjectRef, timeout time.Duration) (any, error) {
	if ready, _, _ := Wait([]*ObjectRef{ref}, 1, timeout); ready == nil {
		return nil, ErrTimeout
	}
	return ref.Value()
}

// Wait waits until numReturns of the refs are ready.
func Wait(refs []*ObjectRef, numReturns int, timeout time.Duration) (ready, notReady []*ObjectRef, err error) {
	switch {
	case len(refs) == 0:
		return nil, nil, nil
	case numReturns < 1 || numReturns > len(refs):
		return nil, nil, ErrNumReturns
	}
	ctx, enough := context.WithTimeout(context.Background(), timeout)
	defer enough()
	tokens := make(chan struct{}, numReturns-1)
	var watchers sync.WaitGroup
	for _, ref := range refs {
		watchers.Go(func() {
			select {
			case <-ref.Ready():
			case <-ctx.Done():
				return
			}
			select {
			case tokens <- struct{}{}:
			default:
				enough()
			}
		})
	}
	watchers.Wait()
	for _, ref := range refs {
		is := false
		select {
		case <-ref.Ready():
			is = len(ready) < numReturns
		default:
		}
		if is {
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
		wait(args, nil)
		values, err := values(args)
		if err == nil {
			values, err := task(values)
			ref.Set(values, err)
		}
		ref.Set(nil, err)
	}()
	return ref
}

// wait waits for the references among args, or the end.
func wait(args []any, end <-chan struct{}) {
	for _, arg := range args {
		if ref, is := arg.(*ObjectRef); is {
			select {
			case <-ref.Ready():
			case <-end:
				return
			}
		}
	}
}

// values are what args stand for when they are there.
func values(args []any) ([]any, error) {
	all := make([]any, len(args))
	for i, arg := range args {
		all[i] = arg
		if ref, is := arg.(*ObjectRef); is {
			value, err := ref.Value()
			if err != nil {
				return nil, err
			}
			all[i] = value
		}
	}
	return all, nil
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
	stops  []func()
}

// call is one call, from Call to its result.
type call struct {
	method string
	args   []any
	ref    *ObjectRef
	ready  bool // its arguments are there
}

// message is a call, or its result, under way. The id says which of its life's calls it is.
type message struct {
	life, handle, number int
	method               string
	values               []any
	result               any
	err                  error
	ref                  *ObjectRef
}

// owner owns an actor. Its fields are touched by its own goroutine only.
type owner struct {
	cluster *Cluster
	name    string
	class   func() Actor
	do      chan func()
	over    chan struct{}

	node     *network.Node
	left     int
	life     int
	unsent   map[int][]*call
	numbers  map[int]int
	handles  int
	awaiting []*ObjectRef
}

// New starts the driver's node.
func New(net *network.Network) *Cluster {
	c := &Cluster{net: net, driver: net.Start("driver")}
	go func() {
		for {
			select {
			case m := <-c.driver.Inbox():
				r := m.Body.(message)
				r.ref.Set(r.result, r.err)
			case <-c.driver.Dead():
				return
			}
		}
	}()
	return c
}

// Actor starts a node on which an actor lives.
func (c *Cluster) Actor(name string, maxRestarts int, class func() Actor) *Handle {
	o := &owner{cluster: c, name: name, class: class, left: maxRestarts, do: make(chan func()), over: make(chan struct{}), unsent: map[int][]*call{}}
	o.start()
	go o.run()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stops = append(c.stops, func() {
		o.tell(func() { o.left = 0; c.net.Kill(name) })
		<-o.over
	})
	return &Handle{o: o}
}

func (o *owner) tell(f func()) {
	select {
	case o.do <- f:
	case <-o.over:
	}
}

func (o *owner) start() {
	o.life++
	o.numbers = map[int]int{}
	o.node = o.cluster.net.Start(o.name)
	go host(o.node, o.life, o.class())
}

func (o *owner) run() {
	for {
		select {
		case f := <-o.do:
			f()
		case <-o.node.Dead():
			for _, ref := range o.awaiting {
				ref.Set(nil, ErrActorDied)
			}
			o.awaiting = nil
			if o.left == 0 {
				close(o.over)
				for _, calls := range o.unsent {
					for _, c := range calls {
						c.ref.Set(nil, ErrActorDied)
					}
				}
				return
			}
			o.left--
			o.start()
		}
	}
}

// send sends what can be of a handle.
func (o *owner) send(handle int) {
	for q := o.unsent[handle]; len(q) > 0 && q[0].ready; q = o.unsent[handle] {
		c := q[0]
		o.unsent[handle] = q[1:]
		values, err := values(c.args)
		if err != nil {
			c.ref.Set(nil, err)
			continue
		}
		o.awaiting = append(o.awaiting, c.ref)
		o.cluster.driver.Send(o.name, message{life: o.life, handle: handle, number: o.numbers[handle], method: c.method, values: values, ref: c.ref})
		o.numbers[handle]++
	}
}

// host is the actor's side of one life.
func host(node *network.Node, life int, instance Actor) {
	seen, kept := map[int]int{}, map[int][]message{}
	for {
		var m message
		select {
		case <-node.Dead():
			return
		case arrived := <-node.Inbox():
			m = arrived.Body.(message)
		}
		if m.life != life {
			continue
		}
		kept[m.handle] = append(kept[m.handle], m)
	again:
		for _, m := range kept[m.handle] {
			if m.number != seen[m.handle] {
				continue
			}
			select {
			case <-node.Dead():
				return
			default:
			}
			seen[m.handle]++
			m.result, m.err = instance.Call(m.method, m.values)
			node.Send("driver", m)
			goto again
		}
	}
}

// Shutdown kills the nodes of all actors, and then the driver's.
func (c *Cluster) Shutdown() {
	c.mu.Lock()
	stops := c.stops
	c.mu.Unlock()
	for _, stop := range stops {
		stop()
	}
	c.net.Kill("driver")
}

// Handle is what an actor is called by.
type Handle struct {
	o    *owner
	once sync.Once
	id   int
}

// Call calls a method of the actor.
func (h *Handle) Call(method string, args ...any) *ObjectRef {
	c := &call{method: method, args: args, ref: NewRef()}
	queued := make(chan struct{})
	h.o.tell(func() {
		defer close(queued)
		h.once.Do(func() { h.o.handles++; h.id = h.o.handles })
		h.o.unsent[h.id] = append(h.o.unsent[h.id], c)
	})
	select {
	case <-queued:
	case <-h.o.over:
		c.ref.Set(nil, ErrActorDied)
		return c.ref
	}
	go func() {
		wait(args, h.o.over)
		h.o.tell(func() {
			c.ready = true
			h.o.send(h.id)
		})
	}()
	return c.ref
}

// Share returns another handle of the same actor.
func (h *Handle) Share() *Handle { return &Handle{o: h.o} }
