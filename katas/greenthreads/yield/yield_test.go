package yield_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/greenthreads/yield"
	"github.com/python-concurrency/kata/katas/lab"
)

// diary is what the threads of a test write, in the order in which they do. It has no lock, on purpose: a switch orders
// everything before it before everything after it.
type diary struct{ entries []string }

func (d *diary) write(format string, args ...any) {
	d.entries = append(d.entries, fmt.Sprintf(format, args...))
}

// reads holds the diary to what must stand in it.
func (d *diary) reads(t *lab.T, what, want string) bool {
	t.Helper()
	return t.Equal(what, strings.Join(d.entries, " "), want)
}

// steps is a thread that writes its name and the number of the step, and yields after each but the last.
func (d *diary) steps(n int) func(*yield.Thread) {
	return func(th *yield.Thread) {
		for i := range n {
			if i > 0 {
				th.Yield()
			}
			d.write("%s%d", th.Name(), i+1)
		}
	}
}

// runs holds Run to its error.
func runs(t *lab.T, when string, s *yield.Scheduler, want error) {
	t.Helper()
	t.ErrorIs("the error of Run, "+when, s.Run(), want)
}

// joins holds the answer of one Join: nil, or that the other panicked with the value.
func joins(t *lab.T, th, other *yield.Thread, panicked any) {
	t.Helper()
	err := th.Join(other)
	what := fmt.Sprintf("what thread %q gets that joins %q", th.Name(), other.Name())
	var p *yield.PanicError
	switch is := errors.As(err, &p); {
	case panicked == nil && err == nil:
	case panicked == nil && is && p == nil:
		t.Errorf("%s is a nil *PanicError inside an error, and that is not nil: return a plain nil", what)
	case panicked == nil:
		t.Errorf("%s must be nil, since that one just returned, and is the error %q", what, err)
	case !is || p == nil:
		t.Errorf("%s must be a *PanicError, since that one panicked, and is %v", what, err)
	default:
		t.Equal(what+", the name of the thread that panicked", p.Name, other.Name())
		t.Equal(what+", the value of the panic", p.Value, panicked)
	}
}

// TestRunsEachToItsEnd checks that Run calls every function once, in the order in which they were spawned and with the
// thread that Spawn returned, and comes back when all have ended.
func TestRunsEachToItsEnd(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "where nothing was spawned", yield.New(), nil)
		s := yield.New()
		var d diary
		var spawned, got [3]*yield.Thread
		for i, name := range []string{"a", "b", "b"} { // the third is another thread of the same name
			spawned[i] = s.Spawn(name, func(th *yield.Thread) {
				got[i] = th
				d.write("%s%d", th.Name(), i)
			})
			t.Equal("the name of the thread that Spawn returned", spawned[i].Name(), name)
		}
		d.reads(t, "what ran before Run was called", "")
		runs(t, "where three threads return", s, nil)
		d.reads(t, "what three threads that never yield wrote", "a0 b1 b2")
		t.True("each function is called with the thread that its Spawn returned", spawned == got)
	})
}

// TestRoundRobin checks that a thread that yields goes to the end of the queue and that the first one goes on.
func TestRoundRobin(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		var d diary
		for i, name := range []string{"a", "b", "c", "d"} {
			s.Spawn(name, d.steps([]int{3, 1, 4, 2}[i]))
		}
		t.Takes("Run, where threads yield and none of them sleeps", lab.Exactly(0), func() {
			runs(t, "where threads yield and return", s, nil)
		})
		d.reads(t, "the turns of a, b, c and d, which take 3, 1, 4 and 2 of them", "a1 b1 c1 d1 a2 c2 d2 a3 c3 c4")
	})
}

// TestYieldAlone checks that Yield returns at once where nobody else stands in the queue.
func TestYieldAlone(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		var d diary
		s.Spawn("a", d.steps(5))
		t.Takes("four times Yield with nobody else in the queue", lab.Exactly(0), func() {
			runs(t, "where the only thread yields", s, nil)
		})
		d.reads(t, "the turns of the only thread", "a1 a2 a3 a4 a5")
	})
}

// TestOrdered checks that a switch orders everything before it before everything after it, so that threads may share
// a variable without a lock.
func TestOrdered(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		count := 1
		for i := range 20 {
			s.Spawn(fmt.Sprint("counter", i+1), func(th *yield.Thread) {
				for range 5 {
					seen := count
					count = seen + 1
					th.Yield()
				}
			})
		}
		count--
		runs(t, "where threads yield and return", s, nil)
		t.Equal("a counter that 20 threads count up 5 times each, without a lock", count, 100)
	})
}

// TestOneRunsAtATime checks that no thread gets a turn while another one holds it, for an hour and asleep if it likes.
func TestOneRunsAtATime(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		var running atomic.Int32
		for _, name := range []string{"a", "b", "c"} {
			s.Spawn(name, func(th *yield.Thread) {
				for range 2 {
					end := t.Timeline().Start(name)
					if running.Add(1) > 1 {
						t.Errorf("thread %q has a turn although another one has not given its own away: sleeping is no switch", name)
					}
					time.Sleep(time.Hour)
					running.Add(-1)
					end()
					th.Yield()
				}
			})
		}
		t.Takes("three threads that sleep through two turns of an hour each", lab.Exactly(6*time.Hour), func() {
			runs(t, "where threads sleep", s, nil)
		})
	})
}

// TestNeverYieldsStarves checks that one who never yields keeps all others waiting to its end, however long it takes.
func TestNeverYieldsStarves(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		var d diary
		s.Spawn("a", d.steps(2))
		s.Spawn("greedy", func(*yield.Thread) {
			for hour := range 3 {
				time.Sleep(time.Hour)
				d.write("greedy%d", hour+1)
			}
		})
		s.Spawn("b", d.steps(2))
		runs(t, "where a thread never yields", s, nil)
		d.reads(t, "the turns of a and b, with one between them that never yields", "a1 greedy1 greedy2 greedy3 b1 a2 b2")
	})
}

// TestSpawnFromInside checks that a thread can spawn others, that this is no switch, and that the new ones stand at the
// end of the queue.
func TestSpawnFromInside(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		var d diary
		s.Spawn("a", func(th *yield.Thread) {
			s.Spawn("c", func(th *yield.Thread) {
				d.write("c1")
				s.Spawn("d", d.steps(2))
			})
			d.write("a1")
			th.Yield()
			d.write("a2")
		})
		s.Spawn("b", d.steps(2))
		runs(t, "where threads spawn threads", s, nil)
		d.reads(t, "the turns of a and b, where a spawns c and c spawns d", "a1 b1 c1 a2 b2 d1 d2")

		s = yield.New()
		d = diary{}
		s.Spawn("a", func(*yield.Thread) {
			s.Spawn("b", func(*yield.Thread) {
				s.Spawn("c", d.steps(2))
			})
		})
		runs(t, "where the last thread spawns another one before it ends", s, nil)
		d.reads(t, "the turns of c, which the last thread spawned before it ended", "c1 c2")
	})
}

// TestJoin checks that Join waits to the other's end and not longer, that the joiners then stand at the end of the queue
// in the order in which they came, and that nobody's turn comes early by it.
func TestJoin(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		var d diary
		var c *yield.Thread
		joiner := func(th *yield.Thread) {
			d.write("%s1", th.Name())
			joins(t, th, c, nil)
			d.write("%s2", th.Name())
			th.Yield()
			d.write("%s3", th.Name())
		}
		s.Spawn("b", joiner)
		s.Spawn("a", joiner)
		s.Spawn("x", d.steps(4))
		c = s.Spawn("c", d.steps(3))
		s.Spawn("y", d.steps(4))
		runs(t, "where two threads join a third", s, nil)
		d.reads(t, "the turns of b and a, which join c, and of x, c and y, which just yield",
			"b1 a1 x1 c1 y1 x2 c2 y2 x3 c3 y3 x4 b2 a2 y4 b3 a3")
	})
}

// TestJoinEnded checks that Join on a thread that has ended returns at once and is no switch.
func TestJoinEnded(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		var d diary
		a := s.Spawn("a", d.steps(1))
		s.Spawn("b", func(th *yield.Thread) {
			d.write("b1")
			joins(t, th, a, nil)
			d.write("b2")
			joins(t, th, a, nil)
			d.write("b3")
		})
		s.Spawn("c", d.steps(1))
		runs(t, "where one joins another that has ended", s, nil)
		d.reads(t, "the turns of a, b and c, where b joins a after its end, twice", "a1 b1 b2 b3 c1")
	})
}

// TestForkAndJoin checks that a thread can spawn others and join them one after another, and be joined meanwhile.
func TestForkAndJoin(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		var sum func(th *yield.Thread, from, to int) int
		sum = func(th *yield.Thread, from, to int) int {
			if to-from == 1 {
				return from
			}
			var left, right int
			middle := (from + to) / 2
			l := s.Spawn("left", func(th *yield.Thread) { left = sum(th, from, middle) })
			r := s.Spawn("right", func(th *yield.Thread) { right = sum(th, middle, to) })
			joins(t, th, r, nil)
			joins(t, th, l, nil)
			return left + right
		}
		total := 0
		s.Spawn("all", func(th *yield.Thread) { total = sum(th, 0, 16) })
		runs(t, "where threads spawn and join threads", s, nil)
		t.Equal("the sum of 0 to 15, each half by a thread that the one above it joins", total, 120)
	})
}

// TestJoinSelf checks that a thread that joins itself gets ErrJoinSelf at once and goes on.
func TestJoinSelf(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		var d diary
		s.Spawn("a", func(th *yield.Thread) {
			t.ErrorIs("what a thread gets that joins itself", th.Join(th), yield.ErrJoinSelf)
			d.write("a1")
			th.Yield()
			d.write("a2")
		})
		s.Spawn("a", d.steps(1))
		runs(t, "where a thread joined itself and went on", s, nil)
		d.reads(t, "the turns of a, which joins itself, and of another thread called a", "a1 a1 a2")
	})
}

// TestPanic checks that a panic ends its own thread only, reaches everyone who joins it, early or late, and no one else.
func TestPanic(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		boom := errors.New("boom")
		for _, value := range []any{"boom", 42, boom} {
			s := yield.New()
			var d diary
			var failing *yield.Thread
			early := func(th *yield.Thread) {
				joins(t, th, failing, value)
				d.write("%s", th.Name())
			}
			first := s.Spawn("first", early)
			s.Spawn("second", early)
			s.Spawn("other", d.steps(3))
			failing = s.Spawn("failing", func(th *yield.Thread) {
				th.Yield()
				panic(value)
			})
			s.Spawn("late", func(th *yield.Thread) {
				joins(t, th, first, nil) // who joined it has not panicked by that
				joins(t, th, failing, value)
				joins(t, th, failing, value)
				d.write("late")
			})
			runs(t, fmt.Sprintf("where a thread panics with %#v", value), s, nil)
			d.reads(t, "who went on after a thread panicked", "other1 other2 other3 first second late")
		}
	})
}

// TestPanicUnjoined checks that a panic that nobody joins is dropped, also one before the first Yield.
func TestPanicUnjoined(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		var d diary
		s.Spawn("failing", func(*yield.Thread) { panic("boom") })
		s.Spawn("a", d.steps(2))
		s.Spawn("failing", func(th *yield.Thread) {
			th.Yield()
			panic("boom")
		})
		s.Spawn("b", d.steps(3))
		runs(t, "where threads panic and nobody joins them", s, nil)
		d.reads(t, "the turns of a and b, where two others panic", "a1 b1 a2 b2 b3")
	})
}

// TestSameName checks that threads of the same name are different threads.
func TestSameName(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		var d diary
		first := s.Spawn("x", func(*yield.Thread) { panic("boom") })
		second := s.Spawn("x", d.steps(3))
		s.Spawn("x", func(th *yield.Thread) {
			joins(t, th, first, "boom")
			joins(t, th, second, nil)
			d.write("joined")
		})
		runs(t, "where all threads have the same name", s, nil)
		d.reads(t, "the three turns of one thread and the last of another, which joins it and has the same name", "x1 x2 x3 joined")
	})
}

// TestDeferredFunctionsSwitch checks that the deferred functions of a thread that returns or panics are a part of it:
// they may yield and join, and it has ended only after them.
func TestDeferredFunctionsSwitch(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, value := range []any{nil, "boom"} {
			s := yield.New()
			var d diary
			a := s.Spawn("a", func(th *yield.Thread) {
				b := s.Spawn("b", d.steps(2))
				defer func() {
					th.Yield()
					d.write("a2")
					joins(t, th, b, nil)
					d.write("a3")
				}()
				d.write("a1")
				if value != nil {
					panic(value)
				}
			})
			s.Spawn("c", func(th *yield.Thread) {
				joins(t, th, a, value)
				d.write("c")
			})
			runs(t, "where deferred functions yield and join", s, nil)
			d.reads(t, "the turns of a, whose deferred function yields and joins b, and of c, which joins a", "a1 b1 a2 b2 a3 c")
		}
	})
}

// TestDeadlock checks that Run reports ErrDeadlock at once where all who are left wait in Join, and that those end
// where they stand.
func TestDeadlock(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, ring := range []int{2, 3, 10} {
			s := yield.New()
			members := make([]*yield.Thread, ring)
			ended := 0
			member := func(i int) func(*yield.Thread) {
				return func(th *yield.Thread) {
					defer func() { ended++ }()
					th.Yield()
					err := th.Join(members[(i+1)%ring])
					t.Errorf("Join came back in one of %d threads that join each other in a ring, with %v: it must not return", ring, err)
				}
			}
			for i := range members {
				members[i] = s.Spawn(fmt.Sprint("member", i+1), member(i))
			}
			s.Spawn("outsider", func(th *yield.Thread) {
				defer func() { ended++ }()
				err := th.Join(members[0])
				t.Errorf("Join came back in a thread that joins a stuck one, with %v: it must not return", err)
			})
			t.Takes("Run, where all threads join each other", lab.Exactly(0), func() {
				runs(t, fmt.Sprintf("where %d threads join each other in a ring and one more joins them", ring), s, yield.ErrDeadlock)
			})
			t.Equal("how many of the stuck threads ran their deferred functions before Run returned", ended, ring+1)
		}
	})
}

// TestStuckButNotAll checks that it is no deadlock that some threads join each other, as long as another can go on, and
// that one is reported when that other has ended.
func TestStuckButNotAll(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		var d diary
		ended := 0
		var a, b *yield.Thread
		stuck := func(other **yield.Thread) func(*yield.Thread) {
			return func(th *yield.Thread) {
				defer func() { ended++ }()
				th.Join(*other)
				d.write("%s goes on", th.Name())
			}
		}
		a = s.Spawn("a", stuck(&b))
		b = s.Spawn("b", stuck(&a))
		c := s.Spawn("c", func(th *yield.Thread) {
			d.write("c1")
			th.Yield()
			time.Sleep(time.Hour) // who sleeps runs
			d.write("c2")
			s.Spawn("d", d.steps(3))
		})
		s.Spawn("e", func(th *yield.Thread) {
			joins(t, th, c, nil)
			d.write("e")
			panic("and nobody joins")
		})
		runs(t, "where two threads join each other and all others have ended", s, yield.ErrDeadlock)
		d.reads(t, "what all wrote, where a and b join each other and c, d and e do not", "c1 c2 d1 e d2 d3")
		t.Equal("how many of the two stuck threads ran their deferred functions before Run returned", ended, 2)
	})
}

// lastThings are what a thread can do after its Stop. None of them comes back.
var lastThings = []struct {
	name string
	do   func(th, waiting, ended *yield.Thread)
}{
	{"Yield", func(th, _, _ *yield.Thread) { th.Yield() }},
	{"Join", func(th, waiting, _ *yield.Thread) { th.Join(waiting) }},
	{"Join of a thread that has ended", func(th, _, ended *yield.Thread) { th.Join(ended) }},
	{"Join of itself", func(th, _, _ *yield.Thread) { th.Join(th) }},
	{"panic", func(_, _, _ *yield.Thread) { panic("boom") }},
}

// TestStop checks that Stop lets its caller go on to its next switch, and that then nobody goes on and Run returns nil.
func TestStop(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, last := range lastThings {
			for _, place := range []string{"in its function", "in a deferred function"} {
				var d diary
				err := stopped(&d, func(th, waiting, ended *yield.Thread) {
					lastThing := func() {
						last.do(th, waiting, ended)
						d.write("and its %s came back", last.name)
					}
					if place == "in its function" {
						lastThing()
					} else {
						defer lastThing()
					}
				})
				t.ErrorIs("the error of Run, where a thread calls Stop", err, nil)
				d.reads(t, fmt.Sprintf("what all wrote after Stop, where the next thing of its caller is %s, %s", last.name, place), "goes on ends ends")
			}
		}
	})
}

// stopped is the error of Run where one of several threads calls Stop, goes on, and then does its last thing.
func stopped(d *diary, last func(th, waiting, ended *yield.Thread)) error {
	s := yield.New()
	ended := s.Spawn("ended", func(*yield.Thread) {})
	waiting := s.Spawn("waits in Yield", func(th *yield.Thread) {
		defer d.write("ends")
		th.Yield()
		d.write("(a Yield came back)")
	})
	s.Spawn("waits in Join", func(th *yield.Thread) {
		defer d.write("ends")
		th.Join(waiting)
		d.write("(a Join came back)")
	})
	s.Spawn("stops", func(th *yield.Thread) {
		s.Stop()
		s.Stop()
		time.Sleep(time.Second)
		d.write("goes on")
		last(th, waiting, ended)
	})
	s.Spawn("not begun", func(*yield.Thread) { d.write("(a thread began)") })
	return s.Run()
}

// TestStopBeforeRun checks that after Stop no thread begins: Run comes back at once with nil.
func TestStopBeforeRun(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		var d diary
		s.Spawn("a", d.steps(2))
		s.Stop()
		s.Spawn("b", d.steps(2))
		runs(t, "where Stop was called before it", s, nil)
		d.reads(t, "what ran although Stop was called before Run", "")
	})
}

// TestStopLast checks that Stop by the last thread, with no other left or others that wait in Join, has Run return nil,
// and that its Yield does not return although nobody else is in the queue.
func TestStopLast(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		s.Spawn("a", func(th *yield.Thread) {
			s.Stop()
			th.Yield()
			t.Errorf("Yield came back after Stop in a thread that was alone")
		})
		runs(t, "where the only thread calls Stop", s, nil)

		s = yield.New()
		var b *yield.Thread
		s.Spawn("a", func(th *yield.Thread) {
			th.Join(b)
			t.Errorf("Join came back after Stop: the thread that it waited for called Stop and ended")
		})
		b = s.Spawn("b", func(th *yield.Thread) { s.Stop() })
		runs(t, "where the last thread that can go on calls Stop: that is no deadlock", s, nil)
	})
}

// ways are the two in which threads come to be ended by the scheduler: what the last thread that can go on does, and
// what Run says then.
var ways = []struct {
	name string
	stop func(*yield.Scheduler)
	want error
}{
	{"after a deadlock", func(*yield.Scheduler) {}, yield.ErrDeadlock},
	{"after Stop", (*yield.Scheduler).Stop, nil},
}

// stuckThreads spawns n threads with the body and runs them until the scheduler has ended them. Where the body calls its
// second argument, the thread joins the next one in a ring.
func stuckThreads(t *lab.T, s *yield.Scheduler, n int, stop func(*yield.Scheduler), body func(*yield.Thread, func()), want error) {
	t.Helper()
	threads := make([]*yield.Thread, n)
	for i := range threads {
		threads[i] = s.Spawn(fmt.Sprint("stuck", i+1), func(th *yield.Thread) {
			body(th, func() { th.Join(threads[(i+1)%n]) })
		})
	}
	s.Spawn("last", func(th *yield.Thread) { stop(s) })
	runs(t, "where threads are ended by the scheduler", s, want)
}

// TestDeferredFunctionsRun checks that the deferred functions of threads which the scheduler ends all run, one thread at
// a time, before Run returns.
func TestDeferredFunctionsRun(t *testing.T) {
	for _, way := range ways {
		lab.Virtual(t, func(t *lab.T) {
			s := yield.New()
			ran, running := 0, atomic.Int32{}
			t.Takes("ending four threads whose deferred functions sleep a second, "+way.name, lab.Exactly(4*time.Second), func() {
				stuckThreads(t, s, 4, way.stop, func(th *yield.Thread, wait func()) {
					defer func() {
						ran++
						if running.Add(1) > 1 {
							t.Errorf("the deferred functions of two threads run at the same time, %s", way.name)
						}
						time.Sleep(time.Second)
						running.Add(-1)
						ran++
					}()
					wait()
				}, way.want)
			})
			t.Equal("two for each of the four threads whose deferred functions ran before Run returned, "+way.name, ran, 8)
		})
	}
}

// TestDeferredFunctionsEnd checks that in threads which the scheduler ends, a Yield or Join of a deferred function ends
// that function only, and does not return.
func TestDeferredFunctionsEnd(t *testing.T) {
	for _, way := range ways {
		lab.Virtual(t, func(t *lab.T) {
			s := yield.New()
			var d diary
			ended := s.Spawn("ended", func(*yield.Thread) {})
			stuckThreads(t, s, 2, way.stop, func(th *yield.Thread, wait func()) {
				defer func() { d.write("last") }()
				defer func() {
					th.Join(ended)
					t.Errorf("a Join in a deferred function came back, %s", way.name)
				}()
				defer func() {
					wait()
					t.Errorf("a Join in a deferred function came back, %s", way.name)
				}()
				defer func() {
					d.write("first")
					th.Yield()
					t.Errorf("a Yield in a deferred function came back, %s", way.name)
				}()
				wait()
			}, way.want)
			d.reads(t, "what the first and the last deferred function of two threads wrote, "+way.name, "first last first last")
		})
	}
}

// TestDeferredFunctionsPanic checks that a panic in a deferred function of a thread which the scheduler ends is dropped.
func TestDeferredFunctionsPanic(t *testing.T) {
	for _, way := range ways {
		lab.Virtual(t, func(t *lab.T) {
			s := yield.New()
			ran := 0
			stuckThreads(t, s, 3, way.stop, func(th *yield.Thread, wait func()) {
				defer func() {
					ran++
					panic("boom")
				}()
				wait()
			}, way.want)
			t.Equal("how many of three threads ran their deferred function, which panics, "+way.name, ran, 3)
		})
	}
}

// TestDeferredFunctionsSpawn checks that a thread which is spawned while the scheduler ends the others never begins.
func TestDeferredFunctionsSpawn(t *testing.T) {
	for _, way := range ways {
		lab.Virtual(t, func(t *lab.T) {
			s := yield.New()
			stuckThreads(t, s, 2, way.stop, func(th *yield.Thread, wait func()) {
				defer func() {
					child := s.Spawn("child", func(*yield.Thread) {
						t.Errorf("a thread began that was spawned %s", way.name)
					})
					t.Equal("the name of a thread that is spawned "+way.name, child.Name(), "child")
				}()
				wait()
			}, way.want)
		})
	}
}

// TestPanickingThreadsEnd checks that the scheduler can also end a thread whose panic is still on its way through the
// deferred functions.
func TestPanickingThreadsEnd(t *testing.T) {
	for _, way := range ways {
		lab.Virtual(t, func(t *lab.T) {
			s := yield.New()
			ran := 0
			stuckThreads(t, s, 2, way.stop, func(th *yield.Thread, wait func()) {
				defer func() { ran++ }()
				defer func() {
					wait()
					t.Errorf("a Join in a deferred function came back, %s", way.name)
				}()
				panic("boom")
			}, way.want)
			t.Equal("how many of two threads ran all their deferred functions, "+way.name, ran, 2)
		})
	}
}

// TestNeverRun checks that a scheduler which is dropped before Run is called leaves nothing behind.
func TestNeverRun(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		s := yield.New()
		var d diary
		for range 3 {
			s.Spawn("a", d.steps(2))
		}
		d.reads(t, "what ran although Run was never called", "")
	})
}

// TestSchedulerInAThread checks that a thread can run a scheduler of its own, and that neither minds the other.
func TestSchedulerInAThread(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		outer := yield.New()
		outer.Spawn("a", func(th *yield.Thread) {
			d.write("a1")
			inner := yield.New()
			inner.Spawn("x", d.steps(2))
			inner.Spawn("y", func(th *yield.Thread) {
				d.write("y1")
				th.Yield()
				inner.Stop()
				d.write("y2")
			})
			inner.Spawn("z", d.steps(9))
			runs(t, "where it is called by a green thread of another scheduler", inner, nil)
			th.Yield()
			d.write("a2")
		})
		outer.Spawn("b", d.steps(2))
		runs(t, "where a thread runs a scheduler of its own", outer, nil)
		d.reads(t, "the turns of a and b, where a runs x, y and z to the Stop of y on a scheduler of its own", "a1 x1 y1 z1 x2 y2 b1 a2 b2")
	})
}

// TestTwoSchedulers checks that two schedulers can run at the same time and share nothing.
func TestTwoSchedulers(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		together := t.Rendezvous("the threads of two schedulers", 2)
		done := make(chan error)
		for range 2 {
			go func() {
				s := yield.New()
				s.Spawn("a", func(th *yield.Thread) {
					th.Yield()
					together.Arrive()
					th.Yield()
				})
				s.Spawn("b", func(th *yield.Thread) { th.Yield() })
				done <- s.Run()
			}()
		}
		for range 2 {
			t.ErrorIs("the error of Run, where two schedulers run at the same time", <-done, nil)
		}
	})
}

// TestManyThreads checks that the queue has no size, and that any number of threads may join one.
func TestManyThreads(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const n = 1030
		s := yield.New()
		var turns []int
		for i := range n {
			s.Spawn("one of many", func(*yield.Thread) { turns = append(turns, i) })
		}
		runs(t, fmt.Sprintf("where %d threads stand in the queue", n), s, nil)
		inOrder(t, fmt.Sprintf("%d threads that do not yield", n), turns, n, func(i int) int { return i })
	})
	lab.Virtual(t, func(t *lab.T) {
		const n = 160
		s := yield.New()
		first := s.Spawn("first", func(th *yield.Thread) { th.Yield() })
		var turns []int
		for i := range n {
			s.Spawn("one of many", func(th *yield.Thread) {
				turns = append(turns, i)
				if i%2 == 0 {
					th.Yield()
				} else {
					joins(t, th, first, nil)
				}
				turns = append(turns, i)
			})
		}
		runs(t, fmt.Sprintf("where %d of %d threads yield and as many join one", n/2, n), s, nil)
		inOrder(t, fmt.Sprintf("%d threads of which every other one yields and the rest join one", n), turns, 2*n, func(i int) int {
			if i < n {
				return i
			}
			return (2*i)%n + 2*(i-n)/n // first those that yielded, then those that joined
		})
	})
}

// inOrder holds the turns to their number, and each of them to want.
func inOrder(t *lab.T, whose string, turns []int, n int, want func(i int) int) {
	t.Helper()
	if !t.Equal("how many turns there were of "+whose, len(turns), n) {
		return
	}
	for i, who := range turns {
		if who != want(i) {
			t.Errorf("of %s, turn %d went to thread %d, must go to thread %d", whose, i, who, want(i))
			return
		}
	}
}
