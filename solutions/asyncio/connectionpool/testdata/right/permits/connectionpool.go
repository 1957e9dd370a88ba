// Package connectionpool is asyncpg's pool on channels: a permit for each place, whose receivers Go serves in their order, and
// channels that are closed when the pool closes.
package connectionpool

import (
	"context"
	"errors"
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
	size    int
	// permits has one for each free place.
	permits chan struct{}
	// shut is closed by the first Close or Terminate, killed by Terminate, over when nothing is left.
	shut, killed, over chan struct{}
	shutOnce, killOnce sync.Once
	closer             sync.Once

	mu   sync.Mutex
	idle []Conn // the free places, nil where there is no connection
	all  map[Conn]bool
}

// Proxy is a connection that was lent.
type Proxy struct {
	pool *Pool
	mu   sync.Mutex
	conn Conn
}

// CreatePool returns a pool with minSize open connections.
func CreatePool(ctx context.Context, connect func(ctx context.Context) (Conn, error), minSize, maxSize int) (*Pool, error) {
	if minSize < 0 || maxSize < 1 || minSize > maxSize {
		return nil, ErrSize
	}
	p := &Pool{
		connect: connect, size: maxSize, permits: make(chan struct{}, maxSize), all: make(map[Conn]bool),
		shut: make(chan struct{}), killed: make(chan struct{}), over: make(chan struct{}),
		idle: make([]Conn, maxSize),
	}
	errs := make([]error, minSize)
	var group sync.WaitGroup
	for i := range minSize {
		group.Go(func() {
			conn, err := connect(ctx)
			errs[i] = err
			if err != nil {
				return
			}
			p.mu.Lock()
			p.idle[maxSize-1-i] = conn
			p.all[conn] = true
			p.mu.Unlock()
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			p.Terminate()
			return nil, err
		}
	}
	for range maxSize {
		p.permits <- struct{}{}
	}
	return p, nil
}

func is(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Acquire takes a permit, and the place on top of the stack.
func (p *Pool) Acquire(ctx context.Context) (*Proxy, error) {
	if is(p.shut) {
		return nil, ErrClosed
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	select {
	case <-p.permits:
	case <-p.shut:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if is(p.shut) {
		p.permits <- struct{}{}
		return nil, ErrClosed
	}
	p.mu.Lock()
	conn := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	if conn != nil && conn.IsClosed() {
		delete(p.all, conn)
		conn = nil
	}
	p.mu.Unlock()
	if conn == nil {
		if is(p.killed) {
			return nil, ErrClosed
		}
		var err error
		if conn, err = p.connect(ctx); err != nil {
			if is(p.killed) {
				err = ErrClosed
			}
			p.giveBack(nil)
			return nil, err
		}
		p.mu.Lock()
		p.all[conn] = true
		p.mu.Unlock()
	}
	if is(p.killed) {
		conn.Terminate()
		return nil, ErrClosed
	}
	return &Proxy{pool: p, conn: conn}, nil
}

func (p *Pool) giveBack(conn Conn) {
	p.mu.Lock()
	p.idle = append(p.idle, conn)
	p.mu.Unlock()
	p.permits <- struct{}{}
}

// Conn returns the connection while it is lent.
func (x *Proxy) Conn() Conn {
	x.mu.Lock()
	defer x.mu.Unlock()
	if is(x.pool.killed) {
		return nil
	}
	return x.conn
}

// Release gives the place back.
func (p *Pool) Release(x *Proxy) error {
	if x.pool != p {
		return ErrNotMember
	}
	x.mu.Lock()
	conn := x.conn
	x.conn = nil
	x.mu.Unlock()
	if conn == nil || is(p.killed) {
		return nil
	}
	if conn.IsClosed() {
		p.giveBack(nil)
		return nil
	}
	if err := conn.Reset(); err != nil {
		conn.Terminate()
		p.giveBack(nil)
		return err
	}
	p.giveBack(conn)
	return nil
}

// Close takes all permits, which nobody else gets any more.
func (p *Pool) Close(ctx context.Context) error {
	p.shutOnce.Do(func() { close(p.shut) })
	if is(p.over) || is(p.killed) {
		return nil
	}
	mine := false
	p.closer.Do(func() { mine = true })
	if !mine {
		select {
		case <-p.over:
			return nil
		case <-p.killed:
			return nil
		case <-ctx.Done():
			p.Terminate()
			return ctx.Err()
		}
	}
	for range p.size {
		select {
		case <-p.permits:
		case <-p.killed:
			return nil
		case <-ctx.Done():
			p.Terminate()
			return ctx.Err()
		}
	}
	var group sync.WaitGroup
	var once sync.Once
	var failed error
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	for _, conn := range p.idle {
		if conn == nil {
			continue
		}
		group.Go(func() {
			if err := conn.Close(within); err != nil {
				once.Do(func() { failed = err; p.Terminate(); cancel() })
			}
		})
	}
	group.Wait()
	if failed == nil {
		close(p.over)
	}
	return failed
}

// Terminate ends all connections at once.
func (p *Pool) Terminate() {
	if is(p.over) {
		return
	}
	p.shutOnce.Do(func() { close(p.shut) })
	p.killOnce.Do(func() { close(p.killed) })
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.all {
		conn.Terminate()
	}
}
