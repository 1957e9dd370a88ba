package socket

import (
	"errors"
	"io"
	"sync"
)

var (
	// ErrWouldBlock is BlockingIOError: there is nothing to read, or no room to write.
	ErrWouldBlock = errors.New("the operation would block")
	// ErrBrokenPipe is BrokenPipeError: the other end is closed, and nobody will read what is written.
	ErrBrokenPipe = errors.New("broken pipe")
	// ErrClosed is the error of everything that is done with a closed connection.
	ErrClosed = errors.New("the connection is closed")
)

// Conn is one end of a connection. No method of it ever waits.
type Conn struct {
	wire     *wire
	capacity int
	peer     *Conn
	// incoming is what was written at the other end and has not been read here.
	incoming []byte
	closed   bool
	// watcher is the selector that the connection is registered with.
	watcher *Selector
}

// wire is the lock of both ends.
type wire struct{ sync.Mutex }

// Pair returns the two ends of a connection, as socket.socketpair does. In each direction it holds as many bytes as capacity
// says: what was written at one end and not yet read at the other.
func Pair(capacity int) (*Conn, *Conn) {
	if capacity < 1 {
		panic("socket: a connection holds one byte at least")
	}
	shared := &wire{}
	a, b := &Conn{wire: shared, capacity: capacity}, &Conn{wire: shared, capacity: capacity}
	a.peer, b.peer = b, a
	return a, b
}

// Read takes what is there, as many bytes as fit into p, which may be fewer than were written at once and may be more.
// ErrWouldBlock: there is nothing so far. io.EOF: the other end is closed, and all that it had written has been read.
func (c *Conn) Read(p []byte) (int, error) {
	c.wire.Lock()
	defer c.wire.Unlock()
	switch {
	case c.closed:
		return 0, ErrClosed
	case len(p) == 0:
		return 0, nil
	case len(c.incoming) == 0 && c.peer.closed:
		return 0, io.EOF
	case len(c.incoming) == 0:
		return 0, ErrWouldBlock
	}
	n := copy(p, c.incoming)
	c.incoming = c.incoming[n:]
	c.peer.changed()
	return n, nil
}

// Write gives as many bytes of p to the connection as there is room for, and says how many that were. Fewer than all is no
// error. ErrWouldBlock: there is no room at all. ErrBrokenPipe: the other end is closed.
func (c *Conn) Write(p []byte) (int, error) {
	c.wire.Lock()
	defer c.wire.Unlock()
	room := c.capacity - len(c.peer.incoming)
	switch {
	case c.closed:
		return 0, ErrClosed
	case c.peer.closed:
		return 0, ErrBrokenPipe
	case len(p) == 0:
		return 0, nil
	case room == 0:
		return 0, ErrWouldBlock
	}
	n := min(len(p), room)
	c.peer.incoming = append(c.peer.incoming, p[:n]...)
	c.peer.changed()
	return n, nil
}

// Close closes this end. What was written can still be read at the other one. The connection leaves its selector.
func (c *Conn) Close() error {
	c.wire.Lock()
	defer c.wire.Unlock()
	if c.closed {
		return ErrClosed
	}
	c.closed = true
	c.peer.changed()
	return nil
}

// Closed says whether this end was closed.
func (c *Conn) Closed() bool {
	c.wire.Lock()
	defer c.wire.Unlock()
	return c.closed
}

// Unread is how many bytes have come that nobody has read here.
func (c *Conn) Unread() int {
	c.wire.Lock()
	defer c.wire.Unlock()
	return len(c.incoming)
}

// ready are the events of now. The end of what can be read is readable, and a pipe that is broken is writable: neither
// Read nor Write would say ErrWouldBlock.
func (c *Conn) ready() Event {
	c.wire.Lock()
	defer c.wire.Unlock()
	var events Event
	if c.closed {
		return 0
	}
	if len(c.incoming) > 0 || c.peer.closed {
		events |= Readable
	}
	if len(c.peer.incoming) < c.capacity || c.peer.closed {
		events |= Writable
	}
	return events
}

// watch makes a selector look again whenever something changes here; nil: none.
func (c *Conn) watch(s *Selector) {
	c.wire.Lock()
	defer c.wire.Unlock()
	c.watcher = s
}

// changed wakes the selector, with the lock held.
func (c *Conn) changed() {
	if c.watcher != nil {
		c.watcher.wake()
	}
}
