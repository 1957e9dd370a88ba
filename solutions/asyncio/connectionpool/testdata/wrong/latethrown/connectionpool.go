//kata:wrong kind=wrong  throws a connection away because its context is done by now

// Package connectionpool is asyncpg's pool as a stack of places, a queue of those who wait for one, and one lock.
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
	// free is a stack. While anybody waits it is empty.
	free []*place
	// waiters are served from the front. Each channel has room for its place, and is closed when the pool closes.
	waiters []chan *place
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
	p := &Pool{connect: connect, allBack: make(chan struct{}), ended: make(chan struct{})}
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
		case err == nil && ctx.Err() != nil:
			conn.Terminate()
			p.giveBack(pl)
			return nil, ctx.Err()
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
	if p.closing {
		p.mu.Unlock()
		return nil, ErrClosed
	}
	if err := ctx.Err(); err != nil {
		p.mu.Unlock()
		return nil, err
	}
	if top := len(p.free) - 1; top >= 0 {
		pl := p.free[top]
		p.free = p.free[:top]
		p.mu.Unlock()
		return pl, nil
	}
	mine := make(chan *place, 1)
	p.waiters = append(p.waiters, mine)
	p.mu.Unlock()

	select {
	case pl, ok := <-mine:
		if !ok {
			return nil, ErrClosed
		}
		return pl, nil
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.Index(p.waiters, mine)
	if i < 0 {
		if pl, ok := <-mine; ok { // it came in the same moment
			p.giveBack(pl)
		}
		return nil, ctx.Err()
	}
	p.waiters = slices.Delete(p.waiters, i, i+1)
	return nil, ctx.Err()
}

// giveBack frees a place, for the one who waits longest. The lock is held.
func (p *Pool) giveBack(pl *place) {
	if len(p.waiters) > 0 {
		p.waiters[0] <- pl
		p.waiters = p.waiters[1:]
		return
	}
	p.free = append(p.free, pl)
	p.count()
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
	for _, w := range p.waiters {
		close(w)
	}
	p.waiters = nil
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
	return p.closeAll(ctx)
}

// closeAll closes all connections that are open still, at the same time.
func (p *Pool) closeAll(ctx context.Context) error {
	p.mu.Lock()
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
	p.shut()
	p.end()
	for _, pl := range p.places {
		if pl.conn != nil {
			pl.conn.Terminate()
		}
	}
}
