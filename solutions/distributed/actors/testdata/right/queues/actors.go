// Package actors keeps one book under one lock for the whole cluster, and has actors with a goroutine that receives and
// one that works.
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
	timer := time.NewTimer(max(timeout, 0))
	defer timer.Stop()
	select {
	case <-ref.Ready():
		return ref.Value()
	default:
	}
	select {
	case <-ref.Ready():
		return ref.Value()
	case <-timer.C:
		return nil, ErrTimeout
	}
}

// Wait waits until numReturns of the refs are ready.
func Wait(refs []*ObjectRef, numReturns int, timeout time.Duration) (ready, notReady []*ObjectRef, err error) {
	if len(refs) == 0 {
		return nil, nil, nil
	}
	if numReturns < 1 || numReturns > len(refs) {
		return nil, nil, ErrNumReturns
	}
	var mu sync.Mutex
	changed := sync.NewCond(&mu)
	count, late := 0, timeout <= 0
	end := make(chan struct{})
	for _, ref := range refs {
		go func() {
			select {
			case <-ref.Ready():
				mu.Lock()
				defer mu.Unlock()
				count++
				changed.Signal()
			case <-end:
			}
		}()
	}
	timer := time.AfterFunc(timeout, func() {
		mu.Lock()
		defer mu.Unlock()
		late = true
		changed.Signal()
	})
	mu.Lock()
	for count < numReturns && !late {
		changed.Wait()
	}
	mu.Unlock()
	timer.Stop()
	close(end)
	for _, ref := range refs {
		if len(ready) < numReturns && is(ref.Ready()) {
			ready = append(ready, ref)
		} else {
			notReady = append(notReady, ref)
		}
	}
	return ready, notReady, nil
}

func is(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Remote runs a task when its arguments are there.
func Remote(task func(args []any) (any, error), args ...any) *ObjectRef {
	ref := NewRef()
	go func() {
		if values, err := resolve(args); err != nil {
			ref.Set(nil, err)
		} else {
			ref.Set(task(values))
		}
	}()
	return ref
}

func resolve(args []any) ([]any, error) {
	var values []any
	var errs []error
	for _, arg := range args {
		if ref, is := arg.(*ObjectRef); is {
			value, err := Get(ref, Forever)
			values = append(values, value)
			if err != nil {
				errs = append(errs, err)
			}
			continue
		}
		values = append(values, arg)
	}
	if len(errs) > 0 {
		return nil, errs[0]
	}
	return values, nil
}

// Actor is an instance of the caller's class.
type Actor interface {
	Call(method string, args []any) (any, error)
}

// Cluster is the driver and the actors that it has made.
type Cluster struct {
	net    *network.Network
	driver *network.Node
	all    sync.WaitGroup

	mu     sync.Mutex
	down   bool
	actors []*state
	calls  map[int]*ObjectRef // those that were sent, by number
	number int
}

type state struct {
	name     string
	class    func() Actor
	restarts int // -1: any number
	life     int
	dead     bool
	gone     chan struct{}
	pending  map[int]bool
}

type request struct {
	id, life, place int
	handle          *Handle
	method          string
	args            []any
}

type answer struct {
	id    int
	value any
	err   error
}

// New starts the driver's node.
func New(net *network.Network) *Cluster {
	c := &Cluster{net: net, driver: net.Start("driver"), calls: make(map[int]*ObjectRef)}
	c.all.Go(func() {
		for {
			select {
			case m := <-c.driver.Inbox():
				a := m.Body.(answer)
				c.mu.Lock()
				if ref := c.calls[a.id]; ref != nil {
					ref.Set(a.value, a.err)
					delete(c.calls, a.id)
				}
				c.mu.Unlock()
			case <-c.driver.Dead():
				return
			}
		}
	})
	return c
}

// Actor starts a node on which an actor lives.
func (c *Cluster) Actor(name string, maxRestarts int, class func() Actor) *Handle {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &state{name: name, class: class, restarts: max(maxRestarts, -1), gone: make(chan struct{}), pending: map[int]bool{}}
	c.actors = append(c.actors, s)
	c.start(s)
	return newHandle(c, s)
}

// start is called with the lock held.
func (c *Cluster) start(s *state) {
	s.life++
	life := s.life
	node := c.net.Start(s.name)
	in := &inbox{}
	in.filled.L = &in.mu
	instance := s.class()
	go in.receive(node, life)
	go in.work(node, instance)
	c.all.Go(func() {
		<-node.Dead()
		c.died(s)
	})
}

func (c *Cluster) died(s *state) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id := range c.number {
		if s.pending[id] && c.calls[id] != nil {
			c.calls[id].Set(nil, ErrActorDied)
			delete(c.calls, id)
		}
	}
	s.pending = map[int]bool{}
	if c.down || s.restarts == 0 {
		s.dead = true
		close(s.gone)
		return
	}
	if s.restarts > 0 {
		s.restarts--
	}
	c.start(s)
}

// Shutdown kills the nodes of all actors, and then the driver's.
func (c *Cluster) Shutdown() {
	c.mu.Lock()
	c.down = true
	for _, s := range c.actors {
		c.net.Kill(s.name)
	}
	c.mu.Unlock()
	for _, s := range c.actors {
		<-s.gone
	}
	c.net.Kill("driver")
	c.all.Wait()
}

// inbox is what an actor has received, in the order in which it is to be run.
type inbox struct {
	mu     sync.Mutex
	filled sync.Cond
	line   []request
	over   bool
}

func (in *inbox) receive(node *network.Node, life int) {
	next := map[*Handle]int{}
	held := map[*Handle]map[int]request{}
	for {
		select {
		case m := <-node.Inbox():
			r := m.Body.(request)
			if r.life != life || r.place < next[r.handle] {
				continue
			}
			if held[r.handle] == nil {
				held[r.handle] = map[int]request{}
			}
			held[r.handle][r.place] = r
			for r, is := held[r.handle][next[r.handle]]; is; r, is = held[r.handle][next[r.handle]] {
				next[r.handle]++
				in.mu.Lock()
				in.line = append(in.line, r)
				in.filled.Signal()
				in.mu.Unlock()
			}
		case <-node.Dead():
			in.mu.Lock()
			in.over = true
			in.filled.Signal()
			in.mu.Unlock()
			return
		}
	}
}

func (in *inbox) work(node *network.Node, instance Actor) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for {
		for len(in.line) == 0 && !in.over {
			in.filled.Wait()
		}
		if in.over || is(node.Dead()) {
			return
		}
		r := in.line[0]
		in.line = in.line[1:]
		in.mu.Unlock()
		value, err := instance.Call(r.method, r.args)
		node.Send("driver", answer{r.id, value, err})
		in.mu.Lock()
	}
}

// Handle is what an actor is called by. Its own goroutine, which is there as long as something is queued, sends the calls.
type Handle struct {
	c *Cluster
	s *state

	mu      sync.Mutex
	queue   []*waiting
	sending bool

	life, place int // under the cluster's lock
}

type waiting struct {
	method string
	args   []any
	ref    *ObjectRef
}

func newHandle(c *Cluster, s *state) *Handle { return &Handle{c: c, s: s} }

// Call calls a method of the actor.
func (h *Handle) Call(method string, args ...any) *ObjectRef {
	w := &waiting{method, args, NewRef()}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.queue = append(h.queue, w)
	if !h.sending {
		h.sending = true
		go h.send()
	}
	return w.ref
}

func (h *Handle) send() {
	for {
		h.mu.Lock()
		if len(h.queue) == 0 {
			h.sending = false
			h.mu.Unlock()
			return
		}
		w := h.queue[0]
		h.queue = h.queue[1:]
		h.mu.Unlock()
		for _, arg := range w.args {
			if ref, is := arg.(*ObjectRef); is {
				select {
				case <-ref.Ready():
				case <-h.s.gone:
				}
			}
		}
		if is(h.s.gone) {
			w.ref.Set(nil, ErrActorDied)
			continue
		}
		values, err := resolve(w.args)
		if err != nil {
			w.ref.Set(nil, err)
			continue
		}
		h.pass(w, values)
	}
}

func (h *Handle) pass(w *waiting, values []any) {
	h.c.mu.Lock()
	defer h.c.mu.Unlock()
	if h.s.dead {
		w.ref.Set(nil, ErrActorDied)
		return
	}
	if h.life != h.s.life {
		h.life, h.place = h.s.life, 0
	}
	id := h.c.number
	h.c.number++
	h.c.calls[id] = w.ref
	h.s.pending[id] = true
	h.c.driver.Send(h.s.name, request{id, h.s.life, h.place, h, w.method, values})
	h.place++
}

// Share returns another handle of the same actor.
func (h *Handle) Share() *Handle { return newHandle(h.c, h.s) }
