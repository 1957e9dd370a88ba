//kata:wrong kind=wrong  opens a connection for every request and closes it afterwards

// Package session is aiohttp's connector on one lock: two counts, the idle connections of each host, and a list of those who
// wait.
package session

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"time"
)

var (
	// ErrClosed is RuntimeError("Session is closed").
	ErrClosed = errors.New("session is closed")
	// ErrReleased is ClientConnectionError("Connection closed").
	ErrReleased = errors.New("response is released")
)

// Protocol is aiohttp's ResponseHandler: one connection to a host.
type Protocol interface {
	Request(ctx context.Context, path string) (status int, body io.Reader, err error)
	ShouldClose() bool
	IsConnected() bool
	Close()
}

// Options are those of aiohttp.TCPConnector.
type Options struct {
	Limit        int
	LimitPerHost int
	Keepalive    time.Duration
}

// Session is aiohttp.ClientSession.
type Session struct {
	connect func(ctx context.Context, host string) (Protocol, error)
	options Options

	mu sync.Mutex
	// acquired are the requests with a place, perHost those of each host.
	acquired int
	perHost  map[string]int
	// using are the connections of requests, idle those that are kept.
	using   map[Protocol]bool
	idle    map[string][]kept
	waiters []*waiter
	closed  bool
}

// kept is an idle connection.
type kept struct {
	protocol Protocol
	since    time.Time
}

// waiter is a request that has no place yet.
type waiter struct {
	host string
	// woken is closed when it has been given a place, and when the session is closed: then it is refused.
	woken   chan struct{}
	refused bool
}

// Response is aiohttp.ClientResponse.
type Response struct {
	Status int

	session  *Session
	host     string
	protocol Protocol
	body     io.Reader
	released bool
	read     []byte
	err      error
}

// NewSession returns a session without connections.
func NewSession(connect func(ctx context.Context, host string) (Protocol, error), options Options) *Session {
	return &Session{
		connect: connect, options: options,
		perHost: make(map[string]int), using: make(map[Protocol]bool), idle: make(map[string][]kept),
	}
}

// room reports whether a request to host may go. The lock is held.
func (s *Session) room(host string) bool {
	total, each := s.options.Limit, s.options.LimitPerHost
	return (total <= 0 || s.acquired < total) && (each <= 0 || s.perHost[host] < each)
}

// take counts a request in. The lock is held.
func (s *Session) take(host string) {
	s.acquired++
	s.perHost[host]++
}

// giveBack counts a request out, and those in who may go now. The lock is held.
func (s *Session) giveBack(host string) {
	s.acquired--
	s.perHost[host]--
	s.waiters = slices.DeleteFunc(s.waiters, func(w *waiter) bool {
		if !s.room(w.host) {
			return false
		}
		s.take(w.host)
		close(w.woken)
		return true
	})
}

// place waits for a place.
func (s *Session) place(ctx context.Context, host string) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		s.mu.Unlock()
		return err
	}
	if s.room(host) {
		s.take(host)
		s.mu.Unlock()
		return nil
	}
	w := &waiter{host: host, woken: make(chan struct{})}
	s.waiters = append(s.waiters, w)
	s.mu.Unlock()

	select {
	case <-w.woken:
		if w.refused {
			return ErrClosed
		}
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.waiters, w)
	if i < 0 { // it has been given one in the same moment
		s.giveBack(host)
		return ctx.Err()
	}
	s.waiters = slices.Delete(s.waiters, i, i+1)
	return ctx.Err()
}

// kept takes an idle connection that can be used again. The lock is held.
func (s *Session) kept(host string) Protocol {
	for len(s.idle[host]) > 0 {
		oldest := s.idle[host][0]
		s.idle[host] = s.idle[host][1:]
		if oldest.protocol.IsConnected() && time.Since(oldest.since) <= s.options.Keepalive {
			return oldest.protocol
		}
		oldest.protocol.Close()
	}
	return nil
}

// Get sends a request and returns when the head of the answer is there.
func (s *Session) Get(ctx context.Context, host, path string) (*Response, error) {
	if err := s.place(ctx, host); err != nil {
		return nil, err
	}
	protocol, err := s.connection(ctx, host)
	if err != nil {
		return nil, err
	}
	status, body, err := protocol.Request(ctx, path)
	if err != nil {
		return nil, s.failed(host, protocol, err)
	}
	return &Response{Status: status, session: s, host: host, protocol: protocol, body: body}, nil
}

// connection takes a connection that is kept, or opens one.
func (s *Session) connection(ctx context.Context, host string) (Protocol, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	protocol := s.kept(host)
	if protocol == nil {
		s.mu.Unlock()
		opened, err := s.connect(ctx, host)
		s.mu.Lock()
		if err != nil {
			return nil, s.fail(host, err)
		}
		if s.closed {
			opened.Close()
			return nil, ErrClosed
		}
		protocol = opened
	}
	s.using[protocol] = true
	return protocol, nil
}

// failed ends a request whose connection is good for nothing any more.
func (s *Session) failed(host string, protocol Protocol, err error) error {
	protocol.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.using, protocol)
	return s.fail(host, err)
}

// fail ends a request without a connection. The lock is held.
func (s *Session) fail(host string, err error) error {
	if s.closed {
		return ErrClosed
	}
	s.giveBack(host)
	return err
}

// Read reads the body to its end and releases the response.
func (r *Response) Read() ([]byte, error) {
	if r.released {
		return r.read, r.err
	}
	r.read, r.err = io.ReadAll(r.body)
	r.release()
	return r.read, r.err
}

// Release releases the response.
func (r *Response) Release() {
	if !r.released {
		r.err = ErrReleased
		r.release()
	}
}

// release keeps the connection or closes it, and then gives the place back.
func (r *Response) release() {
	r.released = true
	s := r.session
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	delete(s.using, r.protocol)
	s.keep(r.host, r.protocol)
	s.giveBack(r.host)
}

// keep keeps a connection that can be used again, and closes it otherwise. The lock is held.
func (s *Session) keep(host string, protocol Protocol) {
	protocol.Close()
}

// Close closes all connections.
func (s *Session) Close() {
	waiters, protocols := s.shut()
	for _, w := range waiters {
		w.refused = true
		close(w.woken)
	}
	for _, protocol := range protocols {
		protocol.Close()
	}
}

// shut lets nobody in any more and takes everything away.
func (s *Session) shut() (waiters []*waiter, protocols []Protocol) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	waiters = s.waiters
	for protocol := range s.using {
		protocols = append(protocols, protocol)
	}
	for _, all := range s.idle {
		for _, k := range all {
			protocols = append(protocols, k.protocol)
		}
	}
	s.waiters, s.using, s.idle = nil, nil, nil
	return waiters, protocols
}
