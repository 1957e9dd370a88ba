package network

import "time"

// flight is a copy of a message on its way.
type flight struct {
	Message
	due  time.Time
	edge byte // the address of what orders the sender before the receiver
	next *flight
}

// send puts a message onto the wire.
func (n *Network) send(from *Node, m Message) {
	n.chooser.Point()
	if !n.accept(from, &m) {
		return
	}
	for _, delay := range n.faults(m) {
		n.launch(&flight{Message: m, due: time.Now().Add(max(delay, 0))})
		if delay <= 0 {
			n.land()
			continue
		}
		time.AfterFunc(delay, n.chooser.Callback(func() {
			n.chooser.Point()
			n.land()
		}))
	}
}

// launch puts a copy behind those that are due no later than it.
//
//go:norace
func (n *Network) launch(f *flight) {
	release(&f.edge)
	deaf()
	n.mu.Lock()
	at := &n.wire
	for *at != nil && !(*at).due.After(f.due) {
		at = &(*at).next
	}
	f.next, *at = *at, f
	n.mu.Unlock()
	hear()
}

// land delivers the first copy that is due. Timers of the same instant call back in any order, so none delivers a copy
// of its own: whichever comes first takes the one that was sent first. A node waits for nobody: an inbox that is
// full loses the copy, and so does a name that nobody is up under.
//
//go:norace
func (n *Network) land() {
	deaf()
	n.mu.Lock()
	f := n.wire
	if f == nil || f.due.After(time.Now()) {
		n.mu.Unlock()
		hear()
		return
	}
	n.wire = f.next
	node := n.at(f.To)
	hear()
	acquire(&f.edge)
	if node != nil {
		select {
		case node.inbox <- f.Message:
		default:
		}
	}
	deaf()
	n.mu.Unlock()
	hear()
}
