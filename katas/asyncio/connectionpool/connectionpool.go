// Package connectionpool is an exercise: asyncpg's connection pool. Connections to a database are costly, so they are
// opened once, lent, given back and lent again, and there are never more than the server can bear.
//
// # Places
//
// A pool has maxSize places. A place is free or taken, and there may be a connection in it or not. What Acquire waits for
// is a place; what it returns is the connection in it. So there is no way to lose a connection: whatever becomes of it, the
// place is given back.
//
// The free places are a stack: Acquire takes the one that became free last, with or without a connection in it. A new pool
// has those with a connection on top.
//
// At no time are more than maxSize connections open or being opened. Nothing is left behind: a call that has returned
// leaves no goroutine, and a pool that is closed or terminated none of its connections. Who waits sleeps, and does not ask
// again and again.
package connectionpool

import (
	"context"
	"errors"
)

var (
	// ErrSize is ValueError for a size that is not possible.
	ErrSize = errors.New("sizes must be 0 <= minSize <= maxSize, and 0 < maxSize")
	// ErrClosed is InterfaceError("pool is closing") and InterfaceError("pool is closed").
	ErrClosed = errors.New("pool is closing or closed")
	// ErrNotMember is InterfaceError("… is not a member of this pool").
	ErrNotMember = errors.New("the connection is not a member of this pool")

	errNotWritten = errors.New("not written yet")
)

// Conn is asyncpg.Connection, as far as a pool has to do with it. It is given: you implement nothing of it.
type Conn interface {
	// Reset makes the connection ready for its next user. It asks the server, so it takes its time.
	Reset() error
	// Close takes leave of the server and ends the connection. That takes its time as well; it returns early, with an
	// error, when ctx is done or the connection is terminated. Where the connection has ended already it does nothing.
	Close(ctx context.Context) error
	// Terminate ends the connection at once, without a word to the server. It may be called at any time, also while another
	// method runs, and more than once.
	Terminate()
	// IsClosed reports whether the connection has ended: closed, terminated, or dropped by the server. It may be called at
	// any time.
	IsClosed() bool
}

// Pool is asyncpg.Pool. All methods may be called by many goroutines at the same time. A call that takes its time (connect,
// Reset, Close of a connection) holds up nobody else who uses the pool.
type Pool struct {
	// Your fields.
}

// Proxy is asyncpg's PoolConnectionProxy: a connection that was lent, as its user sees it.
type Proxy struct {
	// Your fields.
}

// CreatePool is asyncpg.create_pool: it returns a pool of which minSize connections are open already. It opens them with
// connect(ctx), in any order, at once or one after the other. The other places get theirs when somebody needs it.
//
// The error is ErrSize, before anything is opened, for sizes that are not possible. When connect fails it is the error of
// connect, and what was opened is terminated.
func CreatePool(ctx context.Context, connect func(ctx context.Context) (Conn, error), minSize, maxSize int) (*Pool, error) {
	return nil, errNotWritten
}

// Acquire is pool.acquire(timeout=…), with ctx for the timeout and for task.cancel(). It takes a free place; where there is
// none it waits for one. First come, first served: a place that becomes free is, in that moment, the place of the one who
// has waited longest. Who calls Acquire later waits behind.
//
// If there is no connection in the place, or one that is closed, Acquire opens a new one with connect(ctx). It waits for
// connect to return, which is told by ctx to hurry, and what connect returns decides: a connection is handed out even if
// ctx is done by now.
//
// An Acquire that returns an error leaves everything as it was: its place is free again, for the one who waits longest. The
// error is:
//
//   - ErrClosed where Close or Terminate was called, before it or while it waits for a place. Who waits learns of it at
//     once. Who has a place and waits for connect is let go on by Close. After Terminate it gets ErrClosed when connect
//     returns, and what was opened is terminated.
//   - ctx.Err() where ctx is done, before it (then also if a place is free) or while it waits for a place. ErrClosed goes
//     before that.
//   - the error of connect.
//
// Where a place becomes free just when ctx is done, it may be the one or the other. But no place is lost.
func (p *Pool) Acquire(ctx context.Context) (*Proxy, error) {
	return nil, errNotWritten
}

// Conn returns the connection, and nil from the call of Release or Terminate on: who has given back has nothing in his
// hands, even if somebody else uses the same connection by now.
func (x *Proxy) Conn() Conn {
	return nil
}

// Release is pool.release: it gives the place back.
//
// A connection that is still open is first Reset; the place is free when that returns. If it fails, Release terminates the
// connection and returns the error; the place becomes free after that, without a connection. A connection that is closed is
// not reset: the place becomes free without it.
//
// The error is ErrNotMember for the proxy of another pool. To release a proxy a second time, or one of a pool that was
// terminated, does nothing and is no error.
func (p *Pool) Release(x *Proxy) error {
	return errNotWritten
}

// Close is pool.close. From its call on nobody gets a place any more. It waits until every place that is taken has been
// given back, then closes all connections with their Close(ctx), each once and all at the same time, and waits for that.
//
// When ctx is done before the end, or one of the connections returns an error, it terminates the pool and returns ctx.Err()
// or that error.
//
// A second Close waits for the end too, as long as its own ctx allows. Where the pool is closed or terminated already, Close
// does nothing and returns nil. A Close that waits for places returns nil when the pool is terminated meanwhile.
func (p *Pool) Close(ctx context.Context) error {
	return errNotWritten
}

// Terminate is pool.terminate. It waits for nobody: it terminates all connections, those that are lent too, and closes the
// pool. In a pool that is closed it does nothing.
func (p *Pool) Terminate() {
}
