package eventloop_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/asyncio/eventloop"
	"github.com/python-concurrency/kata/katas/lab"
)

// odd is added to moments so that nobody who looks in regular steps hits them.
const odd = 7 * time.Nanosecond

// newLoop is a loop whose callbacks are not to panic.
func newLoop(t *lab.T) *eventloop.Loop {
	return eventloop.New(func(exception any) {
		t.Errorf("onException was called with %v, but no callback panicked", exception)
	})
}

// soon schedules by CallSoon and wants no error.
func soon(t *lab.T, l *eventloop.Loop, callback func()) *eventloop.Handle {
	t.Helper()
	h, err := l.CallSoon(callback)
	if !t.ErrorIs("the error of CallSoon on an open loop", err, nil) {
		t.FailNow()
	}
	return h
}

// later schedules by CallLater and wants no error.
func later(t *lab.T, l *eventloop.Loop, delay time.Duration, callback func()) *eventloop.Handle {
	t.Helper()
	h, err := l.CallLater(delay, callback)
	if !t.ErrorIs("the error of CallLater on an open loop", err, nil) {
		t.FailNow()
	}
	return h
}

// forever runs the loop until somebody stops it and wants no error.
func forever(t *lab.T, l *eventloop.Loop) {
	t.Helper()
	if !t.ErrorIs("the error of RunForever after a Stop", l.RunForever(), nil) {
		t.FailNow()
	}
}

// trace notes what ran. It has no lock: everything runs on the loop's goroutine, or the race detector says so.
type trace []string

func (r *trace) note(what string) func() { return func() { *r = append(*r, what) } }

// TestCallSoonIsFirstInFirstOut checks that callbacks run in the order they were scheduled in.
func TestCallSoonIsFirstInFirstOut(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var ran, want trace
		for i := range 20 {
			soon(t, l, ran.note(fmt.Sprint(i)))
			want.note(fmt.Sprint(i))()
		}
		soon(t, l, l.Stop)
		t.Equal("before RunForever nothing has run: the callbacks so far", len(ran), 0)
		forever(t, l)
		t.Equal("the order of the callbacks", ran, want)
	})
}

// TestStopEndsTheTurn checks that Stop lets the callbacks that were ready finish, keeps what they scheduled for the next run, and that a loop can run again.
func TestStopEndsTheTurn(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var ran trace
		soon(t, l, func() {
			ran.note("a")()
			soon(t, l, ran.note("scheduled by a"))
			l.Stop()
		})
		soon(t, l, ran.note("b"))
		forever(t, l)
		t.Equal("callbacks of the turn in which Stop was called", ran, trace{"a", "b"})
		soon(t, l, l.Stop)
		forever(t, l)
		t.Equal("callbacks after a second RunForever", ran, trace{"a", "b", "scheduled by a"})
	})
}

// TestStopBeforeRunForever checks that a loop that was stopped before it ran runs one turn without sleeping, and that the Stop is used up then.
func TestStopBeforeRunForever(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var ran trace
		soon(t, l, ran.note("ready"))
		later(t, l, time.Second, ran.note("in a second"))
		l.Stop()
		t.Takes("RunForever after Stop", lab.Exactly(0), func() { forever(t, l) })
		t.Equal("callbacks of that one turn", ran, trace{"ready"})
		l.Stop()
		t.Takes("RunForever after Stop with nothing ready", lab.Exactly(0), func() { forever(t, l) })
		later(t, l, 2*time.Second+odd, l.Stop)
		t.Takes("RunForever with a Stop in a little over two seconds", lab.Exactly(2*time.Second+odd), func() { forever(t, l) })
		t.Equal("callbacks in the end", ran, trace{"ready", "in a second"})
	})
}

// TestWhatACallbackSchedulesRunsInTheNextTurn checks that a callback's own callbacks come behind all of its turn, generation by generation.
func TestWhatACallbackSchedulesRunsInTheNextTurn(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var ran trace
		for _, name := range []string{"a", "b", "c"} {
			soon(t, l, func() {
				ran.note(name)()
				soon(t, l, func() {
					ran.note(name + "1")()
					soon(t, l, ran.note(name+"2"))
				})
			})
		}
		later(t, l, time.Second, l.Stop)
		forever(t, l)
		t.Equal("the order of the callbacks", ran, trace{"a", "b", "c", "a1", "b1", "c1", "a2", "b2", "c2"})
	})
}

// TestCallLaterRunsByDueTime checks that timers run at their moment and in the order of their moments, whatever the order they were scheduled in.
func TestCallLaterRunsByDueTime(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		start := time.Now()
		var ran trace
		for _, seconds := range []int{5, 1, 9, 3, 7, 2, 8, 4, 6} {
			later(t, l, time.Duration(seconds)*time.Second+odd, func() {
				ran.note(fmt.Sprintf("%v", time.Since(start)-odd))()
			})
		}
		later(t, l, 10*time.Second, l.Stop)
		t.Takes("RunForever with a Stop in ten seconds", lab.Exactly(10*time.Second), func() { forever(t, l) })
		t.Equal("when the timers ran", ran, trace{"1s", "2s", "3s", "4s", "5s", "6s", "7s", "8s", "9s"})
	})
}

// TestTimersScheduledByCallbacks checks that a timer counts from when CallLater was called, also within a callback that took time, and that one that is due at once waits for the next turn.
func TestTimersScheduledByCallbacks(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		start := time.Now()
		var ran trace
		soon(t, l, func() {
			time.Sleep(time.Second)
			later(t, l, 2*time.Second, func() { ran.note(fmt.Sprint("later at ", time.Since(start)))() })
			later(t, l, 0, func() { ran.note(fmt.Sprint("due at once, at ", time.Since(start)))() })
			later(t, l, -time.Hour, func() { ran.note(fmt.Sprint("overdue, at ", time.Since(start)))() })
			ran.note("callback ends")()
		})
		soon(t, l, ran.note("same turn"))
		later(t, l, 5*time.Second, l.Stop)
		forever(t, l)
		t.Equal("what ran", ran, trace{"callback ends", "same turn", "overdue, at 1s", "due at once, at 1s", "later at 3s"})
	})
}

// TestDueTimersComeBehindWhatIsReady checks that in a turn the timers that are due come behind what CallSoon has put there before.
func TestDueTimersComeBehindWhatIsReady(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var ran trace
		later(t, l, 2*time.Second, ran.note("timer of 2s"))
		later(t, l, time.Second, ran.note("timer of 1s"))
		soon(t, l, func() {
			soon(t, l, ran.note("ready"))
			time.Sleep(3 * time.Second) // both timers are due when the next turn begins
		})
		later(t, l, 4*time.Second, l.Stop)
		forever(t, l)
		t.Equal("the order of the next turn", ran, trace{"ready", "timer of 1s", "timer of 2s"})
	})
}

// TestAllDueTimersRunInOneTurn checks that a turn takes every timer that is due, so that what the first of them schedules comes behind the others.
func TestAllDueTimersRunInOneTurn(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var ran trace
		later(t, l, time.Second, func() {
			ran.note("timer of 1s")()
			soon(t, l, ran.note("scheduled by it"))
		})
		later(t, l, 2*time.Second, ran.note("timer of 2s"))
		soon(t, l, func() { time.Sleep(3 * time.Second) })
		later(t, l, 4*time.Second, l.Stop)
		forever(t, l)
		t.Equal("the order in which they ran", ran, trace{"timer of 1s", "timer of 2s", "scheduled by it"})
	})
}

// TestTimersAreNotStarved checks that a callback that schedules itself again and again holds up no timer: each turn looks at the clock.
func TestTimersAreNotStarved(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		turns := 0
		var again func()
		again = func() {
			if turns++; turns > 1000 {
				l.Stop()
				return
			}
			time.Sleep(time.Millisecond)
			soon(t, l, again)
		}
		soon(t, l, again)
		at := 0
		later(t, l, 100*time.Millisecond, func() { at = turns })
		forever(t, l)
		t.Equal("turns of one millisecond before the timer of 100ms ran (it comes behind the one that is ready then)", at, 101)
	})
}

// TestCancelledHandlesDoNotRun checks that a cancelled callback never runs: cancelled before the loop runs, by an earlier callback of the same turn, or as a timer.
func TestCancelledHandlesDoNotRun(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var ran trace
		before := soon(t, l, ran.note("cancelled before the loop ran"))
		t.Equal("Cancelled() before Cancel()", before.Cancelled(), false)
		before.Cancel()
		before.Cancel()
		t.Equal("Cancelled() after Cancel()", before.Cancelled(), true)
		var same, timer, due *eventloop.Handle
		own := soon(t, l, func() {
			ran.note("canceller")()
			same.Cancel()
			timer.Cancel()
		})
		same = soon(t, l, ran.note("cancelled in its own turn"))
		timer = later(t, l, time.Second, ran.note("cancelled timer"))
		later(t, l, 2*time.Second, func() { due.Cancel(); own.Cancel() })
		due = later(t, l, 2*time.Second+odd, ran.note("timer that a timer cancelled"))
		later(t, l, 3*time.Second, ran.note("not cancelled"))
		later(t, l, 4*time.Second, l.Stop)
		forever(t, l)
		t.Equal("what ran", ran, trace{"canceller", "not cancelled"})
	})
}

// TestACancelledTimerInTheSameTurn checks that a timer that is due already can still be cancelled by a callback that runs before it.
func TestACancelledTimerInTheSameTurn(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var ran trace
		timer := later(t, l, time.Second, ran.note("cancelled"))
		soon(t, l, func() {
			time.Sleep(2 * time.Second)
			soon(t, l, timer.Cancel)
			soon(t, l, ran.note("after the cancel"))
		})
		later(t, l, 3*time.Second, l.Stop)
		forever(t, l)
		t.Equal("what ran", ran, trace{"after the cancel"})
	})
}

// TestAnExceptionGoesToTheHandler checks that what a callback panics with reaches onException, and that the other callbacks of the turn and the loop go on.
func TestAnExceptionGoesToTheHandler(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var seen []any
		var ran trace
		l := eventloop.New(func(exception any) { seen = append(seen, exception) })
		boom := errors.New("boom")
		soon(t, l, ran.note("before"))
		soon(t, l, func() { panic("first") })
		soon(t, l, ran.note("between"))
		soon(t, l, func() { panic(boom) })
		later(t, l, time.Second, func() { panic(3) })
		later(t, l, 2*time.Second, ran.note("after"))
		later(t, l, 3*time.Second, l.Stop)
		forever(t, l)
		t.Equal("what ran", ran, trace{"before", "between", "after"})
		t.Equal("what onException was called with", seen, []any{"first", boom, 3})
	})
}

// TestCallSoonThreadsafeWakesASleepingLoop checks that a loop that sleeps, with a timer far away or with nothing at all, runs a callback from another goroutine at once.
func TestCallSoonThreadsafeWakesASleepingLoop(t *testing.T) {
	for _, far := range []time.Duration{0, time.Hour} {
		lab.Virtual(t, func(t *lab.T) {
			l := newLoop(t)
			start := time.Now()
			var at []time.Duration
			if far > 0 {
				h := later(t, l, far, func() { t.Error("a timer of one hour ran") })
				defer h.Cancel()
			}
			go func() {
				for range 3 {
					time.Sleep(3*time.Second + odd)
					if _, err := l.CallSoonThreadsafe(func() { at = append(at, time.Since(start)) }); err != nil {
						t.Errorf("the error of CallSoonThreadsafe on an open loop: %v", err)
					}
				}
				time.Sleep(odd)
				l.CallSoonThreadsafe(l.Stop)
			}()
			bound := lab.Exactly(9*time.Second + 4*odd)
			t.Takes("a loop that is stopped from outside after nine seconds", bound, func() { forever(t, l) })
			t.Equal("when the callbacks from outside ran", at, []time.Duration{3*time.Second + odd, 6*time.Second + 2*odd, 9*time.Second + 3*odd})
		})
	}
}

// TestCallSoonThreadsafeBeforeTheLoopRuns checks that a callback that came from another goroutine while the loop did not run is run, and wakes nothing later for no reason.
func TestCallSoonThreadsafeBeforeTheLoopRuns(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var ran trace
		done := make(chan bool)
		go func() {
			for range 3 {
				l.CallSoonThreadsafe(ran.note("from outside"))
			}
			close(done)
		}()
		<-done
		later(t, l, time.Second, l.Stop)
		t.Takes("RunForever with a Stop in a second", lab.Exactly(time.Second), func() { forever(t, l) })
		t.Equal("what ran", ran, trace{"from outside", "from outside", "from outside"})
	})
}

// TestNoWakeUpIsLost checks that a callback from another goroutine is run although it may come just when the loop lies down to sleep.
func TestNoWakeUpIsLost(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		l := newLoop(t)
		ran := 0
		var outside sync.WaitGroup
		outside.Go(func() {
			l.CallSoonThreadsafe(func() { ran++ })
			l.CallSoonThreadsafe(func() { ran++; l.Stop() })
		})
		forever(t, l)
		outside.Wait()
		t.Equal("how many of two callbacks from outside ran before the Stop that came last", ran, 2)
	})
}

// TestAHandleFromOutside checks that CallSoonThreadsafe returns a handle that cancels.
func TestAHandleFromOutside(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var ran trace
		h, err := l.CallSoonThreadsafe(ran.note("cancelled"))
		if h == nil || err != nil {
			t.Fatalf("CallSoonThreadsafe on an open loop must return a handle and no error, and returned %v and %v", h, err)
		}
		h.Cancel()
		soon(t, l, l.Stop)
		forever(t, l)
		t.Equal("what ran of a callback that was cancelled", len(ran), 0)
	})
}

// TestCallSoonThreadsafeFromMany checks that nothing is lost when many goroutines schedule at once, and that each goroutine's callbacks keep their order.
func TestCallSoonThreadsafeFromMany(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const goroutines, each = 16, 25
		l := newLoop(t)
		next := make([]int, goroutines)
		left := goroutines * each
		var busy sync.WaitGroup
		for g := range goroutines {
			busy.Go(func() {
				time.Sleep(time.Second)
				for i := range each {
					l.CallSoonThreadsafe(func() {
						if next[g] != i {
							t.Errorf("of the callbacks of one goroutine number %d ran when %d was next", i, next[g])
						}
						next[g]++
						left--
					})
				}
			})
		}
		go func() {
			busy.Wait()
			l.CallSoonThreadsafe(l.Stop)
		}()
		forever(t, l)
		t.Equal("callbacks that never ran", left, 0)
	})
}

// TestCallbacksRunOneAtATime checks that callbacks run on the goroutine of the loop, never two at once, also when one of them blocks.
func TestCallbacksRunOneAtATime(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var inside atomic.Int64
		plain := 0
		for i := range 5 {
			body := func() {
				if inside.Add(1) != 1 {
					t.Error("two callbacks run at the same time")
				}
				plain++
				time.Sleep(time.Second)
				inside.Add(-1)
			}
			if i%2 == 0 {
				soon(t, l, body)
			} else {
				later(t, l, time.Millisecond, body)
			}
		}
		later(t, l, 6*time.Second, l.Stop)
		forever(t, l)
		t.Equal("callbacks that ran", plain, 5)
	})
}

// TestABlockingCallbackDelaysAllOthers checks that a callback that blocks for five seconds makes a timer of one second late: look at the timeline.
func TestABlockingCallbackDelaysAllOthers(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		start := time.Now()
		var at []time.Duration
		tick := func(name string) func() {
			return func() {
				defer t.Timeline().Start(name)()
				at = append(at, time.Since(start))
				time.Sleep(100 * time.Millisecond)
			}
		}
		later(t, l, time.Second, tick("timer of 1s"))
		later(t, l, 2*time.Second, tick("timer of 2s"))
		later(t, l, 7*time.Second, tick("timer of 7s"))
		soon(t, l, func() {
			defer t.Timeline().Start("blocks for 5s")()
			time.Sleep(5 * time.Second)
		})
		later(t, l, 8*time.Second, l.Stop)
		forever(t, l)
		want := []time.Duration{5 * time.Second, 5*time.Second + 100*time.Millisecond, 7 * time.Second}
		if fmt.Sprint(at) != fmt.Sprint(want) {
			t.Timing("timers behind a callback that blocks for five seconds ran at the wrong time", fmt.Sprint(want), fmt.Sprint(at))
		}
	})
}

// TestRunUntilComplete checks that the result or the exception of the future comes back, at the moment it is there, and that the loop can be used again.
func TestRunUntilComplete(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		boom := errors.New("boom")
		f := eventloop.NewFuture(l)
		later(t, l, time.Second, func() { f.Set(42, nil) })
		var ran trace
		later(t, l, 2*time.Second, ran.note("not due yet"))
		t.Takes("RunUntilComplete of a future that is set after a second", lab.Exactly(time.Second), func() {
			result, err := l.RunUntilComplete(f)
			t.Equal("the result", result, 42)
			t.ErrorIs("the error of a future with a result", err, nil)
		})
		t.Equal("what ran besides", len(ran), 0)
		g := eventloop.NewFuture(l)
		soon(t, l, func() { g.Set(nil, boom) })
		_, err := l.RunUntilComplete(g)
		t.ErrorIs("the error of a future with an exception", err, boom)
		result, err := l.RunUntilComplete(f)
		t.Equal("the result of a future that was done before", result, 42)
		t.ErrorIs("the error of a future that was done before", err, nil)
	})
}

// TestTheFutureStaysAsGiven checks that a future keeps its first result and calls a callback once, however late it is added.
func TestTheFutureStaysAsGiven(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var ran trace
		f := eventloop.NewFuture(l)
		f.AddDoneCallback(ran.note("early"))
		f.Set(1, nil)
		f.Set(2, errors.New("too late"))
		f.AddDoneCallback(ran.note("late"))
		f.Set(3, nil)
		soon(t, l, l.Stop)
		forever(t, l)
		result, err := f.Result()
		t.Equal("the result of a future that was set three times", result, 1)
		t.ErrorIs("the error of a future that was set three times", err, nil)
		t.Equal("the callbacks that ran", ran, trace{"early", "late"})
	})
}

// TestRunUntilCompleteThatIsStopped checks that a Stop before the future is done gives ErrStopped, and that the future's end later stops nobody else's run.
func TestRunUntilCompleteThatIsStopped(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		f := eventloop.NewFuture(l)
		later(t, l, time.Second, l.Stop)
		_, err := l.RunUntilComplete(f)
		t.ErrorIs("the error when the loop was stopped first", err, eventloop.ErrStopped)
		later(t, l, time.Second, func() { f.Set(1, nil) })
		later(t, l, 5*time.Second, l.Stop)
		t.Takes("a RunForever in which the abandoned future is set", lab.Exactly(5*time.Second), func() { forever(t, l) })
	})
}

// TestALoopThatRunsIsNotRunAgain checks that running or closing a running loop is ErrRunning at once, and does it no harm.
func TestALoopThatRunsIsNotRunAgain(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var ran trace
		soon(t, l, func() {
			t.ErrorIs("the error of RunForever within a callback", l.RunForever(), eventloop.ErrRunning)
			_, err := l.RunUntilComplete(eventloop.NewFuture(l))
			t.ErrorIs("the error of RunUntilComplete within a callback", err, eventloop.ErrRunning)
			t.ErrorIs("the error of Close within a callback", l.Close(), eventloop.ErrRunning)
			soon(t, l, ran.note("next turn"))
		})
		later(t, l, time.Second, l.Stop)
		forever(t, l)
		t.Equal("what ran after it", ran, trace{"next turn"})
	})
}

// TestAClosedLoop checks that a closed loop refuses everything with ErrClosed, drops what was scheduled, and may be closed again.
func TestAClosedLoop(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var ran trace
		soon(t, l, ran.note("dropped"))
		later(t, l, time.Second, ran.note("dropped"))
		f := eventloop.NewFuture(l)
		t.ErrorIs("the error of Close", l.Close(), nil)
		t.ErrorIs("the error of a second Close", l.Close(), nil)
		_, err := l.CallSoon(ran.note("refused"))
		t.ErrorIs("the error of CallSoon on a closed loop", err, eventloop.ErrClosed)
		_, err = l.CallSoonThreadsafe(ran.note("refused"))
		t.ErrorIs("the error of CallSoonThreadsafe on a closed loop", err, eventloop.ErrClosed)
		_, err = l.CallLater(0, ran.note("refused"))
		t.ErrorIs("the error of CallLater on a closed loop", err, eventloop.ErrClosed)
		t.ErrorIs("the error of RunForever on a closed loop", l.RunForever(), eventloop.ErrClosed)
		_, err = l.RunUntilComplete(f)
		t.ErrorIs("the error of RunUntilComplete on a closed loop", err, eventloop.ErrClosed)
		t.Equal("what ran", len(ran), 0)
	})
}

// TestCloseBesideCallSoonThreadsafe checks that Close and CallSoonThreadsafe may meet: each call is either refused or dropped.
func TestCloseBesideCallSoonThreadsafe(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		l := newLoop(t)
		var busy sync.WaitGroup
		for range 8 {
			busy.Go(func() {
				for range 10 {
					if _, err := l.CallSoonThreadsafe(func() { t.Error("a dropped callback ran") }); err != nil && !errors.Is(err, eventloop.ErrClosed) {
						t.Errorf("the error of CallSoonThreadsafe beside Close: %v", err)
					}
				}
			})
		}
		t.ErrorIs("the error of Close", l.Close(), nil)
		busy.Wait()
	})
}
