// Package connectionpool is asyncpg's pool on one lock and one condition. Who waits has a number; whoever changes something
// wakes all, and each looks whether it is his turn.
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

	mu      sync.Mutex
	changed *sync.Cond
	free    []Conn // nil where there is no connection
	line    []int  // the numbers of those who wait, and have not been called
	called  map[int]bool
	next    int
	lent    map[*Proxy]bool
	state   int
}

const (
	open = iota
	closing
	closed
	terminated
)

// Proxy is a connection that was lent, or a place for which one is being made.
type Proxy struct {
	pool *Pool
	conn Conn
	dead bool
}

// CreatePool returns a pool with minSize open connections.
func CreatePool(ctx context.Context, connect func(ctx context.Context) (Conn, error), minSize, maxSize int) (*Pool, error) {
	if minSize < 0 || maxSize < 1 || minSize > maxSize {
		return nil, ErrSize
	}
	p := &Pool{connect: connect, size: maxSize, called: make(map[int]bool), lent: make(map[*Proxy]bool)}
	p.changed = sync.NewCond(&p.mu)
	for len(p.free) < maxSize-minSize {
		p.free = append(p.free, nil)
	}
	for range minSize {
		conn, err := connect(ctx)
		if err != nil {
			p.Terminate()
			return nil, err
		}
		p.free = append(p.free, conn)
	}
	return p, nil
}

// Acquire waits for its number.
func (p *Pool) Acquire(ctx context.Context) (*Proxy, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state != open {
		return nil, ErrClosed
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	p.next++
	number := p.next
	p.line = append(p.line, number)
	p.call()
	if !p.called[number] {
		stop := context.AfterFunc(ctx, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.changed.Broadcast()
		})
		defer stop()
	}
	for !p.called[number] {
		if p.state != open || ctx.Err() != nil {
			for i, n := range p.line {
				if n == number {
					p.line = append(p.line[:i:i], p.line[i+1:]...)
					break
				}
			}
			if p.state != open {
				return nil, ErrClosed
			}
			return nil, ctx.Err()
		}
		p.changed.Wait()
	}
	// A place is kept for each who is called. It is taken off the stack here, and not by call: who is called later may come
	// first, and takes what is on top then.
	delete(p.called, number)
	x := &Proxy{pool: p}
	p.lent[x] = true
	x.conn = p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	if p.state == terminated {
		return nil, ErrClosed
	}
	if x.conn != nil && !x.conn.IsClosed() {
		return x, nil
	}
	x.conn = nil
	p.mu.Unlock()
	conn, err := p.connect(ctx)
	p.mu.Lock()
	if p.state == terminated {
		if err == nil {
			conn.Terminate()
		}
		return nil, ErrClosed
	}
	if err != nil {
		p.back(x, nil)
		return nil, err
	}
	x.conn = conn
	return x, nil
}

// call calls as many as there are places that are kept for nobody.
func (p *Pool) call() {
	for len(p.line) > 0 && len(p.free) > len(p.called) {
		p.called[p.line[0]] = true
		p.line = p.line[1:]
	}
	p.changed.Broadcast()
}

func (p *Pool) back(x *Proxy, conn Conn) {
	if p.state == terminated {
		return
	}
	delete(p.lent, x)
	p.free = append(p.free, conn)
	p.call()
}

// Conn returns the connection while it is lent.
func (x *Proxy) Conn() Conn {
	x.pool.mu.Lock()
	defer x.pool.mu.Unlock()
	if x.dead || x.pool.state == terminated {
		return nil
	}
	return x.conn
}

// Release gives the place back.
func (p *Pool) Release(x *Proxy) error {
	if x.pool != p {
		return ErrNotMember
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if x.dead || p.state == terminated {
		return nil
	}
	x.dead = true
	conn := x.conn
	if conn.IsClosed() {
		p.back(x, nil)
		return nil
	}
	p.mu.Unlock()
	err := conn.Reset()
	if err != nil {
		conn.Terminate()
		conn = nil
	}
	p.mu.Lock()
	p.back(x, conn)
	return err
}

// Close waits for all places, and then closes the connections.
func (p *Pool) Close(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	first := p.state == open
	if first {
		p.state = closing
		p.line = nil
		p.changed.Broadcast()
	}
	stop := context.AfterFunc(ctx, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.changed.Broadcast()
	})
	defer stop()
	for p.state == closing && (!first || len(p.free)-len(p.called) < p.size) {
		if ctx.Err() != nil {
			p.terminate()
			return ctx.Err()
		}
		p.changed.Wait()
	}
	if p.state != closing {
		return nil
	}
	conns := p.free
	p.mu.Unlock()
	var failed error
	var one sync.Mutex
	var all sync.WaitGroup
	for _, conn := range conns {
		if conn == nil {
			continue
		}
		all.Go(func() {
			if err := conn.Close(ctx); err != nil {
				one.Lock()
				defer one.Unlock()
				if failed == nil {
					failed = err
					p.Terminate()
				}
			}
		})
	}
	all.Wait()
	p.mu.Lock()
	if p.state == closing {
		p.state = closed
		p.changed.Broadcast()
	}
	return failed
}

// Terminate ends all connections at once.
func (p *Pool) Terminate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.terminate()
}

func (p *Pool) terminate() {
	if p.state == closed || p.state == terminated {
		return
	}
	p.state = terminated
	for _, conn := range p.free {
		if conn != nil {
			conn.Terminate()
		}
	}
	for x := range p.lent {
		if x.conn != nil {
			x.conn.Terminate()
		}
	}
	p.changed.Broadcast()
}
