package actors_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/distributed/actors"
	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/sim/network"
)

type ref = actors.ObjectRef

const (
	forever = actors.Forever
	sec     = time.Second
)

var (
	errBoom  = errors.New("boom")
	errOther = errors.New("other")
)

// notebook is an actor of the tests. Its state is plain: an actor needs no lock.
type notebook struct {
	life  int
	words []string
	*record
}

// record is what happened to all lives of an actor. It is looked at by the test, so it has a lock.
type record struct {
	start time.Time
	mu    sync.Mutex
	lives int
	begun []string
}

func newRecord() *record { return &record{start: time.Now()} }

// class makes a notebook.
func (r *record) class() actors.Actor {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lives++
	return &notebook{life: r.lives, record: r}
}

func (r *record) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lives
}

func (r *record) note(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun = append(r.begun, what)
}

// all are the calls that were begun, such as "a in life 1 at 3s".
func (r *record) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.begun)
}

// Call: write(word) writes a word, and returns all so far; work(duration, word) takes its time before that. fail returns
// errBoom, and args returns what it was given.
func (n *notebook) Call(method string, args []any) (any, error) {
	switch method {
	case "write":
		n.begins(args[0])
	case "work":
		n.begins(args[1])
		time.Sleep(args[0].(time.Duration))
		args = args[1:]
	case "fail":
		n.begins("fail")
		return nil, errBoom
	default:
		n.begins("args")
		return args, nil
	}
	n.words = append(n.words, fmt.Sprint(args[0]))
	return strings.Join(n.words, " "), nil
}

func (n *notebook) begins(what any) {
	n.note(fmt.Sprintf("%v in life %d at %v", what, n.life, time.Since(n.start)))
}

// after is a reference that gets its value, or error, after a while.
func after(d time.Duration, value any, err error) *ref {
	r := actors.NewRef()
	if d <= 0 {
		r.Set(value, err)
		return r
	}
	time.AfterFunc(d, func() { r.Set(value, err) })
	return r
}

// gives wants a reference to give a value or an error, now or later.
func gives(t *lab.T, what string, r *ref, value any, err error) {
	t.Helper()
	if r == nil {
		t.Fatalf("%s: the reference is nil", what)
	}
	select {
	case <-r.Ready():
	case <-time.After(time.Hour):
		t.Fatalf("%s: its reference still has neither a value nor an error after an hour", what)
	}
	got, failed := r.Value()
	if t.ErrorIs("the error of "+what, failed, err) && err == nil {
		t.Equal("the result of "+what, got, value)
	}
}

// givesAfter is gives, with the time until then.
func givesAfter(t *lab.T, d time.Duration, what string, r *ref, value any, err error) {
	t.Helper()
	t.Takes(what+", from now until there is a result,", lab.Exactly(d), func() { gives(t, what, r, value, err) })
}

// pending wants a reference to have nothing yet.
func pending(t *lab.T, what string, r *ref) {
	t.Helper()
	if r == nil {
		t.Fatalf("%s: the reference is nil", what)
	}
	select {
	case <-r.Ready():
		value, err := r.Value()
		t.Errorf("%s has a result too early: the value is %v, the error %v", what, value, err)
	default:
	}
}

// fates are those of the messages from one node to another, in the order in which they are sent; all others, and those
// behind the last, arrive at once.
type fates struct {
	from, to string
	fates    []network.Fate
	sent     atomic.Int64
}

func (f *fates) of(m network.Message) network.Fate {
	if m.From == f.from && m.To == f.to {
		if n := int(f.sent.Add(1)); n <= len(f.fates) {
			return f.fates[n-1]
		}
	}
	return network.Arrives(0)
}

// toA is a network that has the fates for messages to the actor a.
func toA(all ...network.Fate) *network.Network {
	return network.New(nil, (&fates{from: "driver", to: "a", fates: all}).of)
}

// atOnce is a network in which all messages arrive at once.
func atOnce() *network.Network { return network.New(nil, network.Reliable(0)) }

// together runs all at the same time and waits for them.
func together(calls ...func()) {
	var all sync.WaitGroup
	for _, call := range calls {
		all.Go(call)
	}
	all.Wait()
}

// TestRemote checks that a task runs while its caller goes on, and what it returns comes by its reference.
func TestRemote(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		work := func(args []any) (any, error) {
			time.Sleep(args[0].(time.Duration))
			return args[1], nil
		}
		var first, second *ref
		t.Takes("starting two tasks", lab.Exactly(0), func() {
			first, second = actors.Remote(work, 3*time.Second, "first"), actors.Remote(work, 2*time.Second, 7)
		})
		time.Sleep(time.Second)
		pending(t, "a task of three seconds, after one", first)
		givesAfter(t, time.Second, "a task that ends after one second more", second, 7, nil)
		givesAfter(t, time.Second, "a task that runs beside it and ends a second later", first, "first", nil)
		gives(t, "a task that fails", actors.Remote(func([]any) (any, error) { return nil, errBoom }), nil, errBoom)
		gives(t, "a task without arguments", actors.Remote(func(args []any) (any, error) { return len(args), nil }), 0, nil)
	})
}

// TestGet checks that Get waits for the value or the error, and no longer than its timeout.
func TestGet(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, c := range []struct {
			what    string
			ref     *ref
			timeout time.Duration
			takes   time.Duration
			value   any
			err     error
		}{
			{"a value that is there", after(0, 7, nil), forever, 0, 7, nil},
			{"a value that comes after 2s", after(2*sec, 7, nil), forever, 2 * sec, 7, nil},
			{"an error that is there", after(0, nil, errBoom), forever, 0, nil, errBoom},
			{"a value that comes in time", after(2*sec+sec, 7, nil), 3 * sec, sec, 7, nil},
			{"nothing, with a timeout of 3s", actors.NewRef(), 3 * sec, 3 * sec, nil, actors.ErrTimeout},
			{"nothing, with a timeout of 0", actors.NewRef(), 0, 0, nil, actors.ErrTimeout},
			{"nothing, with a timeout of -1s", actors.NewRef(), -sec, 0, nil, actors.ErrTimeout},
			{"a value that is there, with a timeout of 0", after(0, 7, nil), 0, 0, 7, nil},
			{"a value that is there, with a timeout of -1s", after(0, 7, nil), -sec, 0, 7, nil},
			{"an error that is there, with a timeout of 0", after(0, nil, errBoom), 0, 0, nil, errBoom},
		} {
			for range 5 { // whoever tosses between what is there and a timeout of nothing loses some time
				var got any
				var err error
				t.Takes("Get of "+c.what, lab.Exactly(c.takes), func() { got, err = actors.Get(c.ref, c.timeout) })
				if !t.ErrorIs("the error of Get of "+c.what, err, c.err) || !t.Equal("the value of Get of "+c.what, got, c.value) || c.takes > 0 {
					break
				}
			}
		}
	})
}

// TestWait checks that Wait comes back when as many as asked for are ready, or the time is up, and which are in which list.
func TestWait(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		never := time.Duration(-1)
		for _, c := range []struct {
			refs       []time.Duration // when each is ready
			numReturns int
			timeout    time.Duration
			takes      time.Duration
			ready      []int
			notReady   []int
		}{
			{[]time.Duration{3 * sec, sec, 2 * sec}, 1, forever, sec, []int{1}, []int{0, 2}},
			{[]time.Duration{3 * sec, sec, 2 * sec}, 2, forever, 2 * sec, []int{1, 2}, []int{0}},
			{[]time.Duration{3 * sec, sec, 2 * sec}, 3, forever, 3 * sec, []int{0, 1, 2}, nil},
			{[]time.Duration{never, 0, never, 0}, 2, forever, 0, []int{1, 3}, []int{0, 2}},
			{[]time.Duration{never, 0, 0, 0}, 2, forever, 0, []int{1, 2}, []int{0, 3}},
			{[]time.Duration{never, 0, 0, 0}, 1, 0, 0, []int{1}, []int{0, 2, 3}},
			{[]time.Duration{never, 0, never, 0}, 3, 0, 0, []int{1, 3}, []int{0, 2}},
			{[]time.Duration{never, 0, never}, 2, -sec, 0, []int{1}, []int{0, 2}},
			{[]time.Duration{2 * sec, never, 5 * sec, sec}, 3, 3 * sec, 3 * sec, []int{0, 3}, []int{1, 2}},
			{[]time.Duration{never, 0, never, never}, 4, 2 * sec, 2 * sec, []int{1}, []int{0, 2, 3}},
			{[]time.Duration{never, never}, 1, 3 * sec, 3 * sec, nil, []int{0, 1}},
		} {
			var refs []*ref
			for i, d := range c.refs {
				r := actors.NewRef()
				if d != never {
					r = after(d, i, []error{nil, errBoom}[i%2]) // an error is as ready as a value
				}
				refs = append(refs, r)
			}
			when := strings.ReplaceAll(fmt.Sprint(c.refs), "-1ns", "never")
			what := fmt.Sprintf("Wait for %d of refs that are ready after %v, with a timeout of %v", c.numReturns, when, c.timeout)
			if c.timeout == forever {
				what = fmt.Sprintf("Wait for %d of refs that are ready after %v", c.numReturns, when)
			}
			var ready, notReady []*ref
			var err error
			asked := slices.Clone(refs)
			t.Takes(what, lab.Exactly(c.takes), func() { ready, notReady, err = actors.Wait(asked, c.numReturns, c.timeout) })
			t.ErrorIs("the error of "+what, err, nil)
			t.Equal("which are ready after "+what, indices(refs, ready), c.ready)
			t.Equal("which are not ready after "+what, indices(refs, notReady), c.notReady)
			if !slices.Equal(asked, refs) {
				t.Errorf("%s has changed the list that it was given", what)
			}
		}
	})
}

// indices says where in all those of some are.
func indices(all, some []*ref) (at []int) {
	for _, r := range some {
		at = append(at, slices.Index(all, r))
	}
	return at
}

// TestWaitRefuses checks that Wait refuses a number of refs that there cannot be, save where there are none at all.
func TestWaitRefuses(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, n := range []int{-1, 0, 3} {
			what := fmt.Sprintf("Wait for %d of two refs", n)
			t.Takes(what, lab.Exactly(0), func() {
				ready, notReady, err := actors.Wait([]*ref{after(0, 1, nil), actors.NewRef()}, n, time.Minute)
				t.ErrorIs("the error of "+what, err, actors.ErrNumReturns)
				t.Equal("the lists beside that error", len(ready)+len(notReady), 0)
			})
		}
		for _, n := range []int{0, 1} {
			what := fmt.Sprintf("Wait for %d of no refs", n)
			t.Takes(what, lab.Exactly(0), func() {
				ready, notReady, err := actors.Wait(nil, n, time.Minute)
				t.ErrorIs("the error of "+what, err, nil)
				t.Equal("the lists of "+what, len(ready)+len(notReady), 0)
			})
		}
	})
}

// TestArguments checks that a task begins when its arguments are there, and is given what its references stand for, but not those inside of an argument.
func TestArguments(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		args := func(args []any) (any, error) { return args, nil }
		inner := after(0, "inside", nil)
		nested := []any{inner}
		seven := after(2*time.Second, 7, nil)
		r := actors.Remote(args, "a", seven, nested, after(time.Second, nil, nil), seven)
		time.Sleep(1500 * time.Millisecond)
		pending(t, "a task of which one argument is there and one is not", r)
		givesAfter(t, 500*time.Millisecond, "a task whose last argument comes then", r, []any{"a", 7, nested, nil, 7}, nil)
		chain := actors.Remote(args, actors.Remote(args, actors.Remote(args, 1), 2), 3)
		gives(t, "a task of a task of a task", chain, []any{[]any{[]any{1}, 2}, 3}, nil)
	})
}

// TestArgumentsFail checks that a task with an argument that failed is not run, and fails with the first such error when all are there.
func TestArgumentsFail(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		ran := false
		task := func([]any) (any, error) { ran = true; return nil, nil }
		r := actors.Remote(task, after(2*time.Second, 1, nil), after(3*time.Second, nil, errBoom), after(time.Second, nil, errOther))
		time.Sleep(1500 * time.Millisecond)
		pending(t, "a task of which one argument has failed and two are not there", r)
		givesAfter(t, 1500*time.Millisecond, "a task whose second and third argument failed", r, nil, errBoom)
		r = actors.Remote(task, after(0, nil, errBoom), after(time.Second, 1, nil))
		givesAfter(t, time.Second, "a task whose first argument failed and whose second comes after a second", r, nil, errBoom)
		t.True("a task with an argument that failed is not run", !ran)
		gives(t, "a task of a task that failed", actors.Remote(task, actors.Remote(task, after(0, nil, errOther))), nil, errOther)
		t.True("a task whose argument is a task that failed is not run", !ran)
	})
}

// TestActor checks that an actor is made at once, keeps its state from call to call, outlives an error, and answers by messages.
func TestActor(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		net := network.New(nil, network.Reliable(time.Second))
		c, log := actors.New(net), newRecord()
		a := c.Actor("a", 0, log.class)
		time.Sleep(time.Second)
		t.Equal("how many instances were made before the first call", log.count(), 1)
		var r *ref
		t.Takes("Call", lab.Exactly(0), func() { r = a.Call("write", "hello") })
		givesAfter(t, 2*time.Second, "a call, where each message takes a second", r, "hello", nil)
		givesAfter(t, 2*time.Second, "a call whose method returns an error", a.Call("fail"), nil, errBoom)
		b := c.Actor("b", 0, newRecord().class)
		givesAfter(t, 2*time.Second, "the call behind it", a.Call("write", "world"), "hello world", nil)
		givesAfter(t, 2*time.Second, "a call of another actor", b.Call("write", "alone"), "alone", nil)
		t.Equal("how many messages four calls took", net.Sent(), 8)
		t.Equal("how many instances of the actor were made", log.count(), 1)
		c.Shutdown()
	})
}

// TestOneAtATime checks that an actor runs one call at a time, whoever calls, while its callers go on.
func TestOneAtATime(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := actors.New(atOnce())
		a := c.Actor("a", 0, newRecord().class)
		b := a.Share()
		var refs []*ref
		t.Takes("three calls of one second", lab.Exactly(0), func() {
			refs = append(refs, a.Call("work", time.Second, "x"), a.Call("work", time.Second, "x"), b.Call("work", time.Second, "x"))
		})
		other := c.Actor("b", 0, newRecord().class)
		givesAfter(t, time.Second, "a call of another actor meanwhile", other.Call("work", time.Second, "y"), "y", nil)
		time.Sleep(500 * time.Millisecond)
		for n := 1; n <= 3; n++ {
			t.Equal(fmt.Sprintf("how many of three calls of one second have ended after %d.5 seconds", n), ended(refs), n)
			time.Sleep(time.Second)
		}
		results := map[any]bool{}
		for _, r := range refs {
			value, _ := r.Value()
			results[value] = true
		}
		t.Equal("the results of three calls that each write x", results, map[any]bool{"x": true, "x x": true, "x x x": true})
		c.Shutdown()
	})
}

// ended is how many references have a result.
func ended(refs []*ref) (n int) {
	for _, r := range refs {
		select {
		case <-r.Ready():
			n++
		default:
		}
	}
	return n
}

// TestInOrder checks that the calls of a handle are begun in the order in which they were made, whatever overtakes what on the way.
func TestInOrder(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := actors.New(toA(network.Arrives(3*sec), network.Arrives(2*sec), network.Arrives(sec), network.Arrives(5*sec), network.Arrives(0)))
		log := newRecord()
		a := c.Actor("a", 0, log.class)
		var refs []*ref
		for _, word := range []string{"a", "b", "c", "d", "e"} {
			refs = append(refs, a.Call("write", word))
			time.Sleep(time.Millisecond)
		}
		gives(t, "the last of five calls, which arrives first,", refs[4], "a b c d e", nil)
		gives(t, "the first of five calls", refs[0], "a", nil)
		t.Equal("which calls were begun when, where a arrives after 3s, b after 2s, c after 1s, d after 5s and e at once", log.all(), []string{
			"a in life 1 at 3s", "b in life 1 at 3s", "c in life 1 at 3s", "d in life 1 at 5.003s", "e in life 1 at 5.003s",
		})
		c.Shutdown()
	})
}

// TestDoubled checks that a call whose message or whose result arrives more than once is run once.
func TestDoubled(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := actors.New(network.New(nil, func(network.Message) network.Fate { return network.Arrives(0, 0, sec, 7*sec) }))
		log := newRecord()
		a := c.Actor("a", 0, log.class)
		gives(t, "a call", a.Call("write", "a"), "a", nil)
		time.Sleep(2 * sec)
		gives(t, "a call that comes later", a.Call("write", "b"), "a b", nil)
		time.Sleep(10 * sec)
		r := a.Call("work", 3*sec, "c")
		gives(t, "a call that takes longer than a copy of it", r, "a b c", nil)
		time.Sleep(10 * sec)
		t.Equal("which calls were begun when, where three copies of each message arrive later", log.all(), []string{
			"a in life 1 at 0s", "b in life 1 at 2s", "c in life 1 at 12s",
		})
		c.Shutdown()
	})
}

// TestHandlesDoNotWait checks that the calls of one handle wait neither for a message of another one's nor for its arguments.
func TestHandlesDoNotWait(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c, log := actors.New(toA(network.Arrives(3*sec), network.Arrives(sec))), newRecord()
		a := c.Actor("a", 0, log.class)
		b := a.Share()
		late := a.Call("write", "late")
		time.Sleep(time.Millisecond)
		prompt := b.Call("write", "prompt")
		gives(t, "a call that arrives after a second, where another handle's takes three", prompt, "prompt", nil)
		gives(t, "a call that arrives after three seconds", late, "prompt late", nil)
		t.Takes("Call with an argument that is not there yet", lab.Exactly(0), func() { late = a.Call("write", after(3*sec, "waits", nil)) })
		time.Sleep(time.Millisecond)
		givesAfter(t, 0, "a call, where another handle's waits for its argument,", b.Call("write", "goes"), "prompt late goes", nil)
		givesAfter(t, 0, "a call by a third handle", a.Share().Call("write", "on"), "prompt late goes on", nil)
		gives(t, "the call that waits for its argument", late, "prompt late goes on waits", nil)
		t.Equal("which calls were begun when", log.all(), []string{
			"prompt in life 1 at 1.001s", "late in life 1 at 3s", "goes in life 1 at 3.001s", "on in life 1 at 3.001s", "waits in life 1 at 6s",
		})
		c.Shutdown()
	})
}

// TestActorArguments checks that a call waits for its arguments, that the calls behind it wait with it, and that one with an argument that failed is not run.
func TestActorArguments(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		net := atOnce()
		c, log := actors.New(net), newRecord()
		a := c.Actor("a", 0, log.class)
		nested := []any{after(0, "inside", nil)}
		gives(t, "a call that returns what it was given", a.Call("args", 1, after(0, 2, nil), nested, after(sec, nil, nil)), []any{1, 2, nested, nil}, nil)
		first := a.Call("write", after(2*sec, "first", nil))
		behind := a.Call("write", "behind")
		last := a.Call("write", after(sec, "last", nil))
		time.Sleep(1500 * time.Millisecond)
		pending(t, "a call behind one that waits for its argument", behind)
		givesAfter(t, 500*time.Millisecond, "the last of three calls, of which the first waits for its argument,", last, "first behind last", nil)
		gives(t, "the first of three calls", first, "first", nil)
		gives(t, "the second of three calls", behind, "first behind", nil)

		failed := a.Call("write", after(2*sec, "x", nil), after(sec, nil, errBoom), after(0, nil, errOther))
		next := a.Call("write", "next")
		time.Sleep(1500 * time.Millisecond)
		pending(t, "a call with arguments that failed and one that is not there", failed)
		givesAfter(t, 500*time.Millisecond, "a call with two arguments that failed", failed, nil, errBoom)
		givesAfter(t, 0, "the call behind one with an argument that failed", next, "first behind last next", nil)
		t.Equal("how many messages five calls took, and one that is not sent", net.Sent(), 10)
		t.Equal("how many calls were begun", len(log.all()), 5)

		b := c.Actor("b", 0, newRecord().class)
		gives(t, "a call of one actor with the result of another one's call", b.Call("write", a.Call("write", "end")), "first behind last next end", nil)
		gives(t, "a call with the result of the call before it", a.Call("args", a.Call("fail")), nil, errBoom)
		c.Shutdown()
	})
}

// TestDeath checks that a death fails the calls that wait, run or have their results on the way, in that moment, and that none of them is run later or again.
func TestDeath(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, restarts := range []int{0, 1} {
			net := network.New(nil, (&fates{from: "a", to: "driver", fates: []network.Fate{network.Arrives(0), network.Arrives(5 * sec)}}).of)
			c, log := actors.New(net), newRecord()
			a := c.Actor("a", restarts, log.class)
			b := a.Share()
			arrived, underWay := a.Call("write", "arrived"), a.Call("write", "under way")
			running := a.Call("work", 4*sec, "running")
			time.Sleep(time.Millisecond)
			waiting, other := a.Call("write", "waiting"), b.Call("write", "waiting too")
			time.Sleep(2 * sec)
			for _, r := range []*ref{underWay, running, waiting, other} {
				pending(t, "a call, before the actor dies,", r)
			}
			net.Kill("a")
			gives(t, "a call whose result has arrived before its actor dies", arrived, "arrived", nil)
			givesAfter(t, 0, "a call whose result is on its way when its actor dies", underWay, nil, actors.ErrActorDied)
			givesAfter(t, 0, "a call that is running when its actor dies", running, nil, actors.ErrActorDied)
			givesAfter(t, 0, "a call that waits for its turn when its actor dies", waiting, nil, actors.ErrActorDied)
			givesAfter(t, 0, "another handle's call that waits for its turn when its actor dies", other, nil, actors.ErrActorDied)
			time.Sleep(10 * sec)
			t.Equal("which calls were begun when, where the actor died at 2.001s", log.all(), []string{
				"arrived in life 1 at 0s", "under way in life 1 at 0s", "running in life 1 at 0s",
			})
			c.Shutdown()
		}
	})
}

// TestRestart checks that an actor that died is there again at once, knows nothing of before, and does not wait for what its old life still does.
func TestRestart(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		net := atOnce()
		c, log := actors.New(net), newRecord()
		a := c.Actor("a", 2, log.class)
		gives(t, "a call in the first life", a.Call("write", "old"), "old", nil)
		old := a.Call("work", 5*sec, "old")
		time.Sleep(sec)
		net.Kill("a")
		givesAfter(t, 0, "a call that was running when its actor died", old, nil, actors.ErrActorDied)
		time.Sleep(time.Millisecond)
		t.Equal("how many instances were made when the actor has died once, with no call since", log.count(), 2)
		givesAfter(t, 0, "a call right after the restart, while a method of the first life still runs,", a.Call("write", "new"), "new", nil)
		time.Sleep(10 * sec)
		gives(t, "a call when the method of the first life has come back", a.Call("write", "too"), "new too", nil)
		gives(t, "a call by a new handle", a.Share().Call("write", "two"), "new too two", nil)
		net.Kill("a")
		time.Sleep(sec)
		gives(t, "a call after the second restart", a.Call("write", "newer"), "newer", nil)
		t.Equal("how many instances were made in three lives", log.count(), 3)
		c.Shutdown()
	})
}

// TestDeadForGood checks that an actor is restarted no more than maxRestarts times, and that every call then fails at once.
func TestDeadForGood(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, restarts := range []int{0, 1, 3} {
			net := atOnce()
			c, log := actors.New(net), newRecord()
			a := c.Actor("a", restarts, log.class)
			b := a.Share()
			for life := range restarts + 1 {
				what := fmt.Sprintf("a call in life %d of an actor that is restarted %d times", life+1, restarts)
				gives(t, what, a.Call("write", "a"), "a", nil)
				gives(t, what, b.Call("write", "b"), "a b", nil)
				if life < restarts {
					net.Kill("a")
					time.Sleep(sec)
				}
			}
			never := actors.NewRef()
			sent := net.Sent()
			unsent, behind := a.Call("write", never), a.Call("write", "behind")
			time.Sleep(sec)
			pending(t, "a call that waits for its argument", unsent)
			net.Kill("a")
			givesAfter(t, 0, "a call that waits for its argument when its actor dies for good", unsent, nil, actors.ErrActorDied)
			givesAfter(t, 0, "the call behind it", behind, nil, actors.ErrActorDied)
			givesAfter(t, 0, "a call of an actor that is dead for good", a.Call("write", "c"), nil, actors.ErrActorDied)
			givesAfter(t, 0, "another handle's call of an actor that is dead for good", b.Call("write", "c"), nil, actors.ErrActorDied)
			givesAfter(t, 0, "a call of an actor that is dead for good with an argument that is not there", a.Call("write", never), nil, actors.ErrActorDied)
			givesAfter(t, 0, "a call by a new handle of an actor that is dead for good", a.Share().Call("write", "c"), nil, actors.ErrActorDied)
			t.Equal("how many messages were sent to an actor that is dead for good", net.Sent()-sent, 0)
			time.Sleep(10 * sec)
			t.Equal("how many instances were made of an actor that died once more than it may", log.count(), restarts+1)
			t.Equal("how many calls were begun", len(log.all()), 2*(restarts+1))
			c.Shutdown()
		}
	})
}

// TestAnyNumberOfTimes checks that an actor with a negative maxRestarts comes back however often it dies, and that other actors do not notice.
func TestAnyNumberOfTimes(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, restarts := range []int{-1, -3} {
			net := atOnce()
			c := actors.New(net)
			a, b := c.Actor("a", restarts, newRecord().class), c.Actor("b", 0, newRecord().class)
			slow := b.Call("work", 60*sec, "slow")
			for life := range 20 {
				gives(t, fmt.Sprintf("a call in life %d of an actor with maxRestarts %d", life+1, restarts), a.Call("write", "a"), "a", nil)
				net.Kill("a")
				time.Sleep(sec)
			}
			pending(t, "a call of another actor", slow)
			gives(t, "a call of another actor that has not died", slow, "slow", nil)
			gives(t, "the next call of it", b.Call("write", "b"), "slow b", nil)
			c.Shutdown()
		}
	})
}

// TestNoCopyReachesTheNextLife checks that a call is not run by the restarted actor, though its message, or a copy, arrives there, and takes no call's place.
func TestNoCopyReachesTheNextLife(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		net := toA(network.Arrives(0, 4*sec), network.Arrives(5*sec), network.Arrives(0, 6*sec), network.Arrives(10*sec), network.Arrives(8*sec))
		c, log := actors.New(net), newRecord()
		a := c.Actor("a", 1, log.class)
		doubled := a.Call("write", "doubled")
		time.Sleep(time.Millisecond)
		late := a.Call("write", "late")
		time.Sleep(time.Millisecond)
		early := a.Call("write", "early")
		gives(t, "a call that is doubled", doubled, "doubled", nil)
		time.Sleep(sec)
		net.Kill("a")
		givesAfter(t, 0, "a call whose message is on its way when its actor dies", late, nil, actors.ErrActorDied)
		givesAfter(t, 0, "a call that has arrived and waits for the one before it when its actor dies", early, nil, actors.ErrActorDied)
		time.Sleep(time.Millisecond)
		next := a.Call("write", "next")
		time.Sleep(time.Millisecond)
		last := a.Call("write", "last")
		gives(t, "the second call after the restart", last, "next last", nil)
		gives(t, "the first call after the restart", next, "next", nil)
		time.Sleep(10 * sec)
		t.Equal("which calls were begun when, where the actor died at 1.002s", log.all(), []string{
			"doubled in life 1 at 0s", "next in life 2 at 11.003s", "last in life 2 at 11.003s",
		})
		c.Shutdown()
	})
}

// TestUnsentCallsSurvive checks that a call that waits for its arguments while its actor dies is sent to the restarted one, and those behind it in their order.
func TestUnsentCallsSurvive(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		net := atOnce()
		c, log := actors.New(net), newRecord()
		a := c.Actor("a", 1, log.class)
		gives(t, "a call before", a.Call("write", "before"), "before", nil)
		unsent, behind := a.Call("write", after(3*sec, "unsent", nil)), a.Call("write", "behind")
		time.Sleep(sec)
		net.Kill("a")
		time.Sleep(sec)
		pending(t, "a call that waits for its argument while its actor dies and is restarted", unsent)
		pending(t, "the call behind it", behind)
		givesAfter(t, sec, "the call behind one whose argument comes after the restart", behind, "unsent behind", nil)
		gives(t, "a call whose argument comes after the restart", unsent, "unsent", nil)
		t.Equal("which calls were begun when, where the actor died at 1s", log.all(), []string{
			"before in life 1 at 0s", "unsent in life 2 at 3s", "behind in life 2 at 3s",
		})
		c.Shutdown()
	})
}

// TestShutdown checks that Shutdown ends all actors for good, fails what has no result, and waits for no method.
func TestShutdown(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		net := atOnce()
		c, log := actors.New(net), newRecord()
		a, b, d := c.Actor("a", -1, log.class), c.Actor("b", 5, log.class), c.Actor("d", 0, log.class)
		net.Kill("d")
		time.Sleep(sec)
		results := []struct {
			what string
			*ref
		}{
			{"runs", a.Call("work", 3*sec, "a")},
			{"waits for its turn", a.Call("write", "b")},
			{"runs on another actor", b.Call("work", 3*sec, "c")},
			{"waits for an argument", b.Call("write", actors.NewRef())},
			{"waits behind such a one", b.Call("write", "d")},
			{"is one of an actor that is dead", d.Call("write", "d")},
		}
		time.Sleep(sec)
		t.Takes("Shutdown while methods run", lab.Exactly(0), c.Shutdown)
		for _, r := range results {
			givesAfter(t, 0, "a call that "+r.what+" when the cluster is shut down", r.ref, nil, actors.ErrActorDied)
		}
		givesAfter(t, 0, "a call after Shutdown", a.Call("write", "e"), nil, actors.ErrActorDied)
		givesAfter(t, 0, "a call after Shutdown by a new handle", b.Share().Call("write", "e"), nil, actors.ErrActorDied)
		time.Sleep(5 * sec)
		t.Equal("how many instances were made of three actors", log.count(), 3)
		t.Equal("how many calls were begun", len(log.all()), 2)
		for _, name := range []string{"a", "b", "d", "driver"} {
			free := true
			func() {
				defer func() { free = recover() == nil }()
				net.Start(name)
			}()
			t.True("after Shutdown no node is up that is named "+name, free)
		}
	})
}

// scribe is an actor for explored tests that keeps what it is told, in order.
type scribe struct{ words string }

func (s *scribe) Call(word string, _ []any) (any, error) {
	s.words += word
	return s.words, nil
}

func newScribe() actors.Actor { return &scribe{} }

// TestAnyNetwork checks that each call is run once and in order, whatever the network delays or doubles.
func TestAnyNetwork(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		c := actors.New(network.New(t, network.AnyOf(t, network.Arrives(0), network.Arrives(2*sec), network.Arrives(0, sec))))
		a := c.Actor("a", 0, newScribe)
		time.Sleep(time.Millisecond) // until all that was started waits
		x, y := a.Call("x"), a.Call("y")
		gives(t, "the second of two calls, x and y", y, "xy", nil)
		gives(t, "the first of two calls, x and y", x, "x", nil)
		time.Sleep(3 * sec)
		gives(t, "a third call, z, when all copies have arrived", a.Call("z"), "xyz", nil)
		c.Shutdown()
	})
}

// TestOneHandleTwoGoroutines checks that two calls by the same handle at the same time have an order, and that a third one comes behind both.
func TestOneHandleTwoGoroutines(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		c := actors.New(atOnce())
		a := c.Actor("a", 0, newScribe)
		time.Sleep(time.Millisecond) // until all that was started waits
		one, two := after(sec, nil, nil), after(2*sec, nil, nil)
		called := make(chan struct{})
		go func() { a.Call("x", two); close(called) }()
		a.Call("y", one)
		<-called
		if all := outcome(t, a.Call("z")); all != "xyz" && all != "yxz" {
			t.Errorf("x, with an argument that comes after two seconds, and y, with one that comes after one, were called at the same time, then z: z returns %s", all)
		}
		c.Shutdown()
	})
}

// TestTwoActorsAtOnce checks that two actors may be made at the same time, that each has its node from the beginning, and that Shutdown knows of both.
func TestTwoActorsAtOnce(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		net := atOnce()
		c := actors.New(net)
		var made atomic.Int64
		class := func() actors.Actor { made.Add(1); return newScribe() }
		together(
			func() { c.Actor("a", 1, class); net.Kill("a") },
			func() { c.Actor("b", 1, class) },
		)
		time.Sleep(sec)
		t.Equal("how many instances were made of two actors, of which one was killed as soon as it was made", made.Load(), int64(3))
		c.Shutdown()
	})
}

// TestCallBesideRestart checks that a call made while its actor dies fails or has its result, and that the restarted actor is a new one.
func TestCallBesideRestart(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		net := atOnce()
		c := actors.New(net)
		a := c.Actor("a", 1, newScribe)
		time.Sleep(time.Millisecond) // until all that was started waits
		x := a.Call("x")
		net.Kill("a")
		got := outcome(t, x)
		time.Sleep(sec)
		got += "," + outcome(t, a.Call("y"))
		switch got {
		case "x,y", "died,y": // x was for the first life
		case "x,xy": // x was for the second
		default:
			t.Errorf("x was called just when the actor died and was restarted, and y later: the results are %s", got)
		}
		c.Shutdown()
	})
}

// outcome is what became of a call, "died" for ErrActorDied.
func outcome(t *lab.T, r *ref) string {
	t.Helper()
	select {
	case <-r.Ready():
	case <-time.After(time.Hour):
		t.Fatal("a call made while its actor died still has neither a value nor an error after an hour")
	}
	value, err := r.Value()
	if errors.Is(err, actors.ErrActorDied) {
		return "died"
	}
	t.ErrorIs("the error of a call made while its actor died", err, nil)
	return fmt.Sprint(value)
}

// diary is an actor for explored tests that counts its calls.
type diary struct{ begun *atomic.Int64 }

// Call works for two seconds.
func (d *diary) Call(word string, _ []any) (any, error) {
	d.begun.Add(1)
	time.Sleep(2 * sec)
	return word, nil
}

// TestDeadAreIdle checks that an actor whose node has died under a call begins no other one that has arrived before.
func TestDeadAreIdle(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		net := atOnce()
		c := actors.New(net)
		var begun atomic.Int64
		a := c.Actor("a", 0, func() actors.Actor { return &diary{&begun} })
		time.Sleep(time.Millisecond) // until all that was started waits
		b := a.Share()
		x, y, z := a.Call("x"), a.Call("y"), b.Call("z")
		time.Sleep(sec)
		net.Kill("a")
		for _, r := range []*ref{x, y, z} {
			gives(t, "a call of an actor that died while it ran one and two waited", r, nil, actors.ErrActorDied)
		}
		time.Sleep(8 * sec)
		c.Shutdown()
		t.Equal("how many calls were begun of three, of which the actor was running the first when it died", begun.Load(), int64(1))
	})
}

// TestCallBesideTheEnd checks that a call made just when its actor dies for good has a result or fails, and nobody waits for ever.
func TestCallBesideTheEnd(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		net := atOnce()
		c := actors.New(net)
		a := c.Actor("a", 0, newScribe)
		time.Sleep(time.Millisecond) // until all that was started waits
		x := a.Call("x")
		net.Kill("a")
		if got := outcome(t, x); got != "x" && got != "died" {
			t.Errorf("x was called just when the actor died for good: the result is %s", got)
		}
		c.Shutdown()
	})
}

// TestShutdownBesideAll checks that a shutdown in the midst of a death and a call leaves no node up and nobody waiting.
func TestShutdownBesideAll(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		net := atOnce()
		c := actors.New(net)
		a := c.Actor("a", -1, newScribe)
		var x *ref
		together(func() { x = a.Call("x") }, func() { net.Kill("a") }, c.Shutdown)
		if got := outcome(t, x); got != "x" && got != "died" {
			t.Errorf("x was called while the cluster was shut down: the result is %s", got)
		}
		gives(t, "a call after Shutdown", a.Call("y"), nil, actors.ErrActorDied)
	})
}

// TestWaitMissesNothing checks that Wait learns of references that get ready just when it begins to wait, and of each once.
func TestWaitMissesNothing(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		refs := []*ref{actors.NewRef(), actors.NewRef()}
		var ready, notReady []*ref
		together(
			func() { ready, notReady, _ = actors.Wait(refs, 1, forever) },
			func() { refs[0].Set(0, nil) },
			func() { refs[1].Set(1, nil) },
		)
		got := fmt.Sprint(indices(refs, ready), indices(refs, notReady))
		if got != "[0] [1]" && got != "[1] [0]" {
			t.Errorf("Wait for 1 of two refs that get ready just then: ready and not ready are %s", got)
		}
	})
}
