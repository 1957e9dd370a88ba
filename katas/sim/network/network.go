package network

import (
	"fmt"
	"sync"
)

// Message is what one node sends to another.
type Message struct {
	From, To string
	Body     any
	// Number counts the messages of the network, from 1. Copies of one message have the same.
	Number int
}

// Network connects nodes. It is safe for use by many goroutines.
type Network struct {
	faults  Faults
	chooser Chooser

	// The books. They are kept in lists and by functions that the race detector is blind and deaf to.
	mu    sync.Mutex
	sent  int
	names *name
	cuts  *cut
	wire  *flight
}

// name is an address. Whoever answers there may change.
type name struct {
	is   string
	node *Node // nil: nobody is up
	next *name
}

// cut says that two nodes cannot reach each other.
type cut struct {
	a, b   string
	healed bool
	next   *cut
}

// New makes a network without nodes. c makes the choices that are the scheduler's; nil: there are none.
func New(c Chooser, f Faults) *Network {
	if c == nil {
		c = unchosen{}
	}
	return &Network{faults: f, chooser: c}
}

// unchosen leaves everything at the usual.
type unchosen struct{}

func (unchosen) Pick(int) int             { return 0 }
func (unchosen) Point()                   {}
func (unchosen) Callback(f func()) func() { return f }

// Start brings a node up under a name: for the first time, or again after it has died. It knows nothing of what it
// was before, but messages that were on their way to the name reach it. Starting a node that is up is a panic.
func (n *Network) Start(at string) *Node {
	n.chooser.Point()
	node := newNode(n, at)
	if !n.enter(node) {
		panic(fmt.Sprintf("network: node %q is up already", at))
	}
	return node
}

//go:norace
func (n *Network) enter(node *Node) bool {
	entry := &name{is: node.name}
	deaf()
	n.mu.Lock()
	defer func() { n.mu.Unlock(); hear() }()
	if found := n.find(node.name); found != nil {
		entry = found
	} else {
		entry.next, n.names = n.names, entry
	}
	if entry.node != nil {
		return false
	}
	entry.node = node
	return true
}

// find is called with mu held.
//
//go:norace
func (n *Network) find(at string) *name {
	for e := n.names; e != nil; e = e.next {
		if e.is == at {
			return e
		}
	}
	return nil
}

// Kill ends a node, if it is up: what it sends from now on is lost, what arrives for it too until somebody is started under
// its name, and its Dead is closed. The goroutines that act for it are not ended: they are to look at Dead, as whatever they do
// meanwhile is done by nobody.
func (n *Network) Kill(at string) {
	n.chooser.Point()
	if dead := n.leave(at); dead != nil {
		close(dead)
	}
}

// leave returns the channel to be closed. It is read here, where the race detector is deaf: another goroutine may have
// started the node.
//
//go:norace
func (n *Network) leave(at string) chan struct{} {
	deaf()
	n.mu.Lock()
	defer func() { n.mu.Unlock(); hear() }()
	e := n.find(at)
	if e == nil || e.node == nil {
		return nil
	}
	node := e.node
	e.node, node.gone = nil, true
	return node.dead
}

// Cut keeps two nodes from reaching each other until Heal: what one sends to the other is lost. Messages on their way
// arrive.
func (n *Network) Cut(a, b string) {
	n.chooser.Point()
	n.sever(&cut{a: a, b: b})
}

//go:norace
func (n *Network) sever(c *cut) {
	deaf()
	n.mu.Lock()
	c.next, n.cuts = n.cuts, c
	n.mu.Unlock()
	hear()
}

// Heal ends all cuts between two nodes.
func (n *Network) Heal(a, b string) {
	n.chooser.Point()
	n.mend(a, b)
}

//go:norace
func (n *Network) mend(a, b string) {
	deaf()
	n.mu.Lock()
	for c := n.cuts; c != nil; c = c.next {
		c.healed = c.healed || c.between(a, b)
	}
	n.mu.Unlock()
	hear()
}

//go:norace
func (c *cut) between(a, b string) bool { return c.a == a && c.b == b || c.a == b && c.b == a }

// Sent is how many messages have been sent, lost ones included, and copies counted once.
//
//go:norace
func (n *Network) Sent() int {
	deaf()
	n.mu.Lock()
	defer func() { n.mu.Unlock(); hear() }()
	return n.sent
}

// at is who is up under a name. It is called with mu held.
//
//go:norace
func (n *Network) at(to string) *Node {
	if e := n.find(to); e != nil {
		return e.node
	}
	return nil
}

// accept takes a message into the books, and reports whether it gets onto the wire.
//
//go:norace
func (n *Network) accept(from *Node, m *Message) bool {
	deaf()
	n.mu.Lock()
	defer func() { n.mu.Unlock(); hear() }()
	n.sent++
	m.Number = n.sent
	for c := n.cuts; c != nil; c = c.next {
		if !c.healed && c.between(m.From, m.To) {
			return false
		}
	}
	return !from.gone
}
