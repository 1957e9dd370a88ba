// Package session is an exercise: aiohttp's client session, or what is hard about it, its connector. A session keeps
// connections to many hosts, lends one to each request, and never lends too many.
//
// # A request and its place
//
// A request is in use of a connection from before that is opened until its response is released: until Read has read it to
// its end, or Release was called. So long it takes up a place. At no time are there more than Limit requests with a place, and
// not more than LimitPerHost of them to one host. A connection that is idle takes up no place.
//
// Who finds no place waits for one. He needs both, one under Limit and one under LimitPerHost, and takes both at once: who
// waits holds nothing. A place that becomes free goes, in that moment, to somebody who waits and may go: to a host it is first
// come, first served. Between hosts it is anybody's turn; but nobody waits because one to another host is in front of him
// who may not go yet.
//
// # Keep-alive
//
// A connection that can be used again is kept when its response is released, and the next request to its host that gets a place
// takes it instead of opening one. One that has been idle for longer than Keepalive, or is not connected any more, is not
// used again: the request that comes upon it closes it.
//
// Nothing is left behind: a call that has returned leaves no goroutine, a session that is closed none of its connections. Who
// waits sleeps, and does not ask again and again.
package session

import (
	"context"
	"errors"
	"io"
	"time"
)

var (
	// ErrClosed is RuntimeError("Session is closed").
	ErrClosed = errors.New("session is closed")
	// ErrReleased is ClientConnectionError("Connection closed"): the response was released before it was read.
	ErrReleased = errors.New("response is released")

	errNotWritten = errors.New("not written yet")
)

// Protocol is aiohttp's ResponseHandler: one connection to a host, that speaks HTTP. It is given: you implement nothing of it.
// Its methods may be called at any time, but only one request may be under way. All but Request come back at once.
type Protocol interface {
	// Request sends a GET and waits for the head of the answer. It returns the status, and the body, which comes from the
	// connection while you read it. When it returns an error, that of ctx for instance, the connection is good for nothing.
	Request(ctx context.Context, path string) (status int, body io.Reader, err error)
	// ShouldClose reports whether no other request can be sent: the answer was not read to its end, or the server has said
	// that it will close the connection, or it is closed, or something has gone wrong.
	ShouldClose() bool
	// IsConnected reports whether the connection is still there. A server may drop it while it is idle.
	IsConnected() bool
	// Close closes it. A Request and a body that somebody reads return an error then. To close it again does nothing.
	Close()
}

// Options are those of aiohttp.TCPConnector.
type Options struct {
	// Limit is how many requests may have a place. Zero or less is no limit.
	Limit int
	// LimitPerHost is how many of them to one host. Zero or less is no limit.
	LimitPerHost int
	// Keepalive is for how long a connection may be idle and still be used again.
	Keepalive time.Duration
}

// Session is aiohttp.ClientSession. Its methods may be called by many goroutines at the same time, and none of them holds up
// another while it connects, requests or reads.
type Session struct {
	// Your fields.
}

// NewSession returns a session that opens its connections by connect(ctx, host).
func NewSession(connect func(ctx context.Context, host string) (Protocol, error), options Options) *Session {
	return &Session{}
}

// Response is aiohttp.ClientResponse. It belongs to one goroutine: its methods are not called at the same time.
type Response struct {
	// Status is the number in the head of the answer.
	Status int
	// Your fields.
}

// Get is session.get: it waits for a place, takes an idle connection to host or opens one with connect(ctx, host), sends the
// request, and returns when the head of the answer is there. The body has not been read by then.
//
// A Get that returns an error has given its place on, and closed its connection. The error is:
//
//   - ErrClosed where the session is closed, before or meanwhile. Who waits for a place, or for the head of the answer, learns
//     of it at once; who waits for connect when connect returns, and closes what was opened. If connect or Request returns an
//     error because of it, it is ErrClosed still.
//   - ctx.Err() where ctx is done, before or while it waits for a place. ErrClosed goes before that.
//   - the error of connect or of Request, which are told by ctx to hurry. Get waits for connect to return; a connection that
//     comes although ctx is done by now is used like any other.
//
// Where a place becomes free just when ctx is done, it may be the one or the other. But the place is lost to nobody.
func (s *Session) Get(ctx context.Context, host, path string) (*Response, error) {
	return nil, errNotWritten
}

// Read is response.read: it reads the body to its end, releases the response and returns the body. When the body fails
// it returns the error, and releases the response as well. To read again is to get the same again. The error is ErrReleased for
// a response that was released unread.
func (r *Response) Read() ([]byte, error) {
	return nil, errNotWritten
}

// Release is response.release, or the end of "async with session.get(…)": the request is over, read or not. The connection is
// kept if it can be used again, and closed if it ShouldClose. Only then is the place free. To release a response again, or one
// that was read, does nothing.
func (r *Response) Release() {
}

// Close is session.close: it closes all connections, idle or in use, and waits for nobody. Who has a response of the session
// can still Release it, which does nothing. To close again does nothing.
func (s *Session) Close() {
}
