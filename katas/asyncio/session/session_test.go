package session_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/asyncio/session"
	"github.com/python-concurrency/kata/katas/lab"
)

var (
	errBoom   = errors.New("boom")
	errHungUp = errors.New("connection closed")
	forever   = context.Background()
)

// T says only what went wrong first. What goroutines find out later follows from that, and may come when the test is over.
type T struct{ *lab.T }

func only(body func(*T)) func(*lab.T) { return func(t *lab.T) { body(&T{t}) } }

// Errorf is the lab's.
func (t *T) Errorf(format string, args ...any) {
	t.Helper()
	if !t.Failed() {
		t.T.Errorf(format, args...)
	}
}

// Fatalf is the lab's.
func (t *T) Fatalf(format string, args ...any) {
	t.Helper()
	t.Errorf(format, args...)
	t.FailNow()
}

// ErrorIs is the lab's.
func (t *T) ErrorIs(what string, got, want error) bool {
	t.Helper()
	if t.Failed() {
		return errors.Is(got, want)
	}
	return t.T.ErrorIs(what, got, want)
}

// Equal is the lab's.
func (t *T) Equal(what string, got, want any) bool {
	t.Helper()
	if t.Failed() {
		return reflect.DeepEqual(got, want)
	}
	return t.T.Equal(what, got, want)
}

// True is the lab's.
func (t *T) True(what string, holds bool) bool {
	t.Helper()
	if t.Failed() {
		return holds
	}
	return t.T.True(what, holds)
}

// timing wants something to have taken exactly d.
func (t *T) timing(what string, took, d time.Duration) {
	t.Helper()
	switch {
	case t.Failed():
	case took < d:
		t.Timing(fmt.Sprintf("%s took %v, must take %v: too early", what, took, d), d.String(), took.String())
	case took > d:
		t.Timing(fmt.Sprintf("%s took %v, must take %v: too slow", what, took, d), d.String(), took.String())
	}
}

// world is all the hosts that there are, and the connections to them.
type world struct {
	t       *T
	options session.Options
	// speaks is how a connection talks to its server: over HTTP, or in an explored test without any.
	speaks func(c *conn, ctx context.Context, path string) (int, io.Reader, error)

	mu      sync.Mutex
	servers map[string]*server
	conns   []*conn
	// busy are the requests with a place, as far as a connection can tell.
	busy map[string]int
	// connecting is how long a connect takes, deaf that it does so whatever its context says, refuses its error.
	connecting time.Duration
	deaf       bool
	refuses    error
}

// server is a real HTTP server, to which one connects in memory.
type server struct {
	http.Server
	accepts chan net.Conn
	gone    chan struct{}
	once    sync.Once
}

// Accept is net.Listener's.
func (s *server) Accept() (net.Conn, error) {
	select {
	case c := <-s.accepts:
		return c, nil
	case <-s.gone:
		return nil, net.ErrClosed
	}
}

// Close is net.Listener's.
func (s *server) Close() error { s.once.Do(func() { close(s.gone) }); return nil }

// Addr is net.Listener's.
func (s *server) Addr() net.Addr { return &net.UnixAddr{} }

const (
	// long is the length of a body that the server cannot send before somebody reads.
	long = 100_000
	// impatient is a host that drops a connection that is idle for five seconds.
	impatient = "impatient"
)

// answers is what the server of a host does.
func answers(host string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, host, r.URL.Path) })
	mux.HandleFunc("/after/{d}", func(w http.ResponseWriter, r *http.Request) {
		d, _ := time.ParseDuration(r.PathValue("d"))
		time.Sleep(d)
		fmt.Fprint(w, host, r.URL.Path)
	})
	mux.HandleFunc("/missing", http.NotFound)
	mux.HandleFunc("/empty", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", long)) })
	mux.HandleFunc("/headfirst", func(w http.ResponseWriter, _ *http.Request) {
		w.(http.Flusher).Flush()
		time.Sleep(5 * time.Second)
		fmt.Fprint(w, "body")
	})
	mux.HandleFunc("/goodbye", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "close")
		fmt.Fprint(w, "goodbye")
	})
	mux.HandleFunc("/hangup", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	mux.HandleFunc("/half", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "half")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	return mux
}

// hosts starts a server for each of the names.
func hosts(t *T, options session.Options, names ...string) (*world, *session.Session) {
	w, s := open(t, options, overHTTP)
	w.servers = make(map[string]*server)
	for _, name := range names {
		at := &server{accepts: make(chan net.Conn), gone: make(chan struct{})}
		at.Handler, at.ErrorLog = answers(name), log.New(io.Discard, "", 0)
		if name == impatient {
			at.IdleTimeout = 5 * time.Second
		}
		w.servers[name] = at
		go at.Serve(at)
	}
	return w, s
}

// open makes a session.
func open(t *T, options session.Options, speaks func(*conn, context.Context, string) (int, io.Reader, error)) (*world, *session.Session) {
	if options.Keepalive == 0 {
		options.Keepalive = time.Hour
	}
	w := &world{t: t, options: options, speaks: speaks, busy: make(map[string]int)}
	return w, session.NewSession(w.connect, options)
}

// stop ends the servers.
func (w *world) stop() {
	for _, at := range w.servers {
		at.Server.Close()
		at.Close()
	}
}

// with runs f under the lock.
func (w *world) with(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

// enters counts a place, and holds the number to the limits. The lock is held.
func (w *world) enters(host string) {
	w.busy[host]++
	all := 0
	for _, n := range w.busy {
		all += n
	}
	if limit := w.options.Limit; limit > 0 && all > limit {
		w.t.Errorf("%d requests have a place, and Limit is %d", all, limit)
	}
	if limit := w.options.LimitPerHost; limit > 0 && w.busy[host] > limit {
		w.t.Errorf("%d requests to one host have a place, and LimitPerHost is %d", w.busy[host], limit)
	}
}

// connect is what the session opens connections with.
func (w *world) connect(ctx context.Context, host string) (session.Protocol, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.enters(host)
	refuses := w.refuses
	if takes, deaf := w.connecting, w.deaf; takes > 0 {
		w.mu.Unlock()
		if deaf {
			ctx = forever
		}
		select {
		case <-time.After(takes):
		case <-ctx.Done():
			refuses = ctx.Err()
		}
		w.mu.Lock()
	}
	w.busy[host]--
	if refuses != nil {
		return nil, refuses
	}
	c := &conn{world: w, host: host, number: len(w.conns) + 1, hungUp: make(chan struct{})}
	w.conns = append(w.conns, c)
	if at := w.servers[host]; at != nil {
		here, there := net.Pipe()
		c.pipe, c.reader = here, bufio.NewReader(here)
		select {
		case at.accepts <- &far{Conn: there, near: c}:
		case <-at.gone:
		}
	}
	return c, nil
}

// opened is how many connections were opened.
func (w *world) opened() (n int) { w.with(func() { n = len(w.conns) }); return n }

// conn gives the n-th connection.
func (w *world) conn(n int) (c *conn) { w.with(func() { c = w.conns[n-1] }); return c }

// closed wants every connection to be closed.
func (w *world) closed(when string) {
	w.t.Helper()
	for n := range w.opened() {
		if c := w.conn(n + 1); !c.isClosed() {
			w.t.Errorf("%s connection %d of %d, to %s, is still open: nobody has closed it", when, n+1, w.opened(), c.host)
		}
	}
}

// far is the server's end of a connection.
type far struct {
	net.Conn
	near *conn
}

// Close is the server's.
func (f *far) Close() error {
	f.near.with(func() { f.near.dropped = true })
	return f.Conn.Close()
}

// conn is a connection. Its fields are guarded by the world's lock.
type conn struct {
	*world
	host   string
	number int
	pipe   net.Conn
	reader *bufio.Reader
	hungUp chan struct{}

	// asked means that a request has been sent whose answer was not read to its end.
	asked bool
	// last means that there may be no more requests.
	last, over, dropped bool
	requests            int
}

// Request is the session's.
func (c *conn) Request(ctx context.Context, path string) (int, io.Reader, error) {
	c.mu.Lock()
	switch {
	case c.asked:
		c.t.Errorf("a request is sent on a connection on which the answer to the one before has not been read to its end")
	case c.last && !c.over:
		c.t.Errorf("a request is sent on a connection that ShouldClose")
	}
	over := c.over
	if !over {
		c.asked = true
		c.requests++
		c.enters(c.host)
	}
	c.mu.Unlock()
	if over {
		return 0, nil, errHungUp
	}
	status, body, err := c.speaks(c, ctx, path)
	if err != nil {
		c.with(func() { c.last = true })
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return 0, nil, err
	}
	return status, &answer{c, body}, nil
}

// ends is the end of a request. The lock is held.
func (c *conn) ends() {
	if c.asked {
		c.asked = false
		c.busy[c.host]--
	}
}

// ShouldClose is the session's.
func (c *conn) ShouldClose() (should bool) {
	c.with(func() { should = c.asked || c.last || c.over || c.dropped })
	return should
}

// IsConnected is the session's.
func (c *conn) IsConnected() (is bool) {
	c.with(func() { is = !c.over && !c.dropped })
	return is
}

// isClosed reports whether the session has closed it.
func (c *conn) isClosed() (is bool) {
	c.with(func() { is = c.over })
	return is
}

// Close is the session's.
func (c *conn) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return
	}
	c.over = true
	c.ends()
	close(c.hungUp)
	if c.pipe != nil {
		c.pipe.Close()
	}
}

// answer is a body.
type answer struct {
	*conn
	from io.Reader
}

// Read is the session's.
func (a *answer) Read(p []byte) (int, error) {
	n, err := a.from.Read(p)
	if err == nil {
		return n, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case err != io.EOF:
		a.last = true
	case a.over:
		err = errHungUp
	default:
		a.ends()
	}
	return n, err
}

// overHTTP speaks HTTP.
func overHTTP(c *conn, ctx context.Context, path string) (int, io.Reader, error) {
	if ctx.Err() != nil {
		return 0, nil, ctx.Err()
	}
	stop := context.AfterFunc(ctx, func() { c.pipe.SetDeadline(time.Now()) })
	defer stop()
	if _, err := fmt.Fprintf(c.pipe, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, c.host); err != nil {
		return 0, nil, err
	}
	head, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return 0, nil, err
	}
	c.with(func() {
		c.last = c.last || head.Close
		if head.ContentLength == 0 {
			c.ends()
		}
	})
	return head.StatusCode, head.Body, nil
}

// atOnce answers without a server.
func atOnce(c *conn, _ context.Context, path string) (int, io.Reader, error) {
	return 200, strings.NewReader(c.host + path), nil
}

// returns runs a call that must come back, and reports whether it does.
func returns(t *T, what string, call func()) bool {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); call() }()
	select {
	case <-done:
		return true
	case <-time.After(time.Hour):
		t.Errorf("%s does not return: it waits for something that never comes", what)
		return false
	}
}

// within wants a call to take exactly d.
func within(t *T, what string, d time.Duration, call func()) {
	t.Helper()
	start := time.Now()
	returns(t, what, call)
	t.timing(what, time.Since(start), d)
}

// gets wants a response after exactly d. It is for the test's own goroutine.
func gets(t *T, s *session.Session, d time.Duration, host, path, when string) *session.Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(forever, time.Minute)
	defer cancel()
	what := fmt.Sprintf("Get(%s, %s)%s", host, path, space(when))
	var r *session.Response
	var err error
	start := time.Now()
	returns(t, what, func() { r, err = s.Get(ctx, host, path) })
	took := time.Since(start)
	switch {
	case t.Failed():
		t.FailNow()
	case errors.Is(err, context.DeadlineExceeded):
		t.Fatalf("%s waits for a minute in vain", what)
	case !t.ErrorIs("the error of "+what, err, nil):
		t.FailNow()
	case r == nil:
		t.Fatalf("%s returns neither a response nor an error", what)
	}
	t.timing(what, took, d)
	return r
}

func space(when string) string {
	if when == "" {
		return ""
	}
	return " " + when
}

// reads wants a body.
func reads(t *T, r *session.Response, want string) {
	t.Helper()
	within(t, "Read", 0, func() {
		body, err := r.Read()
		if t.ErrorIs("the error of Read", err, nil) {
			t.Equal("the body that Read returns", string(body), want)
		}
	})
}

// fails wants a Get to fail after exactly d.
func fails(t *T, s *session.Session, ctx context.Context, d time.Duration, host, path, when string, want error) {
	t.Helper()
	what := fmt.Sprintf("Get(%s, %s)%s", host, path, space(when))
	within(t, what, d, func() {
		r, err := s.Get(ctx, host, path)
		t.ErrorIs("the error of "+what, err, want)
		t.True(what+" returns no response beside its error", err == nil || r == nil)
	})
}

// full wants that there is no place for a request to host.
func full(t *T, s *session.Session, host, when string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(forever, time.Second)
	defer cancel()
	fails(t, s, ctx, time.Second, host, "/", "with a timeout of a second, "+when, context.DeadlineExceeded)
}

// release releases.
func release(t *T, r *session.Response) {
	t.Helper()
	within(t, "Release", 0, r.Release)
}

// together runs all at the same time and waits for them.
func together(calls ...func()) {
	var all sync.WaitGroup
	for _, call := range calls {
		all.Go(call)
	}
	all.Wait()
}

// canceled is a context that is done.
func canceled() context.Context {
	ctx, cancel := context.WithCancel(forever)
	cancel()
	return ctx
}

// fetches is a request, read to its end, that must go well.
func fetches(t *T, s *session.Session, host, path string) {
	r, err := s.Get(forever, host, path)
	if !t.ErrorIs(fmt.Sprintf("the error of Get(%s, %s)", host, path), err, nil) || r == nil {
		return
	}
	body, err := r.Read()
	if t.ErrorIs("the error of Read", err, nil) {
		t.Equal("the body that Read returns", string(body), host+path)
	}
}

// TestGet checks that Get returns the status of the answer, and Read its body, each from the host that was asked.
func TestGet(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{}, "a", "b")
		defer w.stop()
		for _, want := range []struct {
			host, path string
			status     int
			body       string
		}{
			{"a", "/one", 200, "a/one"}, {"b", "/one", 200, "b/one"}, {"a", "/two", 200, "a/two"},
			{"b", "/missing", 404, "404 page not found\n"}, {"a", "/empty", 200, ""}, {"a", "/long", 200, strings.Repeat("x", long)},
		} {
			r := gets(t, s, 0, want.host, want.path, "")
			t.Equal("the Status of "+want.host+want.path, r.Status, want.status)
			reads(t, r, want.body)
		}
		s.Close()
	}))
}

// TestKeepAlive checks that the connection of a response that was read is used again for its host, and not for another one.
func TestKeepAlive(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{}, "a", "b")
		defer w.stop()
		for i := range 3 {
			for _, host := range []string{"a", "b"} {
				path := fmt.Sprintf("/%d", i)
				reads(t, gets(t, s, 0, host, path, ""), host+path)
			}
		}
		t.Equal("how many connections are opened for three requests, one after the other, to each of two hosts", w.opened(), 2)
		release(t, gets(t, s, 0, "a", "/empty", "")) // there is nothing to read
		reads(t, gets(t, s, 0, "a", "/again", "after a response without a body that was released"), "a/again")
		t.Equal("how many connections were opened in the end", w.opened(), 2)
		s.Close()
		w.closed("after Close")
	}))
}

// TestAResponseIsUnderWayUntilItIsRead checks that Get returns at the head of the answer, that the request has its place until Read or Release, and that the next one gets it in that moment.
func TestAResponseIsUnderWayUntilItIsRead(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{Limit: 1}, "a", "b")
		defer w.stop()
		r := gets(t, s, 0, "a", "/headfirst", "where the body comes five seconds after the head")
		within(t, "Read of a body that comes five seconds after the head", 5*time.Second, func() {
			body, err := r.Read()
			if t.ErrorIs("the error of Read", err, nil) {
				t.Equal("the body that Read returns", string(body), "body")
			}
		})
		r = gets(t, s, 0, "a", "/long", "")
		full(t, s, "a", "while a response is not read")
		full(t, s, "b", "while a response of another host is not read, and Limit is 1")
		go func() { time.Sleep(2 * time.Second); reads(t, r, strings.Repeat("x", long)) }()
		r = gets(t, s, 2*time.Second, "a", "/next", "while the response before is read after two seconds")
		go func() { time.Sleep(2 * time.Second); release(t, r) }()
		r = gets(t, s, 2*time.Second, "b", "/next", "while the response before is released after two seconds")
		reads(t, r, "b/next")
		reads(t, gets(t, s, 0, "a", "/last", ""), "a/last")
		r = gets(t, s, 0, "b", "/", "")
		full(t, s, "a", "while a response of another host is not read, and Limit is 1, although a connection is idle")
		release(t, r)
		s.Close()
		w.closed("after Close")
	}))
}

// TestRequestsOverlap checks that requests are under way at the same time where no limit forbids it.
func TestRequestsOverlap(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		for _, options := range []session.Options{{}, {Limit: -1, LimitPerHost: -1}, {Limit: 5}, {LimitPerHost: 5}} {
			w, s := hosts(t, options, "a")
			t.Takes(fmt.Sprintf("five requests to one host, of one second each, with Limit %d and LimitPerHost %d", options.Limit, options.LimitPerHost),
				lab.Exactly(time.Second).Sequential(5*time.Second, "the five"), func() {
					fetch := func() { fetches(t, s, "a", "/after/1s") }
					together(fetch, fetch, fetch, fetch, fetch)
				})
			t.Equal("how many connections were opened for them", w.opened(), 5)
			s.Close()
			w.closed("after Close")
			w.stop()
		}
	}))
}

// TestLimits checks that Limit counts all requests and LimitPerHost those to one host, and that who must wait goes as soon as he can.
func TestLimits(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		const tick = time.Microsecond // between one request and the next
		for _, the := range []struct {
			options session.Options
			want    map[string]time.Duration
		}{
			{session.Options{Limit: 2}, map[string]time.Duration{"a or b": 3 * time.Second}},
			{session.Options{LimitPerHost: 1}, map[string]time.Duration{"a": 3 * time.Second, "b": 2*time.Second + 3*tick}},
			{session.Options{Limit: 4, LimitPerHost: 2}, map[string]time.Duration{"a": 2 * time.Second, "b": time.Second + 4*tick}},
		} {
			w, s := hosts(t, the.options, "a", "b")
			start := time.Now()
			last := map[string]time.Duration{}
			var lock sync.Mutex
			var calls []func()
			for i, host := range []string{"a", "a", "a", "b", "b"} {
				calls = append(calls, func() {
					time.Sleep(time.Duration(i) * tick)
					fetches(t, s, host, "/after/1s")
					lock.Lock()
					defer lock.Unlock()
					last[host], last["a or b"] = time.Since(start), time.Since(start)
				})
			}
			what := fmt.Sprintf("three requests to a and two to b behind them, of one second each, with Limit %d and LimitPerHost %d", the.options.Limit, the.options.LimitPerHost)
			if !returns(t, "one of "+what, func() { together(calls...) }) {
				return
			}
			for _, host := range []string{"a or b", "a", "b"} {
				if want, told := the.want[host]; told {
					t.timing("those to "+host+" of "+what, last[host], want)
				}
			}
			s.Close()
			w.closed("after Close")
			w.stop()
		}
	}))
}

// TestNobodyWaitsForAnotherHost checks that who waits for a place at one host takes nothing away from others, and lets those to another host go first.
func TestNobodyWaitsForAnotherHost(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{Limit: 2, LimitPerHost: 1}, "a", "b", "c")
		defer w.stop()
		r := gets(t, s, 0, "a", "/", "")
		var waits sync.WaitGroup
		waits.Go(func() {
			fetches(t, s, "a", "/second")
		})
		time.Sleep(time.Second)
		b := gets(t, s, 0, "b", "/", "where Limit is 2, LimitPerHost is 1, one request to a has a place and another one waits for it")
		go func() { time.Sleep(time.Second); release(t, b) }()
		c := gets(t, s, time.Second, "c", "/", "behind one that waits for a, where the place of b is free after a second")
		reads(t, c, "c/")
		reads(t, r, "a/")
		if returns(t, "a Get that waits for a place at its host, which is free now", waits.Wait) {
			reads(t, gets(t, s, 0, "a", "/last", ""), "a/last")
		}
		s.Close()
		w.closed("after Close")
	}))
}

// TestFirstComeFirstServed checks that requests to one host get their places in the order in which they came.
func TestFirstComeFirstServed(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		for _, options := range []session.Options{{Limit: 1}, {LimitPerHost: 1}} {
			w, s := hosts(t, options, "a")
			held := gets(t, s, 0, "a", "/", "")
			start := time.Now()
			var order []int
			var after []time.Duration
			var calls []func()
			for i := range 4 {
				calls = append(calls, func() {
					time.Sleep(time.Duration(i+1) * time.Second)
					r, err := s.Get(forever, "a", "/")
					if !t.ErrorIs("the error of a Get that waited", err, nil) || r == nil {
						return
					}
					w.with(func() { order, after = append(order, i+1), append(after, time.Since(start)) })
					time.Sleep(time.Second)
					r.Release()
				})
			}
			calls = append(calls, func() { time.Sleep(10 * time.Second); held.Release() })
			if returns(t, "a Get that waits", func() { together(calls...) }) {
				t.Equal("the order in which four that wait for one place get it", order, []int{1, 2, 3, 4})
				if want := "[10s 11s 12s 13s]"; fmt.Sprint(after) != want && !t.Failed() {
					t.Timing("four that wait get the one place, which is free after 10 s and then kept by each for a second, at the wrong time", want, fmt.Sprint(after))
				}
			}
			s.Close()
			w.stop()
		}
	}))
}

// TestReadAndReleaseAgain checks that Read returns the same again, that Release of a response that is over does nothing, and that one that was released unread cannot be read.
func TestReadAndReleaseAgain(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{Limit: 1}, "a")
		defer w.stop()
		first := gets(t, s, 0, "a", "/first", "")
		for range 3 {
			reads(t, first, "a/first")
			release(t, first)
		}
		second := gets(t, s, 0, "a", "/second", "after a response was read and released")
		reads(t, first, "a/first")
		release(t, first)
		full(t, s, "a", "where an old response was released once more")
		release(t, second)
		release(t, second)
		within(t, "Read of a response that was released unread", 0, func() {
			body, err := second.Read()
			t.ErrorIs("the error of Read of a response that was released unread", err, session.ErrReleased)
			t.Equal("the body beside it", len(body), 0)
		})
		third := gets(t, s, 0, "a", "/third", "after a response was released twice")
		full(t, s, "a", "where the response before was released twice")
		reads(t, third, "a/third")
		s.Close()
		w.closed("after Close")
	}))
}

// TestUnreadIsNotUsedAgain checks that a connection whose answer was not read to its end is closed at Release: what comes next on it is the rest of the old answer.
func TestUnreadIsNotUsedAgain(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		for _, path := range []string{"/short", "/long"} {
			w, s := hosts(t, session.Options{}, "a")
			release(t, gets(t, s, 0, "a", path, ""))
			t.True("the connection of a response that is released unread is closed", w.conn(1).isClosed())
			reads(t, gets(t, s, 0, "a", "/next", "after a response was released unread"), "a/next")
			t.Equal("how many connections were opened", w.opened(), 2)
			s.Close()
			w.stop()
		}
	}))
}

// TestTheServerSaysGoodbye checks that a connection that the server will close is not used again, and closed.
func TestTheServerSaysGoodbye(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{}, "a")
		defer w.stop()
		reads(t, gets(t, s, 0, "a", "/goodbye", ""), "goodbye")
		t.True("the connection of a response with \"Connection: close\" is closed when that is read", w.conn(1).isClosed())
		reads(t, gets(t, s, 0, "a", "/next", "after a response with \"Connection: close\""), "a/next")
		t.Equal("how many connections were opened", w.opened(), 2)
		s.Close()
		w.closed("after Close")
	}))
}

// TestAnIdleConnectionThatIsDropped checks that a connection that the server drops while it is idle is not used, but closed and replaced.
func TestAnIdleConnectionThatIsDropped(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{}, impatient)
		defer w.stop()
		reads(t, gets(t, s, 0, impatient, "/first", ""), impatient+"/first")
		time.Sleep(10 * time.Second)
		reads(t, gets(t, s, 0, impatient, "/second", "where the server has dropped the idle connection"), impatient+"/second")
		t.Equal("how many connections were opened", w.opened(), 2)
		t.True("a connection that was dropped is closed", w.conn(1).isClosed())
		s.Close()
	}))
}

// TestKeepaliveTimeout checks that a connection is used again after exactly Keepalive, and closed and replaced after more.
func TestKeepaliveTimeout(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{Keepalive: 15 * time.Second}, "a")
		defer w.stop()
		for range 3 {
			reads(t, gets(t, s, 5*time.Second, "a", "/after/5s", ""), "a/after/5s")
			time.Sleep(15 * time.Second)
		}
		t.Equal("how many connections were opened where each request comes 15 s after the one before was read, and Keepalive is 15 s", w.opened(), 1)
		time.Sleep(1)
		reads(t, gets(t, s, 0, "a", "/late", ""), "a/late")
		t.Equal("how many connections were opened when one request comes later than that", w.opened(), 2)
		t.True("a connection that was idle for too long is closed by the next request", w.conn(1).isClosed())
		s.Close()
		w.closed("after Close")
	}))
}

// TestSeveralIdle checks that all connections that are kept are used again, that those which are too old are passed over, and that idle ones count against no limit.
func TestSeveralIdle(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{Limit: 3, Keepalive: 10 * time.Second}, "a", "b")
		defer w.stop()
		three := func(host string) {
			t.Helper()
			var all []*session.Response
			for range 3 {
				all = append(all, gets(t, s, 0, host, "/", ""))
			}
			for _, r := range all {
				reads(t, r, host+"/")
			}
		}
		three("a")
		three("a")
		t.Equal("how many connections are opened by three requests at once, and three more", w.opened(), 3)
		three("b")
		three("a")
		t.Equal("how many connections there are when three to each of two hosts are idle, with Limit 3", w.opened(), 6)
		time.Sleep(5 * time.Second)
		reads(t, gets(t, s, 0, "a", "/fresh", ""), "a/fresh")
		time.Sleep(6 * time.Second)
		reads(t, gets(t, s, 0, "a", "/again", ""), "a/again")
		t.Equal("how many connections were opened where two of three idle ones are too old, and one is not", w.opened(), 6)
		s.Close()
		w.closed("after Close")
	}))
}

// TestConnectFails checks that Get returns the error of connect, and that its place goes to the next one.
func TestConnectFails(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{Limit: 1, LimitPerHost: 1}, "a", "b")
		defer w.stop()
		w.with(func() { w.refuses = errBoom })
		for range 3 {
			fails(t, s, forever, 0, "a", "/", "where connect fails", errBoom)
		}
		w.with(func() { w.connecting = time.Second })
		together(
			func() { fails(t, s, forever, time.Second, "a", "/", "where connect fails after a second", errBoom) },
			func() {
				time.Sleep(time.Millisecond)
				fails(t, s, forever, 2*time.Second-time.Millisecond, "b", "/", "behind one whose connect fails after a second", errBoom)
			},
		)
		w.with(func() { w.connecting, w.refuses = 0, nil })
		reads(t, gets(t, s, 0, "a", "/", "after connect failed"), "a/")
		s.Close()
		w.closed("after Close")
	}))
}

// TestTheServerHangsUp checks that a request that fails, at its head or in its body, closes its connection and gives its place on.
func TestTheServerHangsUp(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{Limit: 1}, "a")
		defer w.stop()
		within(t, "Get where the server hangs up", 0, func() {
			r, err := s.Get(forever, "a", "/hangup")
			t.True("Get returns an error where the server hangs up before it answers", err != nil && r == nil)
		})
		t.True("the connection is closed then", w.conn(1).isClosed())
		r := gets(t, s, 0, "a", "/half", "after one where the server hung up")
		within(t, "Read where the server hangs up", 0, func() {
			for range 2 {
				_, err := r.Read()
				t.ErrorIs("the error of Read, and of another Read, where the server hangs up in the middle", err, io.ErrUnexpectedEOF)
			}
		})
		t.True("the connection is closed then", w.conn(2).isClosed())
		reads(t, gets(t, s, 0, "a", "/", "after one where the server hung up in the middle"), "a/")
		s.Close()
		w.closed("after Close")
	}))
}

// TestGetGivesUp checks that a Get that waits for a place returns the error of its context when that is done, that one that is done already gets no place, and that the place goes to the next one.
func TestGetGivesUp(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{Limit: 1}, "a", "b")
		defer w.stop()
		for range 20 { // where both are ready, select takes the one or the other
			fails(t, s, canceled(), 0, "a", "/", "with a context that is done, where there is a place", context.Canceled)
		}
		t.Equal("how many connections were opened for them", w.opened(), 0)
		held := gets(t, s, 0, "a", "/", "after that")
		fails(t, s, canceled(), 0, "a", "/", "with a context that is done", context.Canceled)
		full(t, s, "a", "while there is no place")
		ctx, cancel := context.WithCancel(forever)
		go func() { time.Sleep(2 * time.Second); cancel() }()
		fails(t, s, ctx, 2*time.Second, "a", "/", "that is cancelled after two seconds", context.Canceled)
		go full(t, s, "a", "in front of one to another host")
		go func() { time.Sleep(2 * time.Second); full(t, s, "a", "behind one to another host") }()
		go func() { time.Sleep(5 * time.Second); release(t, held) }()
		time.Sleep(time.Millisecond)
		r := gets(t, s, 5*time.Second-time.Millisecond, "b", "/", "where others gave up, before and behind, and there is a place after five seconds")
		reads(t, r, "b/")
		reads(t, gets(t, s, 0, "a", "/", "after others gave up"), "a/")
		s.Close()
		w.closed("after Close")
	}))
}

// TestCancelledInARequest checks that a Get whose context is done while it waits for the answer closes the connection: the answer would come to the next one.
func TestCancelledInARequest(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{Limit: 1}, "a")
		defer w.stop()
		reads(t, gets(t, s, 0, "a", "/", ""), "a/")
		ctx, cancel := context.WithTimeout(forever, time.Second)
		defer cancel()
		fails(t, s, ctx, time.Second, "a", "/after/5s", "with a timeout of a second", context.DeadlineExceeded)
		t.True("the connection of a request that was given up is closed", w.conn(1).isClosed())
		reads(t, gets(t, s, 0, "a", "/next", "after a request was given up"), "a/next")
		t.Equal("how many connections were opened", w.opened(), 2)
		s.Close()
		w.closed("after Close")
	}))
}

// TestCancelledWhileConnecting checks that connect is told of the context, and that a connection that comes all the same is used.
func TestCancelledWhileConnecting(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{Limit: 1}, "a")
		defer w.stop()
		w.with(func() { w.connecting = 3 * time.Second })
		ctx, cancel := context.WithTimeout(forever, time.Second)
		defer cancel()
		fails(t, s, ctx, time.Second, "a", "/", "with a timeout of a second, where connect takes three", context.DeadlineExceeded)
		reads(t, gets(t, s, 3*time.Second, "a", "/", "where connect takes three seconds"), "a/")
		s.Close()
		w.closed("after Close")

		w, s = open(t, session.Options{Limit: 1}, atOnce)
		w.connecting, w.deaf = 3*time.Second, true
		ctx, cancel = context.WithTimeout(forever, time.Second)
		defer cancel()
		within(t, "Get with a timeout of a second, where connect takes three whatever comes, and the answer is there at once", 3*time.Second, func() {
			r, err := s.Get(ctx, "a", "/")
			if t.ErrorIs("the error of a Get for which a connection comes late, and the answer then at once", err, nil) && r != nil {
				r.Read()
			}
		})
		reads(t, gets(t, s, 0, "a", "/", "after that"), "a/")
		s.Close()
		w.closed("after Close")
	}))
}

// TestNobodyIsHeldUp checks that others get their answers while one waits for connect, one for the head of its answer, and one reads a body that does not come.
func TestNobodyIsHeldUp(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{}, "a", "b")
		defer w.stop()
		w.speaks = func(c *conn, ctx context.Context, path string) (int, io.Reader, error) {
			if path != "/slowbody" {
				return overHTTP(c, ctx, path)
			}
			return 200, slow{10 * time.Second}, nil
		}
		reads(t, gets(t, s, 0, "b", "/", ""), "b/")
		var others sync.WaitGroup
		others.Go(func() { fetches(t, s, "a", "/after/10s") })
		others.Go(func() {
			if r, err := s.Get(forever, "a", "/slowbody"); t.ErrorIs("the error of Get", err, nil) && r != nil {
				r.Read()
			}
		})
		time.Sleep(time.Second)
		w.with(func() { w.connecting = 10 * time.Second })
		others.Go(func() { fetches(t, s, "a", "/") })
		time.Sleep(time.Second)
		reads(t, gets(t, s, 0, "b", "/", "while others wait for connect, for an answer and for a body"), "b/")
		others.Wait()
		within(t, "Close", 0, s.Close)
		w.closed("after Close")
	}))
}

// slow is a body that takes its time, and is empty then.
type slow struct{ d time.Duration }

// Read is the session's.
func (s slow) Read([]byte) (int, error) { time.Sleep(s.d); return 0, io.EOF }

// TestClose checks that Close closes all connections, idle or in use, that whoever waits for a place or an answer learns of it at once, and that the session refuses from then on.
func TestClose(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		w, s := hosts(t, session.Options{LimitPerHost: 2}, "a", "b", "c")
		defer w.stop()
		reads(t, gets(t, s, 0, "b", "/", ""), "b/")
		unread := gets(t, s, 0, "a", "/long", "")
		read := gets(t, s, 0, "b", "/read", "")
		reads(t, read, "b/read")
		var others sync.WaitGroup
		others.Go(func() {
			fails(t, s, forever, time.Second, "a", "/after/5s", "where the session is closed before the answer comes", session.ErrClosed)
		})
		time.Sleep(time.Millisecond)
		others.Go(func() {
			fails(t, s, forever, time.Second-time.Millisecond, "a", "/", "that waits for a place when the session is closed", session.ErrClosed)
		})
		reading := gets(t, s, 0, "c", "/headfirst", "")
		others.Go(func() {
			within(t, "Read of a body for which one waits when the session is closed", time.Second-time.Millisecond, func() {
				_, err := reading.Read()
				t.True("Read of a body for which one waits when the session is closed returns an error", err != nil)
			})
		})
		time.Sleep(time.Second - time.Millisecond)
		opened := w.opened()
		within(t, "Close", 0, s.Close)
		w.closed("after Close")
		others.Wait()
		fails(t, s, forever, 0, "b", "/", "after Close", session.ErrClosed)
		for range 20 {
			fails(t, s, canceled(), 0, "b", "/", "after Close, with a context that is done", session.ErrClosed)
		}
		within(t, "Read of a response that was not read when the session is closed", 0, func() {
			_, err := unread.Read()
			t.True("Read of a response that was not read when the session is closed returns an error", err != nil)
		})
		release(t, unread)
		reads(t, read, "b/read")
		within(t, "a second Close", 0, s.Close)
		fails(t, s, forever, 0, "a", "/", "after Close and a Release", session.ErrClosed)
		t.Equal("how many connections were opened after Close", w.opened()-opened, 0)
	}))
}

// TestCloseWhileConnecting checks that a Get that waits for connect when the session is closed gets ErrClosed, and that its connection is closed when it comes.
func TestCloseWhileConnecting(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		for _, refuses := range []error{nil, errBoom} {
			w, s := open(t, session.Options{Limit: 1}, atOnce)
			w.connecting, w.deaf, w.refuses = 3*time.Second, true, refuses
			var other sync.WaitGroup
			other.Go(func() {
				fails(t, s, forever, 3*time.Second, "a", "/", "that waits for connect when the session is closed", session.ErrClosed)
			})
			time.Sleep(time.Second)
			within(t, "Close while a connect is under way", 0, s.Close)
			other.Wait()
			w.closed("after Close, and after the connect that was under way,")
		}
	}))
}

// TestOneAtATime checks that three requests for one place never have it at the same time, and that it is there again afterwards.
func TestOneAtATime(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		w, s := open(t, session.Options{Limit: 1}, atOnce)
		together(func() { fetches(t, s, "a", "/1") }, func() { fetches(t, s, "a", "/2") }, func() { fetches(t, s, "a", "/3") })
		t.Equal("how many connections were opened for one place", w.opened(), 1)
		reads(t, gets(t, s, 0, "a", "/", "after three others"), "a/")
		s.Close()
		w.closed("after Close")
	}))
}

// TestTwoLimitsAtOnce checks that requests to two hosts under both limits all come through, whoever comes first.
func TestTwoLimitsAtOnce(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		w, s := open(t, session.Options{Limit: 2, LimitPerHost: 1}, atOnce)
		together(func() { fetches(t, s, "a", "/1") }, func() { fetches(t, s, "a", "/2") }, func() { fetches(t, s, "b", "/3") })
		t.Equal("how many connections were opened to two hosts, with LimitPerHost 1", w.opened(), 2)
		held := gets(t, s, 0, "a", "/", "after three others")
		reads(t, gets(t, s, 0, "b", "/", "beside one to a"), "b/")
		reads(t, held, "a/")
	}))
}

// TestNobodyOvertakes checks that who releases a response and asks again at once waits behind the one who waits already.
func TestNobodyOvertakes(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		_, s := open(t, session.Options{Limit: 1}, atOnce)
		held := gets(t, s, 0, "a", "/", "")
		start := time.Now()
		var first, second time.Duration
		together(func() {
			r, err := s.Get(forever, "a", "/")
			first = time.Since(start)
			if t.ErrorIs("the error of a Get that waits", err, nil) {
				time.Sleep(5 * time.Second)
				r.Release()
			}
		}, func() {
			time.Sleep(time.Second)
			held.Release()
			r, err := s.Get(forever, "a", "/")
			second = time.Since(start)
			if t.ErrorIs("the error of a Get right after a Release", err, nil) {
				r.Release()
			}
		})
		t.Equal("when the one who waits gets the place that is free after a second", first, time.Second)
		t.Equal("when the one gets it who gave it back then and wants it again, and whom the other one makes wait for five seconds", second, 6*time.Second)
	}))
}

// TestGivingUpTakesNoPlaceAlong checks that one whose time is over just when a place is free either gets it or leaves it to the next one, to another host even, in that moment.
func TestGivingUpTakesNoPlaceAlong(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		w, s := open(t, session.Options{Limit: 1}, atOnce)
		held := gets(t, s, 0, "a", "/", "")
		start := time.Now()
		ctx, cancel := context.WithTimeout(forever, 2*time.Second)
		defer cancel()
		patient, stop := context.WithTimeout(forever, time.Minute)
		defer stop()
		var gaveUp, next error
		var after time.Duration
		together(
			func() {
				var r *session.Response
				if r, gaveUp = s.Get(ctx, "a", "/"); gaveUp == nil {
					r.Release()
				}
			},
			func() {
				time.Sleep(time.Second)
				var r *session.Response
				if r, next = s.Get(patient, "b", "/"); next == nil {
					r.Release()
				}
				after = time.Since(start)
			},
			func() { time.Sleep(2 * time.Second); held.Release() },
		)
		if gaveUp != nil {
			t.ErrorIs("the error of the one whose time is over just when a place is free", gaveUp, context.DeadlineExceeded)
		}
		if errors.Is(next, context.DeadlineExceeded) {
			t.Fatalf("the one who waits behind waits for a minute in vain: the one whose time was over just when the place was free has taken it along")
		}
		t.ErrorIs("the error of the one who waits behind", next, nil)
		t.Equal("when the one who waits behind gets the place, which is free after two seconds", after, 2*time.Second)
		reads(t, gets(t, s, 0, "a", "/", "after one may have given up"), "a/")
		s.Close()
		w.closed("after Close")
	}))
}

// TestTheUnreadOneIsClosedFirst checks that a connection whose answer was not read is closed before the one who waits gets the place.
func TestTheUnreadOneIsClosedFirst(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		w, s := open(t, session.Options{Limit: 1}, atOnce)
		held := gets(t, s, 0, "a", "/", "")
		together(held.Release, func() { fetches(t, s, "a", "/next") })
		t.Equal("how many connections were opened", w.opened(), 2)
		t.True("the connection of the response that was released unread is closed", w.conn(1).isClosed())
	}))
}

// TestTheFailedOneIsClosedFirst checks that a connection whose request fails is closed before the one who waits gets the place.
func TestTheFailedOneIsClosedFirst(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		w, s := open(t, session.Options{Limit: 1}, func(c *conn, ctx context.Context, path string) (int, io.Reader, error) {
			if path == "/fails" {
				return 0, nil, errBoom
			}
			return atOnce(c, ctx, path)
		})
		together(
			func() {
				_, err := s.Get(forever, "a", "/fails")
				t.ErrorIs("the error of Get where Request fails", err, errBoom)
			},
			func() { fetches(t, s, "a", "/next") },
		)
		reads(t, gets(t, s, 0, "a", "/", "after a request failed"), "a/")
		s.Close()
		w.closed("after Close")
	}))
}

// TestAReadOneIsUsedAgain checks that the one who waits gets the connection of a response that is read just then, and opens none.
func TestAReadOneIsUsedAgain(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		w, s := open(t, session.Options{Limit: 1}, atOnce)
		held := gets(t, s, 0, "a", "/", "")
		together(func() { held.Read() }, func() { fetches(t, s, "a", "/next") })
		t.Equal("how many connections were opened", w.opened(), 1)
	}))
}

// TestCloseBesideGet checks that Gets beside Close are either refused or have a response, and that no connection is left open.
func TestCloseBesideGet(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		w, s := open(t, session.Options{Limit: 1}, atOnce)
		get := func() {
			r, err := s.Get(forever, "a", "/")
			if err != nil {
				t.ErrorIs("the error of Get beside Close", err, session.ErrClosed)
				return
			}
			r.Release()
		}
		together(get, get, s.Close)
		w.closed("after Close")
		fails(t, s, forever, 0, "a", "/", "after Close", session.ErrClosed)
	}))
}

// TestCloseBesideAWaiter checks that a Get which comes beside Close, and finds no place, does not wait for ever.
func TestCloseBesideAWaiter(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		w, s := open(t, session.Options{Limit: 1}, atOnce)
		held := gets(t, s, 0, "a", "/", "")
		together(func() {
			_, err := s.Get(forever, "b", "/")
			t.ErrorIs("the error of Get beside Close, where there is no place", err, session.ErrClosed)
		}, s.Close)
		held.Release()
		w.closed("after Close")
	}))
}

// TestTwoCloses checks that two Closes may meet, beside a Get that waits for a place and is cancelled just then.
func TestTwoCloses(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		w, s := open(t, session.Options{Limit: 1}, atOnce)
		gets(t, s, 0, "a", "/", "")
		ctx, cancel := context.WithTimeout(forever, time.Second)
		defer cancel()
		together(func() {
			_, err := s.Get(ctx, "b", "/")
			if !errors.Is(err, context.DeadlineExceeded) {
				t.ErrorIs("the error of a Get that waits for a place when the session is closed, or its time is over just then", err, session.ErrClosed)
			}
		}, func() {
			time.Sleep(time.Second)
			together(s.Close, s.Close)
		})
		w.closed("after Close")
	}))
}

// TestCloseBesideKeptConnections checks that a connection that a Get takes again beside Close is closed as well.
func TestCloseBesideKeptConnections(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		w, s := open(t, session.Options{}, atOnce)
		reads(t, gets(t, s, 0, "a", "/", ""), "a/")
		together(func() {
			if _, err := s.Get(forever, "a", "/"); err != nil {
				t.ErrorIs("the error of Get beside Close", err, session.ErrClosed)
			}
		}, s.Close)
		w.closed("after Close")
	}))
}

// TestCloseBesideRead checks that a Read beside Close leaves no connection open.
func TestCloseBesideRead(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		w, s := open(t, session.Options{}, atOnce)
		held := gets(t, s, 0, "a", "/", "")
		together(func() { held.Read() }, s.Close)
		w.closed("after Close")
	}))
}
