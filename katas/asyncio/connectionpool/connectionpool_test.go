package connectionpool_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/asyncio/connectionpool"
	"github.com/python-concurrency/kata/katas/lab"
)

type (
	pool  = connectionpool.Pool
	proxy = connectionpool.Proxy
)

var (
	errBoom  = errors.New("boom")
	errCrash = errors.New("crash")
	forever  = context.Background()
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

// server is what the pools of the tests connect to.
type server struct {
	t *T
	// limit is the maxSize of the pool.
	limit int
	// takes is how long a connect takes; deaf means that it does so even if its ctx is done.
	takes time.Duration
	deaf  bool
	// refuses makes connect fail.
	refuses error

	mu      sync.Mutex
	opening int
	conns   []*conn
}

// conn is a connection as the server knows it. Its fields are guarded by the server's lock.
type conn struct {
	*server
	number  int
	ended   chan struct{}
	isEnded bool
	users   int
	resets  int
	closes  int

	// resetting and closing say what Reset and Close take and return.
	resetting, closing time.Duration
	resetFails         error
	closeFails         error
}

// connect opens a connection.
func (s *server) connect(ctx context.Context) (connectionpool.Conn, error) {
	s.mu.Lock()
	open := s.opening
	for _, c := range s.conns {
		if !c.isEnded {
			open++
		}
	}
	s.opening++
	refuses, takes := s.refuses, s.takes
	s.mu.Unlock()
	if open >= s.limit {
		s.t.Errorf("the pool opens one more connection while %d are open or being opened, and maxSize is %d", open, s.limit)
	}
	if takes > 0 {
		if s.deaf {
			time.Sleep(takes)
		} else {
			select {
			case <-time.After(takes):
			case <-ctx.Done():
				refuses = ctx.Err()
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opening--
	if refuses != nil {
		return nil, refuses
	}
	c := &conn{server: s, number: len(s.conns) + 1, ended: make(chan struct{})}
	s.conns = append(s.conns, c)
	return c, nil
}

// with runs f under the lock.
func (s *server) with(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// refuse makes connect fail from now on, or not any more.
func (s *server) refuse(err error) { s.with(func() { s.refuses = err }) }

// connectsIn makes connect take d from now on.
func (s *server) connectsIn(d time.Duration) { s.with(func() { s.takes = d }) }

// all is every connection that was ever opened.
func (s *server) all() (all []*conn) {
	s.with(func() { all = slices.Clone(s.conns) })
	return all
}

// opened is how many connections were ever opened.
func (s *server) opened() int { return len(s.all()) }

// gone wants every connection to have ended.
func (s *server) gone(t *T, when string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		if !c.isEnded {
			t.Errorf("%s connection %d of %d is still open: nobody has closed or terminated it", when, c.number, len(s.conns))
			return
		}
	}
}

// What a connection does when the pool calls it.
func (c *conn) resetsIn(d time.Duration) { c.with(func() { c.resetting = d }) }
func (c *conn) closesIn(d time.Duration) { c.with(func() { c.closing = d }) }
func (c *conn) failsToReset(err error)   { c.with(func() { c.resetFails = err }) }
func (c *conn) failsToClose(err error)   { c.with(func() { c.closeFails = err }) }

// resetCalls and closeCalls are how often it was called.
func (c *conn) resetCalls() (n int) { c.with(func() { n = c.resets }); return n }
func (c *conn) closeCalls() (n int) { c.with(func() { n = c.closes }); return n }

func (c *conn) String() string { return fmt.Sprintf("connection %d", c.number) }

// Reset is the pool's.
func (c *conn) Reset() error {
	c.mu.Lock()
	c.resets++
	c.users++
	takes, fails, ended := c.resetting, c.resetFails, c.isEnded
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		c.users--
		c.mu.Unlock()
	}()
	if ended {
		return errCrash
	}
	if takes > 0 {
		select {
		case <-time.After(takes):
		case <-c.ended:
			return errCrash
		}
	}
	return fails
}

// Close is the pool's.
func (c *conn) Close(ctx context.Context) error {
	c.mu.Lock()
	c.closes++
	users, takes, fails, ended := c.users, c.closing, c.closeFails, c.isEnded
	c.mu.Unlock()
	if ended {
		return nil
	}
	if users > 0 {
		c.t.Errorf("the pool closes %v while somebody uses it, or while it is Reset", c)
	}
	if takes > 0 {
		select {
		case <-time.After(takes):
		case <-c.ended:
			return errCrash
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if fails == nil {
		c.end()
	}
	return fails
}

// Terminate is the pool's.
func (c *conn) Terminate() { c.end() }

// IsClosed is the pool's.
func (c *conn) IsClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.isEnded
}

// end ends the connection, as if the server had dropped it.
func (c *conn) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.isEnded {
		c.isEnded = true
		close(c.ended)
	}
}

// create makes a pool, which must not fail.
func create(t *T, s *server, minSize, maxSize int) *pool {
	t.Helper()
	s.t, s.limit = t, maxSize
	p, err := connectionpool.CreatePool(forever, s.connect, minSize, maxSize)
	what := fmt.Sprintf("CreatePool with minSize %d and maxSize %d", minSize, maxSize)
	if !t.ErrorIs("the error of "+what, err, nil) || !t.True(what+" returns a pool", p != nil) {
		t.FailNow()
	}
	return p
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

// acquires acquires a connection, which must be there without waiting. It is for the test's own goroutine.
func acquires(t *T, p *pool, when string) *proxy {
	t.Helper()
	return acquiresAfter(t, p, 0, when)
}

// acquiresAfter acquires a connection, which must be there after exactly d. It is for the test's own goroutine.
func acquiresAfter(t *T, p *pool, d time.Duration, when string) *proxy {
	t.Helper()
	ctx, cancel := context.WithTimeout(forever, time.Minute)
	defer cancel()
	var x *proxy
	var err error
	start := time.Now()
	returns(t, "Acquire "+when, func() { x, err = p.Acquire(ctx) })
	took := time.Since(start)
	switch {
	case t.Failed():
		t.FailNow()
	case errors.Is(err, context.DeadlineExceeded):
		t.Fatalf("Acquire %s waits for a minute in vain: a place has been lost", when)
	case !t.ErrorIs("the error of Acquire "+when, err, nil):
		t.FailNow()
	}
	t.timing("Acquire "+when, took, d)
	lent(t, x, when)
	return x
}

// lent wants a connection in a proxy, and returns it. It is for the test's own goroutine.
func lent(t *T, x *proxy, when string) *conn {
	t.Helper()
	if x == nil {
		t.Fatalf("Acquire %s returns neither a proxy nor an error", when)
	}
	c, ok := x.Conn().(*conn)
	if !ok || c == nil {
		t.Fatalf("what Acquire %s returns has no connection in it: Conn() is %v", when, x.Conn())
	}
	return c
}

// releases gives back, without waiting.
func releases(t *T, p *pool, x *proxy) {
	t.Helper()
	within(t, "Release", 0, func() { t.ErrorIs("the error of Release", p.Release(x), nil) })
}

// refused wants an Acquire to fail at once.
func refused(t *T, p *pool, ctx context.Context, when string, want error) {
	t.Helper()
	within(t, "Acquire "+when, 0, func() {
		x, err := p.Acquire(ctx)
		t.ErrorIs("the error of Acquire "+when, err, want)
		t.True("Acquire "+when+" returns no proxy beside its error", err == nil || x == nil)
	})
}

// full wants that no place is free.
func full(t *T, p *pool, when string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(forever, time.Second)
	defer cancel()
	within(t, "Acquire for which there is no place, with a timeout of a second, "+when, time.Second, func() {
		_, err := p.Acquire(ctx)
		t.ErrorIs("the error of Acquire for which there is no place, with a timeout of a second, "+when, err, context.DeadlineExceeded)
	})
}

// vacant wants all of n places to be free, and no more, and leaves them so.
func vacant(t *T, p *pool, n int, when string) {
	t.Helper()
	var all []*proxy
	for i := range n {
		all = append(all, acquires(t, p, fmt.Sprintf("of place %d of %d, all of which are free %s", i+1, n, when)))
	}
	full(t, p, fmt.Sprintf("where all %d are taken %s", n, when))
	for _, x := range all {
		releases(t, p, x)
	}
}

// ends closes the pool and wants that nothing is left.
func ends(t *T, s *server, p *pool) {
	t.Helper()
	within(t, "Close of a pool with all places free", 0, func() { t.ErrorIs("the error of Close of a pool with all places free", p.Close(forever), nil) })
	s.gone(t, "after Close")
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

// TestCreatePool checks that a new pool has minSize connections open and no more, and that these are the first to be lent.
func TestCreatePool(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		for _, minSize := range []int{0, 1, 2, 3} {
			s := &server{}
			p := create(t, s, minSize, 3)
			what := fmt.Sprintf("of minSize %d and maxSize 3", minSize)
			t.Equal("how many connections are open in a new pool "+what, s.opened(), minSize)
			var all []*proxy
			for i := range 3 {
				all = append(all, acquires(t, p, fmt.Sprintf("number %d in a pool %s", i+1, what)))
				t.Equal(fmt.Sprintf("how many connections were opened after Acquire number %d in a pool %s", i+1, what), s.opened(), max(minSize, i+1))
			}
			lents := map[*conn]bool{}
			for _, x := range all {
				lents[lent(t, x, "")] = true
			}
			t.Equal("how many different connections three Acquires return", len(lents), 3)
			for _, x := range all {
				releases(t, p, x)
			}
			ends(t, s, p)
		}
	}))
}

// TestSizes checks that sizes which are not possible are refused, before anything is opened.
func TestSizes(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		for _, size := range [][2]int{{0, 0}, {0, -1}, {-1, 3}, {4, 3}} {
			s := &server{t: t, limit: 10}
			p, err := connectionpool.CreatePool(forever, s.connect, size[0], size[1])
			what := fmt.Sprintf("CreatePool with minSize %d and maxSize %d", size[0], size[1])
			t.ErrorIs("the error of "+what, err, connectionpool.ErrSize)
			t.True(what+" returns no pool", p == nil)
			t.Equal("connections opened by "+what, s.opened(), 0)
		}
	}))
}

// TestCreatePoolFails checks that CreatePool hands its context to connect, returns the error of connect, and leaves no connection open then.
func TestCreatePoolFails(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		for _, fails := range []int{1, 2, 3} {
			s := &server{t: t, limit: 3}
			var calls int
			var lock sync.Mutex
			connect := func(ctx context.Context) (connectionpool.Conn, error) {
				lock.Lock()
				calls++
				call := calls
				lock.Unlock()
				if call == fails {
					return nil, errBoom
				}
				return s.connect(ctx)
			}
			returns(t, "CreatePool", func() {
				p, err := connectionpool.CreatePool(forever, connect, 3, 3)
				t.ErrorIs(fmt.Sprintf("the error of CreatePool where connect fails in call %d", fails), err, errBoom)
				t.True("CreatePool returns no pool beside its error", p == nil)
			})
			s.gone(t, fmt.Sprintf("after CreatePool, where connect failed in call %d,", fails))
		}
		s := &server{t: t, limit: 3, takes: time.Minute}
		ctx, cancel := context.WithTimeout(forever, time.Second)
		defer cancel()
		within(t, "CreatePool with a timeout of a second, where a connect takes a minute", time.Second, func() {
			_, err := connectionpool.CreatePool(ctx, s.connect, 2, 3)
			t.ErrorIs("the error of CreatePool with a timeout of a second, where a connect takes a minute", err, context.DeadlineExceeded)
		})
		s.gone(t, "after a CreatePool that was given up")
	}))
}

// TestReleaseAndAcquireAgain checks that a connection that was released is reset once and lent again, and that the proxy of its first user is empty from then on.
func TestReleaseAndAcquireAgain(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 0, 3)
		first := acquires(t, p, "in a new pool")
		c := lent(t, first, "")
		t.Equal("how often a connection was Reset before it is released", c.resetCalls(), 0)
		releases(t, p, first)
		t.Equal("how often a connection was Reset when it is released", c.resetCalls(), 1)
		t.True("Conn() of a proxy that was released is nil", first.Conn() == nil)
		second := acquires(t, p, "after a Release")
		t.Equal("the connection that is lent after a Release", lent(t, second, "after a Release"), c)
		t.True("Conn() of a proxy that was released is nil, also when the connection is lent to somebody else", first.Conn() == nil)
		releases(t, p, second)
		t.Equal("how many connections were opened", s.opened(), 1)
		ends(t, s, p)
	}))
}

// TestLastReleasedFirst checks that Acquire takes the place that became free last.
func TestLastReleasedFirst(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 0, 4)
		var all []*proxy
		for range 3 {
			all = append(all, acquires(t, p, "in a pool for four"))
		}
		for _, i := range []int{1, 2, 0} {
			releases(t, p, all[i])
		}
		var order []int
		for i := range 3 {
			all[i] = acquires(t, p, "where three connections are free")
			order = append(order, lent(t, all[i], "").number)
		}
		t.Equal("the order in which connections are lent that were released in the order 2, 3, 1", order, []int{1, 3, 2})
		for _, x := range all {
			releases(t, p, x)
		}
		ends(t, s, p)
	}))
}

// TestFirstComeFirstServed checks that who finds no free place waits for one, that places go to the waiting ones in their order, and at the moment of the Release.
func TestFirstComeFirstServed(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		held := acquires(t, p, "in a new pool")
		start := time.Now()
		var order []int
		var after []time.Duration
		var calls []func()
		for i := range 4 {
			calls = append(calls, func() {
				time.Sleep(time.Duration(i+1) * time.Second)
				x, err := p.Acquire(forever)
				if !t.ErrorIs("the error of an Acquire that waited", err, nil) || x == nil {
					return
				}
				s.mu.Lock()
				order, after = append(order, i+1), append(after, time.Since(start))
				s.mu.Unlock()
				time.Sleep(time.Second)
				t.ErrorIs("the error of Release", p.Release(x), nil)
			})
		}
		calls = append(calls, func() { time.Sleep(10 * time.Second); p.Release(held) })
		if returns(t, "an Acquire", func() { together(calls...) }) {
			t.Equal("the order in which four that wait for one place get it", order, []int{1, 2, 3, 4})
			if want := "[10s 11s 12s 13s]"; fmt.Sprint(after) != want {
				t.Timing("four that wait get the one place, which is free after 10 s and then used by each for a second, at the wrong time", want, fmt.Sprint(after))
			}
		}
		t.Equal("how many connections were opened", s.opened(), 1)
		ends(t, s, p)
	}))
}

// TestAcquireGivesUp checks that Acquire returns the error of its context at the moment that is done, that one which is done already gets no place, and that who gave up is left out when the next place is free.
func TestAcquireGivesUp(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		for range 20 { // where both are ready, select takes the one or the other
			refused(t, p, canceled(), "with a context that is done, where a place is free", context.Canceled)
		}
		held := acquires(t, p, "after that")
		refused(t, p, canceled(), "with a context that is done", context.Canceled)
		full(t, p, "while it is lent")
		ctx, cancel := context.WithCancel(forever)
		go func() { time.Sleep(2 * time.Second); cancel() }()
		within(t, "Acquire that is cancelled after two seconds", 2*time.Second, func() {
			_, err := p.Acquire(ctx)
			t.ErrorIs("the error of an Acquire that is cancelled", err, context.Canceled)
		})
		go func() { time.Sleep(time.Second); full(t, p, "in front of somebody who waits on") }()
		go func() { time.Sleep(5 * time.Second); t.ErrorIs("the error of Release", p.Release(held), nil) }()
		x := acquiresAfter(t, p, 5*time.Second, "where others gave up and the place is free after five seconds")
		releases(t, p, x)
		vacant(t, p, 1, "after some gave up")
		ends(t, s, p)
	}))
}

// TestTheOneInFrontGivesUp checks that the place goes to the next one when the one who waited longest has given up.
func TestTheOneInFrontGivesUp(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		held := acquires(t, p, "in a new pool")
		go full(t, p, "while it is lent")
		go func() { time.Sleep(5 * time.Second); t.ErrorIs("the error of Release", p.Release(held), nil) }()
		time.Sleep(time.Millisecond)
		x := acquiresAfter(t, p, 5*time.Second-time.Millisecond, "behind one who gave up")
		releases(t, p, x)
		ends(t, s, p)
	}))
}

// TestReleaseTwice checks that a second Release does nothing, also while somebody else has the connection, and that the proxy of another pool is refused.
func TestReleaseTwice(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s, s2 := &server{}, &server{}
		p, other := create(t, s, 1, 2), create(t, s2, 1, 1)
		first := acquires(t, p, "in a new pool")
		within(t, "Release of the proxy of another pool", 0, func() {
			t.ErrorIs("the error of Release of the proxy of another pool", other.Release(first), connectionpool.ErrNotMember)
		})
		lent(t, first, "which another pool has refused to take")
		releases(t, p, first)
		releases(t, p, first)
		vacant(t, p, 2, "after one was released twice")
		second := acquires(t, p, "after that")
		c := lent(t, second, "after that")
		resets := c.resetCalls()
		releases(t, p, first)
		t.Equal("resets by the second Release of a proxy whose connection somebody else has", c.resetCalls()-resets, 0)
		t.Equal("the connection of that other one", lent(t, second, ""), c)
		third := acquires(t, p, "of the last place")
		full(t, p, "after somebody released twice what two others have now")
		within(t, "Release of the proxy of another pool, which was released already", 0, func() {
			t.ErrorIs("the error of Release of the proxy of another pool, which was released already", other.Release(first), connectionpool.ErrNotMember)
		})
		releases(t, p, second)
		releases(t, p, third)
		ends(t, s, p)
		ends(t, s2, other)
	}))
}

// TestAClosedConnectionIsReplaced checks that a connection that is closed when it is released is not reset and not lent again: its place becomes free, on top of the stack, and gets a new one when it is needed.
func TestAClosedConnectionIsReplaced(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 2, 2)
		first, second := acquires(t, p, "in a new pool"), acquires(t, p, "in a new pool")
		releases(t, p, second)
		lent(t, first, "").end()
		releases(t, p, first)
		t.Equal("how many connections were opened when a closed one is released", s.opened(), 2)
		x := acquires(t, p, "after a closed connection was released")
		t.Equal("the number of the connection in the place that became free last, in which the second connection was closed", lent(t, x, "").number, 3)
		releases(t, p, x)
		vacant(t, p, 2, "after one connection was replaced")
		t.Equal("how many connections were opened in all", s.opened(), 3)
		ends(t, s, p)
	}))
}

// TestAnIdleConnectionThatDies checks that a connection that the server drops while nobody uses it is not lent, but replaced.
func TestAnIdleConnectionThatDies(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 2, 2)
		for _, c := range s.all() {
			c.end()
		}
		x := acquires(t, p, "where the server has dropped the connection")
		t.True("the connection that is lent is open", !lent(t, x, "").IsClosed())
		t.Equal("how many connections were opened", s.opened(), 3)
		releases(t, p, x)
		ends(t, s, p)
	}))
}

// TestResetFails checks that a connection whose Reset fails is terminated, the error returned, and the place free for a new connection.
func TestResetFails(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		x := acquires(t, p, "in a new pool")
		c := lent(t, x, "")
		c.failsToReset(errBoom)
		within(t, "Release of a connection whose Reset fails", 0, func() {
			t.ErrorIs("the error of Release of a connection whose Reset fails", p.Release(x), errBoom)
		})
		t.True("a connection whose Reset failed is terminated", c.IsClosed())
		t.True("Conn() of its proxy is nil", x.Conn() == nil)
		releases(t, p, x)
		t.Equal("how many connections were opened when Reset failed", s.opened(), 1)
		vacant(t, p, 1, "after a Reset failed")
		t.Equal("how many connections were opened in all", s.opened(), 2)
		ends(t, s, p)
	}))
}

// TestAPlaceWithoutConnectionServesWhoWaits checks that who waits gets the place of a connection that is broken, and opens a new one there.
func TestAPlaceWithoutConnectionServesWhoWaits(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		for _, how := range []string{"was closed by its user", "cannot be Reset"} {
			s := &server{takes: 3 * time.Second}
			p := create(t, s, 1, 1)
			held := acquires(t, p, "in a new pool")
			c := lent(t, held, "")
			go func() {
				time.Sleep(time.Second)
				if how == "cannot be Reset" {
					c.failsToReset(errBoom)
				} else {
					c.end()
				}
				p.Release(held)
			}()
			x := acquiresAfter(t, p, 4*time.Second, "where a connection that "+how+" is released after a second and a connect takes three")
			releases(t, p, x)
			ends(t, s, p)
		}
	}))
}

// TestConnectFails checks that Acquire returns the error of connect, that its place is free again and on top, and that the one who waits for it tries for himself.
func TestConnectFails(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 0, 2)
		s.refuse(errBoom)
		for range 5 {
			refused(t, p, forever, "where connect fails", errBoom)
		}
		s.refuse(nil)
		vacant(t, p, 2, "after connect failed five times")
		x := acquires(t, p, "after that")
		lent(t, x, "").end()
		releases(t, p, x)
		s.refuse(errCrash)
		for range 2 {
			refused(t, p, forever, "where connect fails, and the place that became free last has no connection,", errCrash)
		}
		ends(t, s, p)

		s = &server{takes: time.Second, refuses: errBoom}
		p = create(t, s, 0, 1)
		start := time.Now()
		var told [3]error
		var after [3]time.Duration
		var calls []func()
		for i := range told {
			calls = append(calls, func() {
				time.Sleep(time.Duration(i) * time.Millisecond)
				_, told[i] = p.Acquire(forever)
				after[i] = time.Since(start)
			})
		}
		returns(t, "an Acquire where connect fails", func() { together(calls...) })
		for _, err := range told {
			t.ErrorIs("the error of one of three for whom connect fails one after the other", err, errBoom)
		}
		t.Equal("when three learn of it, of whom each tries for a second in the one place", fmt.Sprint(after), "[1s 2s 3s]")
		ends(t, s, p)
	}))
}

// TestCancelledWhileConnecting checks that Acquire hands its context to connect, waits for what connect makes of it, and gives the place on.
func TestCancelledWhileConnecting(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{takes: 10 * time.Second}
		p := create(t, s, 0, 1)
		ctx, cancel := context.WithTimeout(forever, time.Second)
		defer cancel()
		go func() {
			within(t, "Acquire with a timeout of a second, where a connect takes ten", time.Second, func() {
				_, err := p.Acquire(ctx)
				t.ErrorIs("the error of Acquire with a timeout of a second, where a connect takes ten", err, context.DeadlineExceeded)
			})
		}()
		time.Sleep(time.Millisecond)
		x := acquiresAfter(t, p, 11*time.Second-time.Millisecond, "behind one who gives up after a second, where a connect takes ten")
		releases(t, p, x)
		vacant(t, p, 1, "after one gave up while it was connecting")
		ends(t, s, p)
	}))
}

// TestConnectedAllTheSame checks that a connection which comes although the context is done by now is handed out.
func TestConnectedAllTheSame(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{takes: 3 * time.Second, deaf: true}
		p := create(t, s, 0, 1)
		ctx, cancel := context.WithTimeout(forever, time.Second)
		defer cancel()
		var x *proxy
		within(t, "Acquire with a timeout of a second, where a connect takes three seconds whatever comes", 3*time.Second, func() {
			var err error
			x, err = p.Acquire(ctx)
			t.ErrorIs("the error of an Acquire for which a connection comes when its context is done", err, nil)
		})
		lent(t, x, "for which a connection came late")
		releases(t, p, x)
		vacant(t, p, 1, "after that")
		ends(t, s, p)
	}))
}

// TestNobodyIsHeldUp checks that Conn, Acquire and Release of others come through while one waits for a connect, and another one for a Reset.
func TestNobodyIsHeldUp(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 2, 3)
		slow, quick := acquires(t, p, "in a new pool"), acquires(t, p, "in a new pool")
		c := lent(t, slow, "")
		c.resetsIn(10 * time.Second)
		s.connectsIn(10 * time.Second)
		var connecting sync.WaitGroup
		connecting.Go(func() {
			x, err := p.Acquire(forever)
			if t.ErrorIs("the error of an Acquire where a connect takes ten seconds", err, nil) && x != nil {
				t.ErrorIs("the error of Release", p.Release(x), nil)
			}
		})
		connecting.Go(func() {
			within(t, "Release where Reset takes ten seconds", 10*time.Second, func() { t.ErrorIs("the error of Release where Reset takes ten seconds", p.Release(slow), nil) })
		})
		time.Sleep(time.Second)
		within(t, "Conn, Release and Acquire while a connect and a Reset of others are under way", 0, func() {
			t.True("Conn() of a proxy whose connection is being Reset is nil", slow.Conn() == nil)
			t.ErrorIs("the error of a second Release while the first is under way", p.Release(slow), nil)
			lent(t, quick, "")
			t.ErrorIs("the error of Release", p.Release(quick), nil)
			var err error
			quick, err = p.Acquire(forever)
			t.ErrorIs("the error of Acquire", err, nil)
		})
		full(t, p, "while one is lent, one is being Reset and one is being connected")
		releases(t, p, quick)
		connecting.Wait()
		c.resetsIn(0)
		vacant(t, p, 3, "after that")
		ends(t, s, p)
	}))
}

// TestClose checks that Close waits until all is given back, lets nobody in meanwhile, tells those who wait at once, and then closes all connections, each once, at the same time.
func TestClose(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 3, 3)
		for _, c := range s.all() {
			c.closesIn(2 * time.Second)
		}
		t.Takes("Close of a pool with three connections that nobody uses, each of which takes two seconds to close",
			lab.Exactly(2*time.Second).Sequential(6*time.Second, "the three"), func() {
				returns(t, "Close", func() { t.ErrorIs("the error of Close", p.Close(forever), nil) })
			})
		s.gone(t, "after Close")

		s = &server{}
		p = create(t, s, 3, 3)
		for _, c := range s.all() {
			c.closesIn(2 * time.Second)
		}
		idle, first, second := acquires(t, p, "in a new pool"), acquires(t, p, "in a new pool"), acquires(t, p, "in a new pool")
		c := lent(t, idle, "")
		var others sync.WaitGroup
		others.Go(func() {
			refusedAfter(t, p, time.Second, "that waits when Close is called, after a second", connectionpool.ErrClosed)
		})
		others.Go(func() {
			time.Sleep(time.Second)
			within(t, "Close where the last of three connections is given back after three seconds, and each takes two to close", 5*time.Second, func() {
				t.ErrorIs("the error of Close", p.Close(forever), nil)
			})
		})
		time.Sleep(2 * time.Second)
		releases(t, p, idle)
		refused(t, p, forever, "after Close was called, where a place is free", connectionpool.ErrClosed)
		for range 20 {
			refused(t, p, canceled(), "after Close was called, with a context that is done", connectionpool.ErrClosed)
		}
		time.Sleep(time.Second)
		t.True("no connection is closed before the last one is given back", c.closeCalls() == 0 && !c.IsClosed())
		releases(t, p, first)
		time.Sleep(time.Second)
		lent(t, second, "which is still lent when Close is called")
		releases(t, p, second)
		others.Wait()
		s.gone(t, "after Close")
		for _, c := range s.all() {
			t.Equal("how often a connection is closed", c.closeCalls(), 1)
		}
		refused(t, p, forever, "in a pool that is closed", connectionpool.ErrClosed)
		within(t, "a second Close", 0, func() {
			t.ErrorIs("the error of a second Close", p.Close(forever), nil)
			for range 20 { // where both are ready, select takes the one or the other
				t.ErrorIs("the error of a second Close with a context that is done", p.Close(canceled()), nil)
			}
		})
		p.Terminate()
		t.Equal("how many connections were opened", s.opened(), 3)
	}))
}

// TestCloseOfBroken checks that Close waits for no connection that is closed already, nor for one that was never opened.
func TestCloseOfBroken(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 3)
		x := acquires(t, p, "in a new pool")
		c := lent(t, x, "")
		go func() {
			time.Sleep(time.Second)
			c.end()
			t.ErrorIs("the error of Release of a closed connection", p.Release(x), nil)
		}()
		within(t, "Close where a closed connection is given back after a second", time.Second, func() {
			t.ErrorIs("the error of Close", p.Close(forever), nil)
		})
		t.Equal("how many connections were opened", s.opened(), 1)
	}))
}

// TestCloseLetsConnectGoOn checks that who has a place when Close is called and waits for connect gets the connection, and that Close waits until it is given back.
func TestCloseLetsConnectGoOn(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{takes: 3 * time.Second}
		p := create(t, s, 0, 2)
		var others sync.WaitGroup
		others.Go(func() {
			time.Sleep(500 * time.Millisecond)
			s.refuse(errBoom)
			refusedAfter(t, p, 3*time.Second, "whose connect fails while Close waits", errBoom)
		})
		others.Go(func() {
			time.Sleep(time.Second)
			within(t, "Close while somebody connects for two more seconds, and then keeps the connection for one", 3*time.Second, func() {
				t.ErrorIs("the error of Close", p.Close(forever), nil)
			})
		})
		x := acquiresAfter(t, p, 3*time.Second, "that waits for connect when Close is called")
		time.Sleep(time.Second)
		lent(t, x, "that had a place when Close was called")
		releases(t, p, x)
		others.Wait()
		s.gone(t, "after Close")
	}))
}

// refusedAfter wants an Acquire to fail after exactly d.
func refusedAfter(t *T, p *pool, d time.Duration, when string, want error) {
	t.Helper()
	within(t, "Acquire "+when, d, func() {
		_, err := p.Acquire(forever)
		t.ErrorIs("the error of Acquire "+when, err, want)
	})
}

// TestCloseWaitsForReset checks that a place counts as given back only when the Reset is through, for Close as well, and that Close closes nothing before that.
func TestCloseWaitsForReset(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 2, 3)
		x := acquires(t, p, "in a new pool")
		lent(t, x, "").resetsIn(3 * time.Second)
		var others sync.WaitGroup
		others.Go(func() { t.ErrorIs("the error of Release", p.Release(x), nil) })
		others.Go(func() {
			time.Sleep(2 * time.Second)
			for _, c := range s.all() {
				t.True("Close closes no connection, not even one that nobody uses, before the last place is given back", c.closeCalls() == 0 && !c.IsClosed())
			}
		})
		time.Sleep(time.Second)
		within(t, "Close while a connection is Reset for two more seconds", 2*time.Second, func() {
			t.ErrorIs("the error of Close", p.Close(forever), nil)
		})
		others.Wait()
		s.gone(t, "after Close")
	}))
}

// TestCloseIsGivenUp checks that a Close whose context is done terminates the pool, whether it waits for places or for connections to close.
func TestCloseIsGivenUp(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		for _, keeps := range []bool{true, false} {
			s := &server{}
			p := create(t, s, 2, 2)
			for _, c := range s.all() {
				c.closesIn(time.Minute)
			}
			x := acquires(t, p, "in a new pool")
			what := "that somebody keeps a connection of"
			if !keeps {
				releases(t, p, x)
				what = "whose connections take a minute to close"
			}
			ctx, cancel := context.WithTimeout(forever, time.Second)
			within(t, "Close with a timeout of a second, of a pool "+what, time.Second, func() {
				t.ErrorIs("the error of Close with a timeout of a second, of a pool "+what, p.Close(ctx), context.DeadlineExceeded)
			})
			cancel()
			s.gone(t, "after a Close that was given up")
			refused(t, p, forever, "after a Close that was given up", connectionpool.ErrClosed)
			t.True("Conn() of a proxy after a Close that was given up is nil", x.Conn() == nil)
			releases(t, p, x)
			within(t, "a second Close", 0, func() { t.ErrorIs("the error of a second Close", p.Close(forever), nil) })
		}
	}))
}

// TestCloseFails checks that Close returns the error of a connection that cannot be closed, and that none is left open then.
func TestCloseFails(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		for fails := range 3 {
			s := &server{}
			p := create(t, s, 3, 3)
			for i, c := range s.all() {
				if i == fails {
					c.failsToClose(errBoom)
				} else {
					c.closesIn(time.Minute)
				}
			}
			t.Takes("Close of a pool with a connection that cannot be closed, where the others take a minute", lab.AtMost(time.Minute), func() {
				returns(t, "Close", func() {
					t.ErrorIs("the error of Close where one connection cannot be closed", p.Close(forever), errBoom)
				})
			})
			s.gone(t, "after a Close that failed")
			refused(t, p, forever, "after a Close that failed", connectionpool.ErrClosed)
			within(t, "a second Close", 0, func() { t.ErrorIs("the error of Close after one that failed", p.Close(forever), nil) })
		}
	}))
}

// TestCloseTwiceAtOnce checks that a second Close waits for the end as well, as long as its own context allows, and that no connection is closed twice.
func TestCloseTwiceAtOnce(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		s.all()[0].closesIn(2 * time.Second)
		x := acquires(t, p, "in a new pool")
		go func() { time.Sleep(3 * time.Second); releases(t, p, x) }()
		closes := func() {
			within(t, "one of two Closes, where the connection is given back after three seconds and takes two to close", 5*time.Second, func() {
				t.ErrorIs("the error of one of two Closes", p.Close(forever), nil)
			})
		}
		together(closes, closes)
		t.Equal("how often the connection is closed by two Closes", s.all()[0].closeCalls(), 1)

		s = &server{}
		p = create(t, s, 1, 1)
		acquires(t, p, "in a new pool")
		ctx, cancel := context.WithTimeout(forever, time.Second)
		defer cancel()
		together(func() {
			within(t, "Close, where the pool is terminated after a second because another Close has given up", time.Second, func() {
				t.ErrorIs("the error of Close, where the pool is terminated because another Close has given up", p.Close(forever), nil)
			})
		}, func() {
			time.Sleep(time.Millisecond)
			returns(t, "a second Close with a timeout", func() {
				t.ErrorIs("the error of a second Close with a timeout", p.Close(ctx), context.DeadlineExceeded)
			})
		})
		s.gone(t, "after a second Close that was given up")
	}))
}

// TestTerminate checks that Terminate waits for nobody: connections that are lent are ended too, who waits is told at once, and the pool is closed.
func TestTerminate(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 2, 2)
		for _, c := range s.all() {
			c.closesIn(time.Minute)
		}
		first, second := acquires(t, p, "in a new pool"), acquires(t, p, "in a new pool")
		waiting := make(chan struct{})
		go func() {
			defer close(waiting)
			refusedAfter(t, p, time.Second, "that waits when Terminate is called, after a second", connectionpool.ErrClosed)
		}()
		time.Sleep(time.Second)
		within(t, "Terminate", 0, p.Terminate)
		<-waiting
		s.gone(t, "after Terminate")
		t.True("Conn() of a connection that was lent when Terminate is called is nil", first.Conn() == nil)
		releases(t, p, first)
		refused(t, p, forever, "in a pool that was terminated, where a place was given back", connectionpool.ErrClosed)
		within(t, "Close of a pool that was terminated, where one place was never given back", 0, func() {
			t.ErrorIs("the error of Close", p.Close(forever), nil)
			for range 20 { // where both are ready, select takes the one or the other
				t.ErrorIs("the error of Close with a context that is done", p.Close(canceled()), nil)
			}
		})
		within(t, "a second Terminate", 0, p.Terminate)
		releases(t, p, second)
		for _, c := range s.all() {
			t.Equal("how often Close or Reset was called on a connection that was terminated", c.closeCalls()+c.resetCalls(), 0)
		}
		t.Equal("how many connections were opened", s.opened(), 2)
	}))
}

// TestTerminateIdle checks that Terminate ends the connections that nobody uses.
func TestTerminateIdle(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 2, 3)
		s.all()[0].closesIn(time.Minute)
		within(t, "Terminate of a pool in which nothing is lent", 0, p.Terminate)
		s.gone(t, "after Terminate of a pool in which nothing is lent")
		refused(t, p, forever, "in a pool that was terminated", connectionpool.ErrClosed)
		refused(t, p, canceled(), "in a pool that was terminated, with a context that is done", connectionpool.ErrClosed)
		t.Equal("how many connections were opened", s.opened(), 2)
	}))
}

// TestTerminateWhileConnecting checks that an Acquire which waits for connect when the pool is terminated gets ErrClosed, and that its connection is ended when it comes.
func TestTerminateWhileConnecting(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{takes: 3 * time.Second, deaf: true}
		p := create(t, s, 0, 2)
		told := make(chan error, 1)
		go func() { _, err := p.Acquire(forever); told <- err }()
		time.Sleep(time.Second)
		within(t, "Terminate while somebody connects", 0, p.Terminate)
		returns(t, "an Acquire for which a connection comes after Terminate", func() {
			t.ErrorIs("the error of an Acquire for which a connection comes after Terminate", <-told, connectionpool.ErrClosed)
		})
		s.gone(t, "of one that came after Terminate:")

		s = &server{takes: 3 * time.Second}
		p = create(t, s, 0, 2)
		s.refuse(errBoom)
		go func() { _, err := p.Acquire(forever); told <- err }()
		time.Sleep(time.Second)
		p.Terminate()
		returns(t, "an Acquire for which connect fails after Terminate", func() {
			t.ErrorIs("the error of an Acquire for which connect fails after Terminate", <-told, connectionpool.ErrClosed)
		})
	}))
}

// TestTerminateWhileResetting checks that Terminate ends a connection that is being Reset, and that its Release comes back then.
func TestTerminateWhileResetting(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		x := acquires(t, p, "in a new pool")
		lent(t, x, "").resetsIn(time.Minute)
		var releasing sync.WaitGroup
		releasing.Go(func() {
			within(t, "Release with a Reset of a minute, where the pool is terminated after a second", time.Second, func() { p.Release(x) })
		})
		time.Sleep(time.Second)
		within(t, "Terminate while a connection is being Reset", 0, p.Terminate)
		s.gone(t, "after Terminate while it is Reset")
		releasing.Wait()
		refused(t, p, forever, "after Terminate and a Release", connectionpool.ErrClosed)
	}))
}

// TestTerminateFreesClose checks that a Close which waits for a place that is never given back, or for connections to close, returns when the pool is terminated.
func TestTerminateFreesClose(t *testing.T) {
	lab.Virtual(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		x := acquires(t, p, "in a new pool")
		var others sync.WaitGroup
		others.Go(func() { time.Sleep(time.Second); p.Terminate() })
		within(t, "Close of a pool that is terminated after a second", time.Second, func() {
			t.ErrorIs("the error of a Close that waits for places when the pool is terminated", p.Close(forever), nil)
		})
		others.Wait()
		s.gone(t, "after Terminate during a Close")
		t.Equal("how often Close is called on a connection in it", s.all()[0].closeCalls(), 0)
		t.True("Conn() of a connection that was lent is nil", x.Conn() == nil)

		s = &server{}
		p = create(t, s, 2, 2)
		for _, c := range s.all() {
			c.closesIn(time.Minute)
		}
		others.Go(func() {
			time.Sleep(time.Second)
			within(t, "Terminate while a Close waits for the connections to close", 0, p.Terminate)
			s.gone(t, "after Terminate while a Close waits for the connections to close")
		})
		within(t, "Close with connections that take a minute to close, where the pool is terminated after a second", time.Second, func() { p.Close(forever) })
		others.Wait()
	}))
}

// uses acquires, uses and gives back, in an explored test, and reports what Acquire returned.
func (s *server) uses(t *T, p *pool, ctx context.Context) error {
	x, err := p.Acquire(ctx)
	if err != nil {
		return err
	}
	if c, _ := x.Conn().(*conn); c != nil {
		s.mu.Lock()
		c.users++
		users, ended := c.users, c.isEnded
		s.mu.Unlock()
		if users > 1 {
			t.Errorf("%v is lent to two at the same time", c)
		}
		if ended {
			t.Errorf("%v is lent although it is closed", c)
		}
		s.mu.Lock()
		c.users--
		s.mu.Unlock()
	}
	t.ErrorIs("the error of Release", p.Release(x), nil)
	return nil
}

// TestNobodyOvertakes checks that who gives a place back and wants one again at once has to wait behind the one who waits already.
func TestNobodyOvertakes(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		x := acquires(t, p, "in a new pool")
		start := time.Now()
		var first, second time.Duration
		together(func() {
			y, err := p.Acquire(forever)
			first = time.Since(start)
			if t.ErrorIs("the error of an Acquire that waits", err, nil) {
				time.Sleep(5 * time.Second)
				p.Release(y)
			}
		}, func() {
			time.Sleep(time.Second)
			p.Release(x)
			z, err := p.Acquire(forever)
			second = time.Since(start)
			if t.ErrorIs("the error of an Acquire right after a Release", err, nil) {
				p.Release(z)
			}
		})
		t.Equal("when the one who waits gets the place that is free after a second", first, time.Second)
		t.Equal("when the one gets it who gave it back then and wants it again, and whom the other one makes wait for five seconds", second, 6*time.Second)
	}))
}

// TestOneAtATime checks that three who share one place never have the connection at the same time, and that the place is there again afterwards.
func TestOneAtATime(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 0, 1)
		use := func() { t.ErrorIs("the error of Acquire", s.uses(t, p, forever), nil) }
		together(use, use, use)
		t.Equal("how many connections were opened for one place", s.opened(), 1)
		vacant(t, p, 1, "after three have used it")
	}))
}

// TestGivingUpTakesNoPlaceAlong checks that one whose time is over just when a place is free either gets it or leaves it to the next one, in that moment.
func TestGivingUpTakesNoPlaceAlong(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		x := acquires(t, p, "in a new pool")
		start := time.Now()
		ctx, cancel := context.WithTimeout(forever, 2*time.Second)
		defer cancel()
		patient, stop := context.WithTimeout(forever, time.Minute)
		defer stop()
		var gaveUp, next error
		var after time.Duration
		together(
			func() { gaveUp = s.uses(t, p, ctx) },
			func() {
				time.Sleep(time.Second)
				next = s.uses(t, p, patient)
				after = time.Since(start)
			},
			func() { time.Sleep(2 * time.Second); p.Release(x) },
		)
		if gaveUp != nil {
			t.ErrorIs("the error of the one whose time is over just when a place is free", gaveUp, context.DeadlineExceeded)
		}
		if errors.Is(next, context.DeadlineExceeded) {
			t.Fatalf("the one who waits behind waits for a minute in vain: the one whose time was over just when the place was free has taken it along")
		}
		t.ErrorIs("the error of the one who waits behind", next, nil)
		t.Equal("when the one who waits behind gets the place, which is free after two seconds", after, 2*time.Second)
		vacant(t, p, 1, "after one may have given up")
	}))
}

// TestCancelBetweenTheQueueAndTheConnection checks that a cancel which comes at any moment, from the queue to connect, loses no place.
func TestCancelBetweenTheQueueAndTheConnection(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		x := acquires(t, p, "in a new pool")
		lent(t, x, "").end()
		ctx, cancel := context.WithCancel(forever)
		defer cancel()
		var err error
		together(
			func() { err = s.uses(t, p, ctx) },
			cancel,
			func() { t.ErrorIs("the error of Release", p.Release(x), nil) },
		)
		if err != nil {
			t.ErrorIs("the error of an Acquire that is cancelled", err, context.Canceled)
		}
		vacant(t, p, 1, "after a cancel")
	}))
}

// TestTheBrokenOneIsEndedFirst checks that a connection whose Reset fails is ended before the one who waits can open a new one.
func TestTheBrokenOneIsEndedFirst(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		x := acquires(t, p, "in a new pool")
		lent(t, x, "").failsToReset(errBoom)
		together(
			func() { t.ErrorIs("the error of Release where Reset fails", p.Release(x), errBoom) },
			func() { t.ErrorIs("the error of Acquire", s.uses(t, p, forever), nil) },
		)
		t.Equal("how many connections were opened", s.opened(), 2)
	}))
}

// TestReleasedTwiceAtOnce checks that of two Releases of one proxy at the same time one does nothing.
func TestReleasedTwiceAtOnce(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		x := acquires(t, p, "in a new pool")
		c := lent(t, x, "")
		together(func() { releases(t, p, x) }, func() { releases(t, p, x) })
		t.Equal("how often a connection is Reset that two release at the same time", c.resetCalls(), 1)
		vacant(t, p, 1, "after two released it at the same time")
	}))
}

// TestCloseBesideAcquire checks that an Acquire beside Close is either refused, or has a connection that stays open until it is given back; and that nothing is open when Close returns.
func TestCloseBesideAcquire(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 0, 1)
		use := func() {
			if err := s.uses(t, p, forever); err != nil {
				t.ErrorIs("the error of Acquire beside Close", err, connectionpool.ErrClosed)
			}
		}
		together(use, use, func() {
			t.ErrorIs("the error of Close", p.Close(forever), nil)
			s.gone(t, "when Close returns")
		})
	}))
}

// TestCloseBesideRelease checks that neither of two Closes misses the last Release, and that both return when all is closed.
func TestCloseBesideRelease(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		x := acquires(t, p, "in a new pool")
		closes := func() {
			t.ErrorIs("the error of Close beside Release", p.Close(forever), nil)
			s.gone(t, "when Close returns")
		}
		together(closes, closes, func() { t.ErrorIs("the error of Release", p.Release(x), nil) })
		t.Equal("how often the connection is closed", s.all()[0].closeCalls(), 1)
	}))
}

// TestTerminateBesideAcquire checks that nobody who acquires beside Terminate waits for ever, and that no connection is left open.
func TestTerminateBesideAcquire(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 0, 1)
		acquire := func() {
			x, err := p.Acquire(forever)
			if err != nil {
				t.ErrorIs("the error of Acquire beside Terminate", err, connectionpool.ErrClosed)
				return
			}
			p.Release(x)
		}
		together(acquire, acquire, p.Terminate)
		s.gone(t, "after Terminate")
		refused(t, p, forever, "after Terminate", connectionpool.ErrClosed)
	}))
}

// TestTerminateBesideClose checks that a Close and two Terminates may meet: all return, and nothing is open then.
func TestTerminateBesideClose(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 2, 2)
		acquires(t, p, "in a new pool")
		together(p.Terminate, func() { p.Close(forever) }, p.Terminate)
		s.gone(t, "after Close and Terminate")
		for _, c := range s.all() {
			t.True("a connection is closed at most once", c.closeCalls() <= 1)
		}
	}))
}

// TestTerminateBesideCloseOfAFreePool checks that Close and Terminate may meet where no place is taken.
func TestTerminateBesideCloseOfAFreePool(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		together(p.Terminate, func() { p.Close(forever) })
		s.gone(t, "after Close and Terminate")
	}))
}

// TestConnBesideOthers checks that Conn may be asked while the connection is released and the pool terminated: it returns the connection, or nil.
func TestConnBesideOthers(t *testing.T) {
	lab.Explored(t, only(func(t *T) {
		s := &server{}
		p := create(t, s, 1, 1)
		x := acquires(t, p, "in a new pool")
		var c connectionpool.Conn
		together(func() { c = x.Conn() }, func() { p.Release(x) }, p.Terminate)
		if c != nil {
			t.Equal("what Conn() returns if not nil", c, connectionpool.Conn(s.all()[0]))
		}
	}))
}
