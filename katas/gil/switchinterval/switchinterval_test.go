package switchinterval_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/gil/switchinterval"
	"github.com/python-concurrency/kata/katas/lab"
)

type thread = switchinterval.Thread

const (
	ms       = time.Millisecond
	interval = 5 * ms
)

// compute is a thread that has the GIL and computes: so many steps of so long, a check behind each.
func compute(th *thread, steps int, each time.Duration) {
	for range steps {
		time.Sleep(each)
		th.Check()
	}
}

// together runs all at the same time and waits for them.
func together(calls ...func()) {
	var all sync.WaitGroup
	for _, call := range calls {
		all.Go(call)
	}
	all.Wait()
}

// from is a call that begins so much later.
func from(moment time.Duration, call func()) func() {
	return func() { time.Sleep(moment); call() }
}

// diary is who did what when. Two may write at the same time: who should not, may be in a solution that is wrong.
type diary struct {
	mu    sync.Mutex
	start time.Time
	lines []string
}

func newDiary() *diary { return &diary{start: time.Now()} }

func (d *diary) now() time.Duration { return time.Since(d.start) }

func (d *diary) note(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprintf("%s at %v", what, d.now()))
}

// holds wants what is written.
func (d *diary) holds(t *lab.T, story string, want ...string) bool {
	t.Helper()
	if slices.Equal(d.lines, want) {
		return true
	}
	t.Timing(story, strings.Join(want, ", "), strings.Join(d.lines, ", "))
	return false
}

// TestFree checks that a GIL that is free is had at once, and that checks and I/O cost nothing where nobody waits.
func TestFree(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		g := switchinterval.New()
		t.Equal("Switches of a new GIL", g.Switches(), 0)
		a := g.NewThread()
		called := 0
		t.Takes("one thread alone that takes the GIL, comes to a check, does I/O and drops the GIL, a hundred times,", lab.Exactly(0), func() {
			for range 100 {
				a.Take()
				a.Check()
				a.AllowThreads(func() { called++ })
				a.Check()
				a.Drop()
			}
		})
		t.Equal("how often AllowThreads called blocking, of a hundred times", called, 100)
		t.Takes("one thread alone that computes for 100ms", lab.Exactly(100*ms), func() { a.Take(); compute(a, 50, 2*ms); a.Drop() })
	})
}

// TestSwitches checks that a switch is counted where another thread takes the GIL than had it last, and nowhere else.
func TestSwitches(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		g := switchinterval.New()
		a, b := g.NewThread(), g.NewThread()
		want := 0
		for _, step := range []struct {
			who  *thread
			what string
			adds int
		}{{a, "thread a", 1}, {a, "thread a again", 0}, {b, "thread b", 1}, {a, "thread a", 1}, {a, "thread a again", 0}} {
			step.who.Take()
			want += step.adds
			if !t.Equal("Switches when "+step.what+" has taken the GIL", g.Switches(), want) {
				return
			}
			step.who.Check()
			step.who.AllowThreads(func() {})
			step.who.Drop()
			t.Equal("Switches when it has come to a check, has taken the GIL back after I/O, and has dropped it", g.Switches(), want)
		}
		other := switchinterval.New()
		c := other.NewThread()
		c.Take()
		t.Equal("Switches of another GIL", other.Switches(), 1)
		a.Take() // two GILs are two locks
		a.Drop()
		c.Drop()
	})
}

// TestOneAtATime checks that who waits gets the GIL in the moment in which it is dropped, and not before, though he asks.
func TestOneAtATime(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, held := range []time.Duration{1 * ms, 3*ms + 7, 100*ms + 7} { // shorter and longer than an interval
			g := switchinterval.New()
			a, b := g.NewThread(), g.NewThread()
			d := newDiary()
			a.Take()
			together(
				func() { time.Sleep(held); a.Drop() },
				func() { b.Take(); d.note("b has the GIL"); b.Drop() },
			)
			if !d.holds(t, fmt.Sprintf("a holds the GIL for %v and comes to no check; b takes it", held), fmt.Sprintf("b has the GIL at %v", held)) {
				return
			}
		}
	})
}

// TestTheRequest checks that a thread that waits has the GIL at the first check behind its interval, and that the other one
// gets it back by the same rules.
func TestTheRequest(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		g := switchinterval.New()
		a, b := g.NewThread(), g.NewThread()
		d := newDiary()
		a.Take()
		steps := func(th *thread, name string) {
			defer t.Timeline().Start(name)()
			for range 5 {
				time.Sleep(2 * ms)
				d.note(name + " comes to a check")
				th.Check()
			}
			d.note(name + " ends")
			th.Drop()
		}
		together(
			func() { steps(a, "a") },
			from(ms/2, func() { b.Take(); d.note("b has the GIL"); steps(b, "b") }),
		)
		d.holds(t, "a and b compute in five steps of 2ms each; b comes at 0.5ms, so it asks at 5.5ms, and a at 11ms",
			"a comes to a check at 2ms", "a comes to a check at 4ms", "a comes to a check at 6ms", "b has the GIL at 6ms",
			"b comes to a check at 8ms", "b comes to a check at 10ms", "b comes to a check at 12ms",
			"a comes to a check at 14ms", "a comes to a check at 16ms", "a ends at 16ms",
			"b comes to a check at 18ms", "b comes to a check at 20ms", "b ends at 20ms")
	})
}

// TestNobodyAsksEarly checks that a check lets nobody in before somebody has waited for an interval, however many wait, and
// that a request is for one switch only.
func TestNobodyAsksEarly(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		g := switchinterval.New()
		a := g.NewThread()
		a.Take()
		var others []func()
		for range 5 {
			others = append(others, func() {
				th := g.NewThread()
				th.Take()
				th.Check()
				th.Drop()
			})
		}
		together(append(others, func() {
			compute(a, 4, ms)
			t.Equal("Switches after checks at 1, 2, 3 and 4ms, where five threads wait since 0ms", g.Switches(), 1)
			time.Sleep(2 * ms)
			a.Check()
			if g.Switches() < 3 {
				t.Errorf("after a check at 6ms, where five threads wait since 0ms, Switches says %d: another thread must have had the GIL, and this one has it again", g.Switches())
			}
			a.Drop()
		})...)
		t.Equal("Switches in the end, where each of five threads takes the GIL once and a second thread twice", g.Switches(), 7)
	})
}

// turns has threads compute in steps of 2ms, which begin at those moments, and wants that they take turns of three steps.
func turns(t *lab.T, moments ...time.Duration) {
	t.Helper()
	const steps = 24
	g := switchinterval.New()
	start := time.Now()
	var mu sync.Mutex
	var who []string // computed, and when
	var all []func()
	for i, moment := range moments {
		name := string(rune('a' + i))
		all = append(all, from(moment, func() {
			th := g.NewThread()
			th.Take()
			for time.Since(start) < (steps+6)*2*ms {
				end := t.Timeline().Start("thread " + name)
				time.Sleep(2 * ms)
				end()
				mu.Lock()
				who = append(who, fmt.Sprintf("%s until %v", name, time.Since(start)))
				mu.Unlock()
				th.Check()
			}
			th.Drop()
		}))
	}
	together(all...)
	story := fmt.Sprintf("threads that compute in steps of 2ms, from %v on, with an interval of 5ms: each has the GIL for three steps", moments)
	got := who[:min(steps, len(who))]
	for n := range steps {
		// Whose turn it is is open, but it is one's for three steps, and then another one's.
		name := "?"
		if n < len(got) {
			name = got[n][:1]
		}
		turn := n > 0 && name == got[n-1][:1]
		if n >= len(got) || got[n] != fmt.Sprintf("%s until %v", name, time.Duration(n+1)*2*ms) || turn == (n%3 == 0) {
			t.Timing(story, "a until 2ms, a until 4ms, a until 6ms, then three steps of another, and so on", strings.Join(got, ", "))
			return
		}
	}
}

// TestTurns checks that threads that compute never do so at the same time, and take turns, each for the interval and what is
// left of its step.
func TestTurns(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		turns(t, 0, 300*time.Microsecond)
		turns(t, 0, 300*time.Microsecond, 600*time.Microsecond)
	})
}

// TestWhoHasJustGotItIsNotAsked checks that a thread whose interval ends when the GIL has changed hands does not ask the thread
// that has just got it.
func TestWhoHasJustGotItIsNotAsked(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		// The first switch is at 6ms; two of the others come to the end of their interval between 7 and 8ms, or have asked before.
		turns(t, 0, 300*time.Microsecond, 2500*time.Microsecond, 2700*time.Microsecond)
	})
}

// TestAskingAfterASwitch checks that who saw a switch at the end of an interval asks at the end of the next, which is as long as
// the switch interval is by then.
func TestAskingAfterASwitch(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, c := range []struct {
			set            time.Duration
			earliest, last time.Duration
		}{{interval, 9 * ms, 11 * ms}, {ms, 5 * ms, 7 * ms}} {
			g := switchinterval.New()
			a := g.NewThread()
			a.Take()
			start := time.Now()
			var mu sync.Mutex
			var got []time.Duration
			wait := func() {
				th := g.NewThread()
				th.Take()
				mu.Lock()
				got = append(got, time.Since(start))
				mu.Unlock()
				compute(th, 20, 2*ms)
				th.Drop()
			}
			together(
				func() {
					time.Sleep(ms)
					t.ErrorIs(fmt.Sprintf("the error of SetSwitchInterval(%v)", c.set), g.SetSwitchInterval(c.set), nil)
					time.Sleep(2 * ms)
					a.Drop()
				},
				wait, from(ms/2, wait),
			)
			if len(got) != 2 || got[0] != 3*ms || got[1] < c.earliest || got[1] > c.last {
				t.Timing(fmt.Sprintf("two threads wait since 0 and 0.5ms, one gets the GIL at 3ms and computes in steps of 2ms; the interval was 5ms when they began to wait, and is %v since 1ms: when they have it", c.set),
					fmt.Sprintf("[3ms, and from %v to %v]", c.earliest, c.last), fmt.Sprint(got))
			}
		}
	})
}

// TestAnIntervalIsPositive checks that SetSwitchInterval refuses what is not positive, and nothing else.
func TestAnIntervalIsPositive(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for interval, want := range map[time.Duration]error{
			0: switchinterval.ErrInterval, -1: switchinterval.ErrInterval, -time.Hour: switchinterval.ErrInterval, 1: nil, time.Hour: nil,
		} {
			t.ErrorIs(fmt.Sprintf("the error of SetSwitchInterval(%v)", interval), switchinterval.New().SetSwitchInterval(interval), want)
		}
	})
}

// TestSetSwitchInterval checks that the interval is what was set, for whoever begins to wait then, and that one that is not
// positive is refused and changes nothing.
func TestSetSwitchInterval(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, c := range []struct {
			before, while time.Duration // 0: nothing is set
			want          time.Duration
			err           error
		}{
			{0, 0, 6 * ms, nil},
			{ms, 0, 2 * ms, nil},
			{20 * ms, 0, 22 * ms, nil},
			{-ms, 0, 6 * ms, switchinterval.ErrInterval},
			{100 * time.Microsecond, 0, 2 * ms, nil},
			{0, ms, 6 * ms, nil},
			{0, 20 * ms, 6 * ms, nil},
			{20 * ms, ms, 22 * ms, nil},
		} {
			g := switchinterval.New()
			a, b := g.NewThread(), g.NewThread()
			if c.before != 0 {
				t.ErrorIs(fmt.Sprintf("the error of SetSwitchInterval(%v)", c.before), g.SetSwitchInterval(c.before), c.err)
			}
			t.ErrorIs("the error of SetSwitchInterval(0)", g.SetSwitchInterval(0), switchinterval.ErrInterval)
			a.Take()
			start := time.Now()
			var got time.Duration
			together(
				func() { compute(a, 15, 2*ms); a.Drop() },
				from(ms/2, func() { b.Take(); got = time.Since(start); b.Drop() }),
				from(ms, func() {
					if c.while != 0 {
						g.SetSwitchInterval(c.while)
					}
				}),
			)
			if got != c.want {
				t.Timing(fmt.Sprintf("a computes in steps of 2ms, b waits since 0.5ms; SetSwitchInterval(%v) before, and (%v) at 1ms, where 0s is not at all: when b has the GIL", c.before, c.while), fmt.Sprint(c.want), fmt.Sprint(got))
			}
		}
	})
}

// TestWhoComputesAndWhoWaits checks that five threads that compute take five times as long as one, and five that do I/O no longer.
func TestWhoComputesAndWhoWaits(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		five := func(work func(g *switchinterval.GIL, th *thread)) func() {
			g := switchinterval.New()
			var all []func()
			for i := range 5 {
				all = append(all, func() {
					defer t.Timeline().Start(fmt.Sprintf("thread %d", i))()
					th := g.NewThread()
					th.Take()
					work(g, th)
					th.Drop()
				})
			}
			return func() { together(all...) }
		}
		t.Takes("five threads that do I/O for a second each", lab.Exactly(time.Second).Sequential(5*time.Second, "the threads"),
			five(func(_ *switchinterval.GIL, th *thread) { th.AllowThreads(func() { time.Sleep(time.Second) }) }))
		t.Takes("five threads that compute for a second each", lab.Exactly(5*time.Second),
			five(func(_ *switchinterval.GIL, th *thread) { compute(th, 100, 10*ms) }))
		t.Takes("five threads that hold the GIL for a second each, in a call that does not let it go,", lab.Exactly(5*time.Second),
			five(func(_ *switchinterval.GIL, th *thread) { time.Sleep(time.Second) }))
	})
}

// TestAllowThreads checks that others have the GIL while a thread does I/O, at once and without asking, and that the thread has
// it back when AllowThreads returns.
func TestAllowThreads(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		g := switchinterval.New()
		a, b := g.NewThread(), g.NewThread()
		d := newDiary()
		a.Take()
		together(
			func() {
				time.Sleep(ms)
				a.AllowThreads(func() { time.Sleep(2 * ms); d.note("the I/O ends") })
				d.note("a has the GIL again")
				time.Sleep(20 * ms)
				a.Drop()
			},
			func() {
				b.Take()
				d.note("b has the GIL")
				time.Sleep(9 * ms)
				b.Drop()
				b.Take()
				d.note("b has it again")
				b.Drop()
			},
		)
		d.holds(t, "a does I/O for 2ms from 1ms on, and holds the GIL for 20ms then; b waits, and holds it for 9ms",
			"b has the GIL at 1ms", "the I/O ends at 3ms", "a has the GIL again at 10ms", "b has it again at 30ms")
	})
}

// TestThePanicGoesOn checks that the thread has the GIL again where its I/O panics, and that the panic reaches the caller.
func TestThePanicGoesOn(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		g := switchinterval.New()
		a, b := g.NewThread(), g.NewThread()
		d := newDiary()
		var recovered any
		a.Take()
		func() {
			defer func() { recovered = recover() }()
			a.AllowThreads(func() { panic("unplugged") })
		}()
		t.Equal("what the caller of AllowThreads recovers when its I/O panics with \"unplugged\"", recovered, any("unplugged"))
		together(
			func() { time.Sleep(3 * ms); a.Drop() },
			func() { b.Take(); d.note("b has the GIL"); b.Drop() },
		)
		d.holds(t, "a's I/O has panicked, and a drops the GIL at 3ms; b waits for it", "b has the GIL at 3ms")
	})
}

// TestTheConvoy checks that beside a thread that computes each I/O takes an interval longer, and what is left of a step: the
// convoy effect.
func TestTheConvoy(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, c := range []struct{ interval, each time.Duration }{
			{ms, 4 * ms}, {interval, 8 * ms}, {50 * ms, 52 * ms},
		} {
			g := switchinterval.New()
			g.SetSwitchInterval(c.interval)
			computing, io := g.NewThread(), g.NewThread()
			var done atomic.Bool
			computing.Take()
			together(
				func() {
					for !done.Load() {
						time.Sleep(2 * ms)
						computing.Check()
					}
					computing.Drop()
				},
				from(300*time.Microsecond, func() {
					io.Take()
					t.Takes(fmt.Sprintf("ten I/O operations of 1.5ms, beside a thread that computes in steps of 2ms, with an interval of %v,", c.interval), lab.Exactly(10*c.each), func() {
						for range 10 {
							io.AllowThreads(func() {
								defer t.Timeline().Start("I/O")()
								time.Sleep(1500 * time.Microsecond)
							})
						}
					})
					done.Store(true)
					io.Drop()
				}),
			)
		}
	})
}

// TestExclusion checks that two threads never have the GIL at the same time.
func TestExclusion(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		g := switchinterval.New()
		var n atomic.Int32
		add := func() {
			th := g.NewThread()
			th.Take()
			old := n.Load()
			n.Store(old + 1)
			th.AllowThreads(func() {})
			old = n.Load()
			n.Store(old + 1)
			th.Drop()
		}
		together(add, add)
		if sum := n.Load(); sum != 4 {
			t.Errorf("two threads add 1 to a number twice each, while they have the GIL, and it is %d: both had the GIL between a load and a store", sum)
		}
	})
}

// TestNobodySleepsOn checks that of three that take and drop the GIL none waits while it is free.
func TestNobodySleepsOn(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		g := switchinterval.New()
		once := func() {
			th := g.NewThread()
			th.Take()
			th.Drop()
		}
		t.Takes("three threads that take the GIL and drop it at once", lab.Exactly(0), func() { together(once, once, once) })
	})
}

// TestLookingOn checks that Switches and SetSwitchInterval may be called by anybody while threads take and drop the GIL.
func TestLookingOn(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		g := switchinterval.New()
		once := func() {
			th := g.NewThread()
			th.Take()
			th.Check()
			th.Drop()
		}
		seen := 0
		together(once, once, func() { g.SetSwitchInterval(time.Second); seen = g.Switches() })
		if seen < 0 || seen > 2 {
			t.Errorf("Switches says %d while two threads take the GIL once each", seen)
		}
		t.Equal("Switches when two threads have taken the GIL once each", g.Switches(), 2)
	})
}

// asked has thread a hold the GIL for so long that b, which waits, has asked for it, and then calls what.
func asked(t *lab.T, what func(g *switchinterval.GIL, a *thread)) {
	g := switchinterval.New()
	a, b := g.NewThread(), g.NewThread()
	a.Take()
	together(
		func() { time.Sleep(7 * ms); what(g, a) },
		func() { b.Take(); b.Drop() },
	)
}

// TestForcedSwitching checks that a check that finds a request does not return before another thread has had the GIL.
func TestForcedSwitching(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		asked(t, func(g *switchinterval.GIL, a *thread) {
			a.Check()
			t.Equal("Switches behind a check that found a request: a, then b, then a again", g.Switches(), 3)
			a.Drop()
		})
	})
}

// TestForcedSwitchingInDrop checks that Drop does not return before another thread has the GIL, where there is a request.
func TestForcedSwitchingInDrop(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		asked(t, func(g *switchinterval.GIL, a *thread) {
			a.Drop()
			t.Equal("Switches behind a Drop of a GIL that somebody has asked for: a, then b", g.Switches(), 2)
		})
	})
}

// TestForcedSwitchingInIO checks that the I/O does not begin before another thread has the GIL, where there is a request.
func TestForcedSwitchingInIO(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		asked(t, func(g *switchinterval.GIL, a *thread) {
			a.AllowThreads(func() {
				t.Equal("Switches when the I/O of a thread begins that was asked for the GIL: a, then b", g.Switches(), 2)
			})
			a.Drop()
		})
	})
}

// TestAskedAtTheCheck checks that a thread that asks just when the other one comes to a check is heard then, or at the next.
func TestAskedAtTheCheck(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		g := switchinterval.New()
		a, b := g.NewThread(), g.NewThread()
		start := time.Now()
		var got time.Duration
		a.Take()
		together(
			func() {
				time.Sleep(interval)
				a.Check()
				time.Sleep(ms)
				a.Check()
				time.Sleep(time.Second)
				a.Drop()
			},
			func() { b.Take(); got = time.Since(start); b.Drop() },
		)
		if got != interval && got != interval+ms {
			t.Timing("a comes to checks at 5ms and 6ms; b has waited since 0ms: when b has the GIL", "5ms or 6ms", got.String())
		}
	})
}

// TestTheRequestIsForOneThread checks that who takes the GIL just when somebody asks the one who had it before need not give it
// back at his first check.
func TestTheRequestIsForOneThread(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		g := switchinterval.New()
		a, b, c := g.NewThread(), g.NewThread(), g.NewThread()
		a.Take()
		together(
			func() { time.Sleep(interval); a.Drop() },
			func() { b.Take(); b.Drop() },
			func() {
				time.Sleep(interval)
				c.Take()
				before := g.Switches()
				time.Sleep(ms)
				c.Check()
				t.Equal("Switches behind a check of a thread that has just got the GIL, where another one wanted it of its predecessor", g.Switches(), before)
				c.Drop()
			},
		)
	})
}

// TestThereAndBack checks that a thread that has the GIL again need not give it back at its first check, where another one asks
// just then who has waited for an interval, but not for this thread alone.
func TestThereAndBack(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		g := switchinterval.New()
		a, b, c := g.NewThread(), g.NewThread(), g.NewThread()
		a.Take()
		together(
			func() {
				time.Sleep(interval)
				before := g.Switches()
				a.Drop()
				a.Take()
				if again := g.Switches(); again >= before+2 { // another one has had it meanwhile
					time.Sleep(ms)
					a.Check()
					t.Equal("Switches behind a check of a thread that has just got the GIL back from another one", g.Switches(), again)
				}
				a.Drop()
			},
			func() { b.Take(); b.Drop() },
			func() { time.Sleep(interval); c.Take(); c.Drop() },
		)
	})
}
