// Package connectionpool is asyncpg's pool with one channel that is closed whenever something changes. Each who waits has a number,
// and looks whether it is the first in the line and a place is free.
package connectionpool

import (
	"context"
	"errors"
	"slices"
	"sync"
)

var (
	// ErrSize is ValueError for a size that is not possible.
	ErrSize = errors.New("sizes must be 0 <= minSize <= maxSize, and 0 < maxSize")
	// ErrClosed is InterfaceError("pool is closing") and InterfaceError("pool is closed").
	ErrClosed = errors.New("pool is closing or closed")
	// ErrNotMember is InterfaceError("… is not a member of this pool").
	ErrNotMember = errors.New("the connection is not a member of this pool")
)

// Conn is asyncpg.Connection, as far as a pool has to do with it.
type Conn interface {
	Reset() error
	Close(ctx context.Context) error
	Terminate()
	IsClosed() bool
}

// Pool is asyncpg.Pool.
type Pool struct {
	connect func(context.Context) (Conn, error)
	places  []*place

	mu sync.Mutex
	// free is a stack.
	free []*place
	// line are the numbers of those who wait; the first takes the next place.
	line []int
	last int
	// changed is closed, and made anew, whenever something changes.
	changed chan struct{}
	// closing lets nobody in any more; over means that the pool is closed or terminated.
	closing, over bool
	// allBack is closed when the pool is closing and all places are free, ended when it is over.
	allBack, ended chan struct{}
}

// place is asyncpg's PoolConnectionHolder. Its connection is written under the lock, by the one whose place it is.
type place struct {
	conn Conn
}

// Proxy is a connection that was lent.
type Proxy struct {
	pool  *Pool
	place *place
	// released is guarded by the pool's lock.
	released bool
}

// CreatePool returns a pool with minSize open connections.
func CreatePool(ctx context.Context, connect func(ctx context.Context) (Conn, error), minSize, maxSize int) (*Pool, error) {
	if maxSize <= 0 || minSize < 0 || minSize > maxSize {
		return nil, ErrSize
	}
	p := &Pool{changed: make(chan struct{}), connect: connect, allBack: make(chan struct{}), ended: make(chan struct{})}
	for range maxSize {
		p.places = append(p.places, &place{})
	}
	p.free = slices.Clone(p.places)
	for _, pl := range p.places[maxSize-minSize:] {
		conn, err := connect(ctx)
		if err != nil {
			p.Terminate()
			return nil, err
		}
		pl.conn = conn
	}
	return p, nil
}

// Acquire takes a place and returns the connection in it.
func (p *Pool) Acquire(ctx context.Context) (*Proxy, error) {
	pl, err := p.take(ctx)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.over && (pl.conn == nil || pl.conn.IsClosed()) {
		p.mu.Unlock()
		conn, err := p.connect(ctx)
		p.mu.Lock()
		switch {
		case err == nil && p.over:
			conn.Terminate()
		case err == nil:
			pl.conn = conn
		case !p.over:
			p.giveBack(pl)
			return nil, err
		}
	}
	if p.over {
		return nil, ErrClosed
	}
	return &Proxy{pool: p, place: pl}, nil
}

// take waits for a place.
func (p *Pool) take(ctx context.Context) (*place, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing {
		return nil, ErrClosed
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	p.last++
	me := p.last
	p.line = append(p.line, me)
	for p.line[0] != me || len(p.free) == 0 {
		c := p.changed
		p.mu.Unlock()
		select {
		case <-c:
		case <-ctx.Done():
		}
		p.mu.Lock()
		if p.closing || ctx.Err() != nil {
			p.line = slices.DeleteFunc(p.line, func(n int) bool { return n == me })
			p.notify()
			if p.closing {
				return nil, ErrClosed
			}
			return nil, ctx.Err()
		}
	}
	p.line = p.line[1:]
	pl := p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	p.notify()
	return pl, nil
}

func (p *Pool) notify() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// giveBack frees a place. The lock is held.
func (p *Pool) giveBack(pl *place) {
	p.free = append(p.free, pl)
	p.count()
	p.notify()
}

// count looks whether Close can go on. The lock is held.
func (p *Pool) count() {
	if p.closing && !p.over && len(p.free) == len(p.places) {
		close(p.allBack)
	}
}

// Conn returns the connection while it is lent.
func (x *Proxy) Conn() Conn {
	x.pool.mu.Lock()
	defer x.pool.mu.Unlock()
	if x.released || x.pool.over {
		return nil
	}
	return x.place.conn
}

// Release gives the place back.
func (p *Pool) Release(x *Proxy) error {
	if x.pool != p {
		return ErrNotMember
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if x.released || p.over {
		return nil
	}
	x.released = true
	var err error
	if conn := x.place.conn; !conn.IsClosed() {
		p.mu.Unlock()
		if err = conn.Reset(); err != nil {
			conn.Terminate()
		}
		p.mu.Lock()
	}
	if !p.over {
		p.giveBack(x.place)
	}
	return err
}

// shut lets nobody in any more, and tells those who wait. The lock is held.
func (p *Pool) shut() {
	p.closing = true
	p.notify()
}

// Close waits for all places, and then closes the connections.
func (p *Pool) Close(ctx context.Context) error {
	p.mu.Lock()
	first, over := !p.closing, p.over
	turn := p.ended
	if first {
		turn = p.allBack
		p.shut()
		p.count()
	}
	p.mu.Unlock()
	if over {
		return nil
	}
	select {
	case <-turn:
	case <-p.ended:
	case <-ctx.Done():
		p.Terminate()
		return ctx.Err()
	}
	if !first {
		return nil
	}
	return p.closeAll(ctx)
}

// closeAll closes all connections at the same time.
func (p *Pool) closeAll(ctx context.Context) error {
	p.mu.Lock()
	if p.over {
		p.mu.Unlock()
		return nil
	}
	errs := make(chan error, len(p.places))
	closing := 0
	for _, pl := range p.places {
		if pl.conn != nil && !pl.conn.IsClosed() {
			closing++
			go func() { errs <- pl.conn.Close(ctx) }()
		}
	}
	p.mu.Unlock()
	var failed error
	for range closing {
		if err := <-errs; err != nil && failed == nil {
			failed = err
			p.Terminate()
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end()
	return failed
}

// end is the end of the pool. The lock is held.
func (p *Pool) end() {
	if !p.over {
		p.over = true
		close(p.ended)
	}
}

// Terminate ends all connections at once.
func (p *Pool) Terminate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return
	}
	p.shut()
	p.end()
	for _, pl := range p.places {
		if pl.conn != nil {
			pl.conn.Terminate()
		}
	}
}
