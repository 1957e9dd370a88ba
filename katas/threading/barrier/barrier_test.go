package barrier_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/threading/barrier"
)

// errBoom is what an action returns that fails.
var errBoom = errors.New("boom")

// odd is a time that nobody who looks in regular steps hits.
const odd = 2*time.Second + 7

// forever is the timeout of barriers that know none.
const forever = barrier.Forever

// newBarrier is a barrier, or the end of the test.
func newBarrier(t *lab.T, parties int, action func() error, timeout time.Duration) *barrier.Barrier {
	t.Helper()
	b, err := barrier.New(parties, action, timeout)
	if !t.ErrorIs(fmt.Sprintf("the error of New(%d, …)", parties), err, nil) || b == nil {
		t.Fatalf("New(%d, …) must return a barrier", parties)
	}
	return b
}

// party is one call of Wait or WaitTimeout and how it came back.
type party struct {
	name  string
	index int
	err   error
	at    time.Duration
	back  atomic.Bool
}

// scene is a barrier, everybody who comes to it, and the clock, which stands at zero when the scene begins.
type scene struct {
	t     *lab.T
	start time.Time
	all   sync.WaitGroup
}

func begin(t *lab.T) *scene { return &scene{t: t, start: time.Now()} }

// comes makes a call in a goroutine of its own.
func (s *scene) comes(name string, wait func() (int, error)) *party {
	p := &party{name: name}
	s.all.Go(func() {
		defer s.t.Timeline().Start(name)()
		p.index, p.err = wait()
		p.at = s.now()
		p.back.Store(true)
	})
	return p
}

// spell writes a timeout as the learner would.
func spell(timeout time.Duration) string {
	if timeout == forever {
		return "Forever"
	}
	return timeout.String()
}

// within is WaitTimeout with its timeout.
func within(b *barrier.Barrier, timeout time.Duration) func() (int, error) {
	return func() (int, error) { return b.WaitTimeout(timeout) }
}

func (s *scene) now() time.Duration { return time.Since(s.start) }

// at lets time go on to that moment, and everybody come as far as they get.
func (s *scene) at(moment time.Duration) {
	time.Sleep(moment - s.now())
	synctest.Wait()
}

// pass holds the parties to have met: each with an index of its own, all at that moment.
func (s *scene) pass(story string, moment time.Duration, parties ...*party) {
	s.t.Helper()
	s.all.Wait()
	indices := make([]int, 0, len(parties))
	for _, p := range parties {
		if !s.t.ErrorIs(story+", the error of "+p.name, p.err, nil) {
			return
		}
		indices = append(indices, p.index)
	}
	slices.Sort(indices)
	s.t.Equal(story+", the indices of all parties, sorted", indices, upTo(len(parties)))
	s.cameBack(story, moment, parties)
}

// broken holds the parties to have been told, at that moment, that the barrier is broken.
func (s *scene) broken(story string, moment time.Duration, parties ...*party) {
	s.t.Helper()
	s.all.Wait()
	for _, p := range parties {
		s.t.ErrorIs(story+", the error of "+p.name, p.err, barrier.ErrBrokenBarrier)
		s.t.Equal(story+", the index of "+p.name+", which got an error", p.index, -1)
	}
	s.cameBack(story, moment, parties)
}

// failed holds one of the parties to have got that very error of its action, and the others to have been told that the
// barrier is broken.
func (s *scene) failed(story string, moment time.Duration, failure error, parties ...*party) {
	s.t.Helper()
	s.all.Wait()
	ran := slices.IndexFunc(parties, func(p *party) bool { return p.err == failure })
	if !s.t.True(story+": one of the parties gets the very error that the action returned", ran >= 0) {
		return
	}
	s.t.Equal(story+", the index of who got the action's error", parties[ran].index, -1)
	s.cameBack(story, moment, parties)
	s.broken(story, moment, slices.Delete(slices.Clone(parties), ran, ran+1)...)
}

// cameBack holds the moment at which the parties came back.
func (s *scene) cameBack(story string, moment time.Duration, parties []*party) {
	s.t.Helper()
	for _, p := range parties {
		if p.at != moment {
			s.t.Timing(fmt.Sprintf("%s, %s came back %s", story, p.name, earlyOrLate(p.at, moment)), moment.String(), p.at.String())
		}
	}
}

func earlyOrLate(at, moment time.Duration) string {
	if at < moment {
		return "too early"
	}
	return "too late"
}

// upTo is 0 to n-1.
func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// looks holds what the barrier tells of itself.
func looks(t *lab.T, when string, b *barrier.Barrier, waiting int, broken bool) {
	t.Helper()
	t.Equal(when+", NWaiting()", b.NWaiting(), waiting)
	t.Equal(when+", Broken()", b.Broken(), broken)
}

// meets holds two parties to be able to meet at a barrier of two.
func meets(s *scene, when string, b *barrier.Barrier) {
	s.t.Helper()
	looks(s.t, when, b, 0, false)
	now := s.now()
	one, two := s.comes("one", b.Wait), s.comes("another", b.Wait)
	s.pass(when+", two parties at a barrier of two", now, one, two)
	looks(s.t, when+", and two parties have met", b, 0, false)
}

// refuses holds every call to be turned away at once.
func refuses(t *lab.T, when string, b *barrier.Barrier) {
	t.Helper()
	looks(t, when, b, 0, true)
	start := time.Now()
	for _, timeout := range []time.Duration{forever, time.Hour, 0, -1} {
		index, err := b.WaitTimeout(timeout)
		what := fmt.Sprintf("%s, WaitTimeout(%s)", when, spell(timeout))
		if !t.ErrorIs(what, err, barrier.ErrBrokenBarrier) {
			return
		}
		t.Equal(what+", which got an error: the index", index, -1)
	}
	_, err := b.Wait()
	t.ErrorIs(when+", Wait()", err, barrier.ErrBrokenBarrier)
	if took := time.Since(start); took > 0 {
		t.Timing(when+", Wait must not wait", "0s", took.String())
	}
	looks(t, when+", and more have come", b, 0, true)
}

// TestErrors checks that the two errors of the package can be told apart.
func TestErrors(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		a, b := barrier.ErrBrokenBarrier, barrier.ErrValue
		t.True("ErrBrokenBarrier and ErrValue are errors, and not nil", a != nil && b != nil)
		t.True("errors.Is tells ErrBrokenBarrier from ErrValue", !errors.Is(a, b) && !errors.Is(b, a))
	})
}

// TestNew checks that a barrier has one party or more, and that nobody waits at a new one.
func TestNew(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, parties := range []int{0, -1, -100} {
			b, err := barrier.New(parties, nil, forever)
			t.ErrorIs(fmt.Sprintf("the error of New(%d, …)", parties), err, barrier.ErrValue)
			t.True(fmt.Sprintf("New(%d, …) returns no barrier, but nil", parties), b == nil)
		}
		for _, parties := range []int{1, 2, 100} {
			b := newBarrier(t, parties, nil, forever)
			t.Equal(fmt.Sprintf("Parties() after New(%d, …)", parties), b.Parties(), parties)
			looks(t, fmt.Sprintf("after New(%d, …)", parties), b, 0, false)
		}
	})
}

// TestOneParty checks that a barrier of one lets everybody pass at once, whatever the timeout, and runs its action each
// time.
func TestOneParty(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, timeout := range []time.Duration{forever, time.Second, 0, -1} {
			actions := 0
			b := newBarrier(t, 1, func() error { actions++; return nil }, timeout)
			for round := range 20 { // a select between two ready channels would have to toss heads twenty times
				s := begin(t)
				wait := b.Wait
				if round%2 == 0 {
					wait = within(b, timeout)
				}
				p := s.comes("the only party", wait)
				s.pass(fmt.Sprintf("at a barrier of one, with a timeout of %s", spell(timeout)), 0, p)
				if t.Failed() {
					return
				}
				t.Equal("how often the action of a barrier of one has run", actions, round+1)
				looks(t, "after the only party has passed", b, 0, false)
			}
			b.Abort()
			refuses(t, "after Abort() on a barrier of one", b)
			t.Equal("how often the action of a barrier of one has run, after Abort()", actions, 20)
			b.Reset()
			s := begin(t)
			s.pass("after Reset() on a barrier of one", 0, s.comes("the only party", b.Wait))
		}
	})
}

// TestAllWaitForTheLast checks that nobody passes before the last party has come, that all pass then, each with an index
// of its own, and that NWaiting counts those who wait.
func TestAllWaitForTheLast(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := begin(t)
		b := newBarrier(t, 4, nil, forever)
		var parties []*party
		for i := range 3 {
			s.at(time.Duration(i) * time.Second)
			looks(t, fmt.Sprintf("after %d of 4 have come", i), b, i, false)
			parties = append(parties, s.comes(fmt.Sprintf("party %d", i), b.Wait))
		}
		s.at(3 * odd)
		for _, p := range parties {
			t.True("three of four parties have come, and "+p.name+" still waits", !p.back.Load())
		}
		looks(t, "after 3 of 4 have come", b, 3, false)
		parties = append(parties, s.comes("the last party", b.Wait))
		s.pass("four parties, the last of which comes after 6.000000021s", 3*odd, parties...)
		looks(t, "after all have passed", b, 0, false)
		t.Equal("Parties() after all have passed", b.Parties(), 4)
	})
}

// TestRoundAfterRound checks that the same parties can meet again and again, and wait for the slowest each time.
func TestRoundAfterRound(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const parties, rounds = 3, 7
		s := begin(t)
		b := newBarrier(t, parties, nil, forever)
		var told [rounds][parties]party
		for p := range parties {
			s.all.Go(func() {
				for r := range rounds {
					time.Sleep(time.Duration((p+r)%parties+1) * time.Second) // another one is slowest each time
					mine := &told[r][p]
					mine.name = fmt.Sprintf("party %d", p)
					end := t.Timeline().Start(mine.name)
					mine.index, mine.err = b.Wait()
					end()
					mine.at = s.now()
				}
			})
		}
		s.all.Wait()
		for r := range rounds {
			due := time.Duration(r+1) * parties * time.Second
			s.pass(fmt.Sprintf("in round %d of three parties", r+1), due, &told[r][0], &told[r][1], &told[r][2])
			if t.Failed() {
				return // what comes later follows from it
			}
		}
		looks(t, "after seven rounds", b, 0, false)
	})
}

// TestMoreThanParties checks that more callers than parties, one after another, make up several rounds, and that who is
// left over waits.
func TestMoreThanParties(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := begin(t)
		b := newBarrier(t, 3, nil, forever)
		var callers []*party
		for i := range 10 {
			callers = append(callers, s.comes(fmt.Sprintf("caller %d", i), b.Wait))
			s.at(time.Duration(i) * time.Second)
		}
		count, indices := 0, []int{}
		for _, p := range callers {
			if p.back.Load() {
				count++
				indices = append(indices, p.index)
				t.ErrorIs("ten callers at a barrier of three, the error of one that came back", p.err, nil)
			}
		}
		slices.Sort(indices)
		t.Equal("how many of ten callers pass a barrier of three", count, 9)
		t.Equal("the indices of nine callers at a barrier of three, sorted", indices, []int{0, 0, 0, 1, 1, 1, 2, 2, 2})
		looks(t, "after ten callers at a barrier of three", b, 1, false)
		s.comes("caller 10", b.Wait)
		s.comes("caller 11", b.Wait)
		s.all.Wait()
		looks(t, "after twelve callers at a barrier of three", b, 0, false)
	})
}

// TestManyParties checks that a barrier of sixty works as one of two.
func TestManyParties(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const many = 60
		s := begin(t)
		b := newBarrier(t, many, nil, forever)
		for round := range 2 {
			moment := time.Duration(round+1) * time.Second
			var parties []*party
			for i := range many - 1 {
				parties = append(parties, s.comes(fmt.Sprintf("party %d", i), b.Wait))
			}
			s.at(moment)
			looks(t, "after 59 of 60 have come", b, many-1, false)
			parties = append(parties, s.comes("the last party", b.Wait))
			s.pass("sixty parties", moment, parties...)
			if t.Failed() {
				return
			}
		}
	})
}

// TestBarrierOrdersMemory checks that what a party did before the barrier is there for the action and, after the
// barrier, for all.
func TestBarrierOrdersMemory(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const parties, rounds = 3, 4
		// Plain variables: nothing but the barrier orders what the parties do to them.
		var cells [parties]int
		var sum int
		b := newBarrier(t, parties, func() error {
			sum = 0
			for _, c := range cells {
				sum += c
			}
			return nil
		}, forever)
		var all sync.WaitGroup
		for p := range parties {
			all.Go(func() {
				for r := range rounds {
					lag := time.Duration((p+r)%parties+1) * time.Second // another one is last each time
					time.Sleep(lag)
					cells[p] = r + 1
					if _, err := b.Wait(); !t.ErrorIs("the error of a party", err, nil) {
						return
					}
					seen, summed := cells, sum
					time.Sleep(lag)
					if _, err := b.Wait(); !t.ErrorIs("the error of a party", err, nil) { // all have looked before anybody writes again
						return
					}
					t.Equal("what a party sees of the others' work after the barrier", seen, [parties]int{r + 1, r + 1, r + 1})
					t.Equal("what the action saw of the parties' work", summed, parties*(r+1))
				}
			})
		}
		all.Wait()
	})
}

// TestAction checks that the action runs once in each round, after the last party has come and before anybody passes.
func TestAction(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := begin(t)
		var actions, running atomic.Int32
		b := newBarrier(t, 3, func() error {
			actions.Add(1)
			t.Equal("how many actions run at the same time", int(running.Add(1)), 1)
			time.Sleep(time.Minute)
			running.Add(-1)
			return nil
		}, forever)
		for round := range 3 {
			begun := s.now()
			one, two := s.comes("one", b.Wait), s.comes("two", b.Wait)
			s.at(begun + odd)
			t.Equal(fmt.Sprintf("in round %d with one party missing, how often the action has run in all", round+1), int(actions.Load()), round)
			three := s.comes("three", b.Wait)
			story := fmt.Sprintf("in round %d, whose action takes a minute from the last arrival on", round+1)
			s.pass(story, begun+odd+time.Minute, one, two, three)
			t.Equal(story+", how often it has run in all", int(actions.Load()), round+1)
			if t.Failed() {
				return
			}
		}
	})
}

// TestActionAsks checks that the action may ask the barrier how many wait, which is all parties, and others may ask
// while it runs.
func TestActionAsks(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := begin(t)
		var b *barrier.Barrier
		b = newBarrier(t, 3, func() error {
			t.Equal("in the action, Parties()", b.Parties(), 3)
			looks(t, "in the action", b, 3, false)
			time.Sleep(time.Minute)
			looks(t, "in the action, a minute later", b, 3, false)
			return nil
		}, forever)
		for range 2 {
			now := s.now()
			one, two, three := s.comes("one", b.Wait), s.comes("two", b.Wait), s.comes("three", b.Wait)
			s.at(now + time.Second)
			t.Takes("Parties(), NWaiting() and Broken() while the action runs", lab.Exactly(0), func() {
				t.Equal("while the action runs, Parties()", b.Parties(), 3)
				looks(t, "while the action runs", b, 3, false)
			})
			s.pass("three parties, and an action that asks the barrier", now+time.Minute, one, two, three)
			looks(t, "after an action that asked the barrier", b, 0, false)
		}
	})
}

// TestActionFails checks that an action that returns an error breaks the barrier: who ran it gets that very error, the
// others are told that the barrier is broken.
func TestActionFails(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, parties := range []int{1, 2, 4} {
			for _, failing := range []int{1, 2} {
				actions := 0
				b := newBarrier(t, parties, func() error {
					if actions++; actions == failing {
						return errBoom
					}
					return nil
				}, forever)
				for round := 1; round <= 3; round++ {
					story := fmt.Sprintf("in round %d of %d, of a barrier of %d whose action fails in round %d", round, 3, parties, failing)
					s := begin(t)
					var all []*party
					for i := range parties {
						all = append(all, s.comes(fmt.Sprintf("party %d", i), b.Wait))
					}
					if round != failing {
						s.pass(story, 0, all...)
						looks(t, story+", when all have passed", b, 0, false)
						continue
					}
					s.failed(story, 0, errBoom, all...)
					refuses(t, story, b)
					t.Equal(story+", how often the action has run", actions, round)
					b.Reset()
					looks(t, story+", and Reset()", b, 0, false)
				}
				if t.Failed() {
					return
				}
			}
		}
	})
}

// TestActionPanics checks that the panic of an action goes on in the party that ran it, and that the barrier is broken
// for all others and not locked up.
func TestActionPanics(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := begin(t)
		panics := true
		b := newBarrier(t, 3, func() error {
			time.Sleep(time.Second)
			if panics {
				panic(errBoom)
			}
			return nil
		}, forever)
		var recovered [3]any
		var parties []*party
		for i := range recovered {
			parties = append(parties, s.comes(fmt.Sprintf("party %d", i), func() (index int, err error) {
				defer func() { recovered[i] = recover() }()
				return b.Wait()
			}))
		}
		s.all.Wait()
		var others []*party
		for i, p := range parties {
			if recovered[i] == nil {
				others = append(others, p)
				continue
			}
			t.Equal("the value that the panic of an action has in the party that ran it", recovered[i], any(errBoom))
		}
		t.Equal("how many of three parties panic because the action does", 3-len(others), 1)
		s.broken("three parties, and an action that panics in one of them after a second", time.Second, others...)
		refuses(t, "after an action that panicked", b)
		panics = false
		b.Reset()
		looks(t, "after an action that panicked, and Reset()", b, 0, false)
		now := s.now()
		one, two, three := s.comes("one", b.Wait), s.comes("two", b.Wait), s.comes("three", b.Wait)
		s.pass("after an action that panicked, and Reset(), three parties", now+time.Second, one, two, three)
	})
}

// TestTimeout checks that the first timeout that runs out breaks the barrier for all who wait, at that moment, counted
// from when its own call came.
func TestTimeout(t *testing.T) {
	cases := []struct {
		story         string
		first, second time.Duration // the timeouts of two calls, the second of which comes after a second
		due           time.Duration
	}{
		{"timeouts of 2.000000007s and, a second later, an hour", odd, time.Hour, odd},
		{"timeouts of an hour and, a second later, 2.000000007s", time.Hour, odd, time.Second + odd},
		{"no timeout and, a second later, one of 2.000000007s", forever, odd, time.Second + odd},
		{"timeouts of 5s and, a second later, 5s", 5 * time.Second, 5 * time.Second, 5 * time.Second},
		{"timeouts of 5s and, a second later, 4s", 5 * time.Second, 4 * time.Second, 5 * time.Second},
		{"a timeout of an hour and, a second later, 0s", time.Hour, 0, time.Second},
		{"no timeout and, a second later, one of -1h", forever, -time.Hour, time.Second},
	}
	lab.Virtual(t, func(t *lab.T) {
		for _, c := range cases {
			s := begin(t)
			actions := 0
			b := newBarrier(t, 4, func() error { actions++; return nil }, forever)
			one := s.comes("who comes first", within(b, c.first))
			two := s.comes("who waits without a timeout", b.Wait)
			s.at(time.Second)
			looks(t, "two of four with "+c.story+", before the second", b, 2, false)
			three := s.comes("who comes a second later", within(b, c.second))
			s.broken("three of four with "+c.story, c.due, one, two, three)
			refuses(t, "after a timeout", b)
			t.Equal("how often the action runs, when somebody is missing", actions, 0)
		}
	})
}

// TestWithoutWaiting checks that a timeout of zero or less breaks the barrier at once, save for the last party, which
// passes.
func TestWithoutWaiting(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, timeout := range []time.Duration{0, -1, -time.Hour} {
			s := begin(t)
			b := newBarrier(t, 2, nil, forever)
			for range 20 { // a select between two ready channels would have to toss heads twenty times
				one := s.comes("who waits", b.Wait)
				synctest.Wait()
				last := s.comes(fmt.Sprintf("the last one, with WaitTimeout(%v)", timeout), within(b, timeout))
				s.pass("two at a barrier of two", 0, one, last)
				if t.Failed() {
					return
				}
			}
			only := s.comes(fmt.Sprintf("WaitTimeout(%v)", timeout), within(b, timeout))
			s.broken("alone at a barrier of two", 0, only)
			refuses(t, fmt.Sprintf("after WaitTimeout(%v) alone at a barrier of two", timeout), b)
		}
	})
}

// TestDefaultTimeout checks that Wait waits for the timeout given to New, and WaitTimeout for its own, longer or
// shorter.
func TestDefaultTimeout(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, timeout := range []time.Duration{odd, 0, -1, time.Minute} {
			wait := fmt.Sprintf("Wait() alone, after New(2, nil, %v)", timeout)
			s := begin(t)
			b := newBarrier(t, 2, nil, timeout)
			s.broken(wait, max(timeout, 0), s.comes("it", b.Wait))
			for _, own := range []time.Duration{time.Second, 2 * time.Minute} {
				b.Reset()
				now := s.now()
				s.broken(fmt.Sprintf("WaitTimeout(%v) alone, after New(2, nil, %v)", own, timeout), now+own, s.comes("it", within(b, own)))
			}
			b.Reset()
			again := s.now()
			s.broken(wait+", and WaitTimeout before it", again+max(timeout, 0), s.comes("it", b.Wait))
			b.Reset()
			now := s.now()
			one := s.comes("who waits for an hour at the most", within(b, time.Hour))
			s.at(now + time.Minute)
			s.pass(fmt.Sprintf("after New(2, nil, %v)", timeout), now+time.Minute, one, s.comes("the last, with Wait()", b.Wait))
		}
		s := begin(t)
		b := newBarrier(t, 2, nil, forever)
		one := s.comes("the first", b.Wait)
		s.at(5 * time.Minute)
		s.pass("after New(2, nil, Forever)", 5*time.Minute, one, s.comes("the last, five minutes later", b.Wait))
	})
}

// TestTimeoutEndsWithItsCall checks that the timeout of a call that came back, in whatever way, does not break the
// barrier for those who come later, and leaves nothing behind.
func TestTimeoutEndsWithItsCall(t *testing.T) {
	over := []struct {
		story string
		end   func(s *scene, b *barrier.Barrier)
	}{
		{"passed", func(s *scene, b *barrier.Barrier) { s.comes("who makes it pass", within(b, 20*time.Second)) }},
		{"was reset", func(_ *scene, b *barrier.Barrier) { b.Reset() }},
		{"was aborted, and the barrier reset", func(_ *scene, b *barrier.Barrier) { b.Abort(); b.Reset() }},
	}
	lab.Virtual(t, func(t *lab.T) {
		for _, o := range over {
			s := begin(t)
			b := newBarrier(t, 2, nil, forever)
			s.comes("who waits for 20s at the most", within(b, 20*time.Second))
			synctest.Wait()
			o.end(s, b)
			s.at(time.Second)
			one := s.comes("who comes a second later", b.Wait)
			s.at(time.Minute)
			looks(t, "a minute after a call with a timeout of 20s "+o.story, b, 1, false)
			s.pass("after a call with a timeout of 20s "+o.story, time.Minute, one, s.comes("who comes after a minute", b.Wait))
		}
		// Nothing that still waits or sleeps may be left of these two.
		for _, timeout := range []time.Duration{time.Hour, forever} {
			b := newBarrier(t, 2, nil, timeout)
			s := begin(t)
			one := s.comes("one", b.Wait)
			s.pass(fmt.Sprintf("two with a timeout of %s", spell(timeout)), 0, one, s.comes("another", b.Wait))
		}
	})
}

// TestAbort checks that Abort breaks the barrier, for those who wait and for those who come, whether anybody waits or
// not.
func TestAbort(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for waiting := range 3 {
			s := begin(t)
			actions := 0
			b := newBarrier(t, 3, func() error { actions++; return nil }, time.Hour)
			var parties []*party
			for i := range waiting {
				parties = append(parties, s.comes(fmt.Sprintf("party %d", i), b.Wait))
			}
			s.at(odd)
			b.Abort()
			story := fmt.Sprintf("after Abort() with %d of 3 waiting", waiting)
			looks(t, story, b, 0, true)
			s.broken(story, odd, parties...)
			refuses(t, story, b)
			b.Abort()
			refuses(t, story+", and Abort() again", b)
			t.Equal("how often the action runs at a barrier that is aborted", actions, 0)
		}
	})
}

// TestBrokenUntilReset checks that a barrier that was broken, in whatever way, stays so however many come and however
// long one waits, until Reset.
func TestBrokenUntilReset(t *testing.T) {
	ways := []struct {
		name string
		in   func(b *barrier.Barrier)
	}{
		{"a timeout", func(b *barrier.Barrier) { b.WaitTimeout(time.Second) }},
		{"WaitTimeout(0)", func(b *barrier.Barrier) { b.WaitTimeout(0) }},
		{"Abort()", func(b *barrier.Barrier) { b.Abort() }},
	}
	lab.Virtual(t, func(t *lab.T) {
		for _, way := range ways {
			s := begin(t)
			actions := 0
			b := newBarrier(t, 2, func() error { actions++; return nil }, forever)
			for round := range 3 {
				way.in(b)
				refuses(t, "after "+way.name, b)
				time.Sleep(time.Hour)
				refuses(t, "an hour after "+way.name, b)
				now := s.now()
				one, two := s.comes("one", b.Wait), s.comes("another", b.Wait)
				s.broken("an hour after "+way.name+", two parties at a barrier of two", now, one, two)
				b.Reset()
				meets(s, "after "+way.name+" and Reset()", b)
				t.Equal("how often the action has run, in as many rounds as came about", actions, round+1)
			}
		}
	})
}

// TestReset checks that Reset sends away those who wait, and that the barrier is as good as new for whoever comes then,
// also at that same moment.
func TestReset(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for waiting := range 3 {
			for resets, name := range []string{"Reset()", "Reset() and Reset()"} {
				s := begin(t)
				b := newBarrier(t, 3, nil, forever)
				var before, after []*party
				for i := range waiting {
					before = append(before, s.comes(fmt.Sprintf("party %d", i), b.Wait))
				}
				s.at(odd)
				for range resets + 1 {
					b.Reset()
				}
				story := fmt.Sprintf("after %s with %d of 3 waiting", name, waiting)
				looks(t, story, b, 0, false)
				// Nobody has come back yet: the next round begins all the same.
				for i := range 2 {
					after = append(after, s.comes(fmt.Sprintf("newcomer %d", i), b.Wait))
				}
				s.at(odd + time.Second)
				looks(t, story+", and two newcomers", b, 2, false)
				after = append(after, s.comes("the last newcomer", b.Wait))
				s.all.Wait()
				s.broken(story, odd, before...)
				s.pass(story, odd+time.Second, after...)
				looks(t, story+", and three newcomers have passed", b, 0, false)
			}
		}
	})
}

// TestAbortThenReset checks that those who wait are told that the barrier is broken even where it is reset, or reset and
// aborted, before they have come back.
func TestAbortThenReset(t *testing.T) {
	stories := []struct {
		name   string
		in     func(b *barrier.Barrier)
		broken bool
	}{
		{"Abort() and Reset()", func(b *barrier.Barrier) { b.Abort(); b.Reset() }, false},
		{"Abort(), Reset() and Reset()", func(b *barrier.Barrier) { b.Abort(); b.Reset(); b.Reset() }, false},
		{"Reset() and Abort()", func(b *barrier.Barrier) { b.Reset(); b.Abort() }, true},
		{"Reset(), Abort() and Reset()", func(b *barrier.Barrier) { b.Reset(); b.Abort(); b.Reset() }, false},
	}
	lab.Virtual(t, func(t *lab.T) {
		for _, story := range stories {
			s := begin(t)
			b := newBarrier(t, 3, nil, forever)
			one, two := s.comes("one who waited", b.Wait), s.comes("another who waited", b.Wait)
			s.at(odd)
			story.in(b)
			looks(t, "after "+story.name, b, 0, story.broken)
			s.broken("after "+story.name, odd, one, two)
			looks(t, "after "+story.name+", when those who waited have come back", b, 0, story.broken)
			b.Reset()
			three, four, five := s.comes("one", b.Wait), s.comes("two", b.Wait), s.comes("three", b.Wait)
			s.pass("after "+story.name+" and Reset(), three newcomers", odd, three, four, five)
		}
	})
}

// TestArrivalDuringAction checks that who comes while the action runs belongs to the next round, which begins when the
// action is over.
func TestArrivalDuringAction(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := begin(t)
		b := newBarrier(t, 2, func() error { time.Sleep(10 * time.Second); return nil }, forever)
		one, two := s.comes("one", b.Wait), s.comes("two", b.Wait)
		s.at(5 * time.Second)
		early := s.comes("who comes while the action runs", b.Wait)
		s.at(6 * time.Second)
		looks(t, "while the action of a barrier of two runs, and a third has come", b, 2, false)
		s.at(20 * time.Second)
		looks(t, "after the action, with one who came while it ran", b, 1, false)
		late := s.comes("who comes after it", b.Wait)
		s.all.Wait()
		s.pass("two parties, and an action of 10s", 10*time.Second, one, two)
		s.pass("the two who come during the action and after it, and have an action of 10s too", 30*time.Second, early, late)

	})
}

// TestManyArriveDuringAction checks that those who come while the action runs fill the next rounds one after another,
// and that actions never overlap.
func TestManyArriveDuringAction(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, parties := range []int{1, 2} {
			s := begin(t)
			var running atomic.Int32
			b := newBarrier(t, parties, func() error {
				t.Equal("how many actions of a barrier run at the same time", int(running.Add(1)), 1)
				time.Sleep(10 * time.Second)
				running.Add(-1)
				return nil
			}, forever)
			var all []*party
			for i := range 3 * parties {
				if i == parties {
					s.at(5 * time.Second)
				}
				all = append(all, s.comes(fmt.Sprintf("caller %d", i), b.Wait))
			}
			s.all.Wait()
			slices.SortStableFunc(all, func(a, b *party) int { return cmp.Compare(a.at, b.at) })
			for round := range 3 {
				story := fmt.Sprintf("round %d of a barrier of %d whose action takes 10s, with all callers there since the first", round+1, parties)
				s.pass(story, time.Duration(round+1)*10*time.Second, all[round*parties:(round+1)*parties]...)
			}
			looks(t, "after three rounds", b, 0, false)
		}
	})
}

// TestTimeoutDuringAction checks that no timeout breaks a round in which all have arrived, and that the timeout of who
// comes while the action runs begins when the action is over.
func TestTimeoutDuringAction(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, own := range []time.Duration{0, odd, 7 * time.Second} {
			s := begin(t)
			b := newBarrier(t, 3, func() error { time.Sleep(10 * time.Second); return nil }, 4*time.Second)
			one := s.comes("one, with a timeout of 2s", within(b, 2*time.Second))
			two := s.comes("two, with the barrier's timeout of 4s", b.Wait)
			s.at(time.Second)
			three := s.comes("the last, with no time to wait", within(b, 0))
			s.at(5 * time.Second)
			looks(t, "while an action runs longer than all timeouts", b, 3, false)
			late := s.comes(fmt.Sprintf("who comes while the action runs, with a timeout of %v", own), within(b, own))
			s.at(11*time.Second - 1)
			looks(t, "while an action runs longer than all timeouts, and one more has come", b, 3, false)
			s.all.Wait()
			s.pass("three parties, the last after 1s, and an action of 10s", 11*time.Second, one, two, three)
			s.broken("three parties, the last after 1s, and an action of 10s", 11*time.Second+own, late)
			refuses(t, "after a timeout in the next round", b)
		}
	})
}

// TestAbortAndResetDuringAction checks that Abort and Reset wait while the action runs, that Abort breaks the barrier
// then, and that Reset does the full round no harm.
func TestAbortAndResetDuringAction(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, failure := range []error{nil, errBoom} {
			for _, aborts := range []bool{true, false} {
				s := begin(t)
				b := newBarrier(t, 2, func() error { time.Sleep(10 * time.Second); return failure }, forever)
				name, call := "Reset()", b.Reset
				if aborts {
					name, call = "Abort()", b.Abort
				}
				story := fmt.Sprintf("%s called in the middle of an action of 10s that returns %v", name, failure)
				one, two := s.comes("one", b.Wait), s.comes("two", b.Wait)
				s.at(5 * time.Second)
				caller := s.comes(name, func() (int, error) { call(); return 0, nil })
				s.at(6 * time.Second)
				looks(t, story, b, 2, false)
				s.all.Wait()
				looks(t, story+", when all are back", b, 0, aborts)
				s.cameBack(story, 10*time.Second, []*party{one, two, caller})
				switch {
				case failure == nil && !aborts:
					s.pass(story, 10*time.Second, one, two)
				case failure == nil:
					for _, p := range []*party{one, two} {
						if p.err != nil {
							t.ErrorIs(story+", the error of a party that has not passed", p.err, barrier.ErrBrokenBarrier)
						}
					}
				default:
					s.failed(story, 10*time.Second, failure, one, two)
				}
			}
		}
	})
}

// TestArrivalDuringFailingAction checks that who comes while an action runs that fails finds the barrier broken.
func TestArrivalDuringFailingAction(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := begin(t)
		b := newBarrier(t, 2, func() error { time.Sleep(10 * time.Second); return errBoom }, forever)
		s.comes("one", b.Wait)
		s.comes("two", b.Wait)
		s.at(5 * time.Second)
		three, four := s.comes("one who comes while the action runs", b.Wait), s.comes("another", within(b, time.Second))
		s.broken("two parties, and an action that fails after 10s", 10*time.Second, three, four)
		refuses(t, "after an action that failed", b)
	})
}

// TestBarriersAreApart checks that what happens to one barrier is nothing to another, and that an action may use
// another barrier.
func TestBarriersAreApart(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := begin(t)
		a, c := newBarrier(t, 2, nil, forever), newBarrier(t, 3, nil, forever)
		b := newBarrier(t, 2, func() error { a.Abort(); _, err := c.Wait(); return err }, forever)
		one, two := s.comes("one", c.Wait), s.comes("another", c.Wait)
		s.at(time.Second)
		looks(t, "on a barrier of two at which nobody waits", a, 0, false)
		looks(t, "on a barrier of three at which two wait", c, 2, false)
		three, four := s.comes("three", b.Wait), s.comes("four", b.Wait)
		s.all.Wait()
		s.pass("two parties, and an action that aborts one barrier and waits at another", time.Second, three, four)
		looks(t, "after somebody else's action has called Abort()", a, 0, true)
		looks(t, "after that action", b, 0, false)
		looks(t, "after that action", c, 0, false)
		for _, p := range []*party{one, two} {
			t.ErrorIs("the error of who waited at the barrier at which the action of another one waits", p.err, nil)
		}
	})
}

// TestNoRace checks that every method may be called at the same time as every other.
func TestNoRace(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		states := []func(b *barrier.Barrier){
			func(*barrier.Barrier) {},
			func(b *barrier.Barrier) { b.Abort() },
		}
		for _, state := range states {
			b := newBarrier(t, 2, func() error { return nil }, forever)
			state(b)
			// Each method in a goroutine of its own and twice: nothing but the barrier itself orders them.
			var all sync.WaitGroup
			for range 2 {
				all.Go(func() { b.Parties() })
				all.Go(func() { b.NWaiting() })
				all.Go(func() { b.Broken() })
				all.Go(func() { b.WaitTimeout(time.Second) })
				all.Go(func() { b.WaitTimeout(0) })
				all.Go(func() { b.Reset() })
				all.Go(func() { b.Abort() })
			}
			all.Wait()
		}
	})
}

// rounds has each of the parties come to the barrier so many times, and holds them to it: nobody may pass in a round in
// which not all have arrived, and each has an index of its own.
func rounds(t *lab.T, b *barrier.Barrier, parties, rounds int) {
	t.Helper()
	arrived := make([]atomic.Int32, rounds)
	indices := make([][]int, rounds)
	for r := range indices {
		indices[r] = make([]int, parties)
	}
	var all sync.WaitGroup
	for p := range parties {
		all.Go(func() {
			for r := range rounds {
				arrived[r].Add(1)
				index, err := b.Wait()
				t.ErrorIs(fmt.Sprintf("the error of a party in round %d", r+1), err, nil)
				t.Equal(fmt.Sprintf("when a party passes in round %d, how many have arrived for it", r+1), int(arrived[r].Load()), parties)
				indices[r][p] = index
			}
		})
	}
	all.Wait()
	for r := range indices {
		slices.Sort(indices[r])
		t.Equal(fmt.Sprintf("the indices in round %d, sorted", r+1), indices[r], upTo(parties))
	}
	looks(t, "after all rounds", b, 0, false)
}

// TestNobodyIsARoundAhead checks that a fast party that comes round again does not slip into the round that the slow
// one has not left.
func TestNobodyIsARoundAhead(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		rounds(t, newBarrier(t, 2, nil, forever), 2, 2)
	})
}

// TestThreePartiesTwoRounds checks that nobody is a round ahead among three parties, and that the action runs once a
// round.
func TestThreePartiesTwoRounds(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var actions int
		rounds(t, newBarrier(t, 3, func() error { actions++; return nil }, forever), 3, 2)
		t.Equal("how often the action has run in two rounds", actions, 2)
	})
}

// TestFourAtABarrierOfTwo checks that of four callers at once each meets one other.
func TestFourAtABarrierOfTwo(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := newBarrier(t, 2, nil, forever)
		indices := make([]int, 4)
		var all sync.WaitGroup
		for i := range indices {
			all.Go(func() {
				var err error
				indices[i], err = b.Wait()
				t.ErrorIs("the error of one of four callers at a barrier of two", err, nil)
			})
		}
		all.Wait()
		slices.Sort(indices)
		t.Equal("the indices of four callers at a barrier of two, sorted", indices, []int{0, 0, 1, 1})
	})
}

// patience is how long a body sleeps before it waits for its parties: their timeouts have run out by then.
const patience = time.Minute

// answer is what a call of Wait said.
type answer struct {
	index int
	err   error
}

// agree holds two parties of one round at a barrier of two to have both met, or both been turned away. It reports
// whether they met.
func agree(t *lab.T, story string, a, b answer) bool {
	t.Helper()
	met := 0
	for _, one := range []answer{a, b} {
		if one.err == nil {
			met++
			continue
		}
		t.ErrorIs(story+", the error of a party", one.err, barrier.ErrBrokenBarrier)
		t.Equal(story+", the index of a party that got an error", one.index, -1)
	}
	if t.True(story+": either both parties pass or both are told that the barrier is broken", met != 1) && met == 2 {
		t.Equal(story+", the sum of the two indices", a.index+b.index, 1)
	}
	return met == 2
}

// TestNewcomersPassTheSlow checks that others may fill and leave the next round while a slow party has still to come
// back from this one, and that each round has its own indices.
func TestNewcomersPassTheSlow(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := newBarrier(t, 2, nil, forever)
		var slow, fast, again, newcomer answer
		var all sync.WaitGroup
		all.Go(func() { slow.index, slow.err = b.Wait() })
		fast.index, fast.err = b.Wait()
		// The round has been released, so these two make up the next one.
		all.Go(func() { newcomer.index, newcomer.err = b.Wait() })
		again.index, again.err = b.Wait()
		all.Wait()
		t.True("two parties meet", agree(t, "two parties, one of which is slow in coming back", slow, fast))
		t.True("the fast one and a newcomer meet", agree(t, "the fast one and a newcomer", again, newcomer))
		looks(t, "after two rounds", b, 0, false)
	})
}

// TestTimeoutOrLastArrival checks that all pass or all are turned away, where the last party comes just when the
// timeout of the other runs out, and that a timeout that came too late does not break the next round.
func TestTimeoutOrLastArrival(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		actions := 0
		b := newBarrier(t, 2, func() error { actions++; return nil }, forever)
		var first, second [2]answer
		var both sync.WaitGroup
		both.Go(func() {
			first[0].index, first[0].err = b.WaitTimeout(time.Second)
			second[0].index, second[0].err = b.Wait()
		})
		both.Go(func() {
			time.Sleep(time.Second)
			first[1].index, first[1].err = b.Wait()
			time.Sleep(time.Second)
			second[1].index, second[1].err = b.Wait()
		})
		time.Sleep(patience)
		both.Wait()
		story := "where the last party comes just when the timeout of the other runs out"
		met := agree(t, story, first[0], first[1])
		t.Equal(story+", whether they meet in the next round is whether they met", agree(t, story+", in the next round", second[0], second[1]), met)
		looks(t, story, b, 0, !met)
		want := 0
		if met {
			want = 2
		}
		t.Equal(story+", how often the action has run, two rounds or none having come about", actions, want)
	})
}

// TestTimeoutsAtOnce checks that whoever waits is turned away once, where two timeouts run out and Abort or Reset comes,
// all at the same moment.
func TestTimeoutsAtOnce(t *testing.T) {
	ways := []struct {
		name string
		in   func(b *barrier.Barrier)
	}{
		{"Reset()", func(b *barrier.Barrier) { b.Reset() }},
		{"Abort()", func(b *barrier.Barrier) { b.Abort() }},
	}
	for _, way := range ways {
		lab.Explored(t, func(t *lab.T) {
			b := newBarrier(t, 3, nil, forever)
			var told [2]error
			var all sync.WaitGroup
			for i := range told {
				all.Go(func() { _, told[i] = b.WaitTimeout(time.Second) })
			}
			all.Go(func() { time.Sleep(time.Second); way.in(b) })
			time.Sleep(patience)
			all.Wait()
			for _, err := range told {
				t.ErrorIs("two of three with timeouts of a second, and "+way.name+" after a second: the error of a party", err, barrier.ErrBrokenBarrier)
			}
			b.Reset()
			looks(t, "after Reset()", b, 0, false)
		})
	}
}

// TestAbortOrLastArrival checks that nobody is left waiting, and the barrier is broken, where Abort and the last party
// come at the same time.
func TestAbortOrLastArrival(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		actions := 0
		b := newBarrier(t, 2, func() error { actions++; return nil }, forever)
		var told [2]answer
		var all sync.WaitGroup
		for i := range told {
			all.Go(func() { told[i].index, told[i].err = b.Wait() })
		}
		all.Go(b.Abort)
		all.Wait()
		story := "where Abort() and the last party come at the same time"
		for _, one := range told {
			if one.err == nil {
				t.Equal(story+", and somebody passes: how often the action has run", actions, 1)
				continue
			}
			t.ErrorIs(story+", the error of a party", one.err, barrier.ErrBrokenBarrier)
			t.Equal(story+", the index of a party that got an error", one.index, -1)
		}
		looks(t, story, b, 0, true)
	})
}

// TestResetOrLastArrival checks that both parties pass or neither does, where Reset and the last party come at the same
// time.
func TestResetOrLastArrival(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := newBarrier(t, 2, nil, time.Second)
		var told [2]answer
		var all sync.WaitGroup
		for i := range told {
			all.Go(func() { told[i].index, told[i].err = b.Wait() })
		}
		all.Go(b.Reset)
		time.Sleep(patience)
		all.Wait()
		met := agree(t, "where Reset() and the last party come at the same time", told[0], told[1])
		looks(t, "where Reset() and the last party come at the same time", b, 0, !met)
	})
}

// TestResetSparesWhoHasMet checks that a party that has passed and calls Reset does not spoil the round for the other,
// which may not have come back yet.
func TestResetSparesWhoHasMet(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := newBarrier(t, 2, nil, time.Second)
		var first, second [2]answer
		var all sync.WaitGroup
		for i := range first {
			all.Go(func() {
				first[i].index, first[i].err = b.Wait()
				if i == 0 {
					b.Reset()
				}
				second[i].index, second[i].err = b.Wait()
			})
		}
		time.Sleep(patience)
		all.Wait()
		t.True("two parties meet, and one of them calls Reset() after that: both have passed", agree(t, "in a round before Reset()", first[0], first[1]))
		agree(t, "in a round in which Reset() is called", second[0], second[1])
	})
}

// TestNextRoundSparesWhoHasMet checks that a party that has passed and breaks the next round does not spoil this one
// for the other, which may not have come back yet.
func TestNextRoundSparesWhoHasMet(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := newBarrier(t, 2, nil, forever)
		var told [2]answer
		var again error
		var all sync.WaitGroup
		for i := range told {
			all.Go(func() {
				told[i].index, told[i].err = b.Wait()
				if i == 0 {
					_, again = b.WaitTimeout(0)
				}
			})
		}
		time.Sleep(patience)
		all.Wait()
		t.True("two parties meet, and one of them breaks the next round: both have passed", agree(t, "in a round before one that is broken", told[0], told[1]))
		t.ErrorIs("WaitTimeout(0) alone in the next round", again, barrier.ErrBrokenBarrier)
		looks(t, "after WaitTimeout(0) alone in the next round", b, 0, true)
	})
}

// TestNewRoundAfterReset checks that who waited when the barrier was reset is turned away, however late in waking, and
// takes no part in the round that begins then.
func TestNewRoundAfterReset(t *testing.T) {
	ways := []struct {
		name string
		in   func(b *barrier.Barrier)
	}{
		{"Reset()", func(b *barrier.Barrier) { b.Reset() }},
		{"Abort() and Reset()", func(b *barrier.Barrier) { b.Abort(); b.Reset() }},
	}
	for _, way := range ways {
		lab.Explored(t, func(t *lab.T) {
			b := newBarrier(t, 2, nil, forever)
			var before error
			var after [2]answer
			var all sync.WaitGroup
			all.Go(func() { _, before = b.Wait() })
			time.Sleep(time.Second) // it waits
			way.in(b)
			for i := range after {
				all.Go(func() { after[i].index, after[i].err = b.Wait() })
			}
			all.Wait()
			t.ErrorIs("after "+way.name+", the error of who waited", before, barrier.ErrBrokenBarrier)
			t.True("after "+way.name+", two newcomers meet at a barrier of two", agree(t, "after "+way.name, after[0], after[1]))
			looks(t, "after "+way.name+" and a new round", b, 0, false)
		})
	}
}

// TestFailedRoundStaysFailed checks that a party that is turned away and calls Reset does not change what the others of
// its round are told, and that nothing of that round breaks the next.
func TestFailedRoundStaysFailed(t *testing.T) {
	ways := []struct {
		name    string
		parties int
	}{
		{"a timeout", 3},
		{"an action that fails", 2},
	}
	for _, way := range ways {
		lab.Explored(t, func(t *lab.T) {
			b := newBarrier(t, way.parties, func() error { return errBoom }, time.Second)
			var told [2]error
			var all sync.WaitGroup
			for i := range told {
				all.Go(func() {
					_, told[i] = b.Wait()
					if i == 0 {
						b.Reset()
					}
				})
			}
			time.Sleep(patience)
			all.Wait()
			for _, err := range told {
				if err != errBoom {
					t.ErrorIs("after "+way.name+", and Reset() by one of the parties: the error of a party", err, barrier.ErrBrokenBarrier)
				}
			}
			looks(t, "after "+way.name+", and Reset()", b, 0, false)
		})
	}
}

// TestResetIsOneStep checks that Reset of a barrier that is not broken never shows a broken one to anybody.
func TestResetIsOneStep(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := newBarrier(t, 1, nil, forever)
		var all sync.WaitGroup
		all.Go(b.Reset)
		all.Go(func() {
			index, err := b.Wait()
			t.ErrorIs("Wait() at a barrier of one, while Reset() is called", err, nil)
			t.Equal("Wait() at a barrier of one, while Reset() is called: the index", index, 0)
		})
		all.Go(func() {
			t.Equal("Broken(), while Reset() is called on a barrier that is not broken", b.Broken(), false)
		})
		all.Wait()
		looks(t, "after Reset()", b, 0, false)
	})
}

// TestActionOrTimeout checks that who waits learns of an action that fails just when the timeout runs out, and that
// nothing breaks the barrier twice.
func TestActionOrTimeout(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := newBarrier(t, 2, func() error { time.Sleep(time.Second); return errBoom }, time.Second)
		var told [2]error
		var all sync.WaitGroup
		for i := range told {
			all.Go(func() { _, told[i] = b.Wait() })
		}
		all.Go(func() { time.Sleep(time.Second); b.Abort() })
		time.Sleep(patience)
		all.Wait()
		slices.SortFunc(told[:], func(a, _ error) int {
			if a == errBoom {
				return -1
			}
			return 1
		})
		t.ErrorIs("where an action fails just when the timeouts run out, the error of who ran it", told[0], errBoom)
		t.ErrorIs("where an action fails just when the timeouts run out, the error of who did not", told[1], barrier.ErrBrokenBarrier)
		looks(t, "after an action that failed", b, 0, true)
	})
}
