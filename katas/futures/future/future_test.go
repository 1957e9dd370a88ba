package future_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/python-concurrency/kata/katas/futures/future"
	"github.com/python-concurrency/kata/katas/lab"
)

type ints = future.Future[int]

// errBoom is the exception of the tasks that fail.
var errBoom = errors.New("boom")

// odd is a time that nobody who looks in regular steps hits.
const odd = time.Second + 7

// newFuture is a pending future whose callbacks are not to panic.
func newFuture(t *lab.T) *ints {
	return future.New[int](func(recovered any) {
		t.Errorf("logger was told of a panic, but no callback panicked on purpose: %v", recovered)
	})
}

// ending is one of the three ways in which a future becomes done.
type ending struct {
	name string
	// end ends a pending future and reports whether it was allowed to.
	end  func(f *ints) bool
	then outlook
}

var endings = []ending{
	{"SetResult(42)", func(f *ints) bool { return f.SetResult(42) == nil }, finished(42)},
	{"SetException(errBoom)", func(f *ints) bool { return f.SetException(errBoom) == nil }, failed(errBoom)},
	{"Cancel()", func(f *ints) bool { return f.Cancel() }, cancelled},
}

// outlook is all that a future tells who asks it without waiting.
type outlook struct {
	running, cancelled, done bool
	value                    int
	exception                error
	// refusal is the error in place of an answer.
	refusal error
}

var (
	pending   = outlook{refusal: future.ErrTimeout}
	running   = outlook{running: true, refusal: future.ErrTimeout}
	cancelled = outlook{cancelled: true, done: true, refusal: future.ErrCancelled}
)

func finished(value int) outlook     { return outlook{done: true, value: value} }
func failed(exception error) outlook { return outlook{done: true, exception: exception} }

// answer is the error that Result gives.
func (o outlook) answer() error {
	if o.exception != nil {
		return o.exception
	}
	return o.refusal
}

// looks holds everything that f tells to want. When is the learner's story so far: "after Cancel()".
func looks(t *lab.T, when string, f *ints, want outlook) {
	t.Helper()
	begin := time.Now()
	t.Equal(when+", Running()", f.Running(), want.running)
	t.Equal(when+", Cancelled()", f.Cancelled(), want.cancelled)
	t.Equal(when+", Done()", f.Done(), want.done)
	value, err := f.Result(0)
	t.Equal(when+", the value of Result(0)", value, want.value)
	holdsError(t, when+", the error of Result(0)", err, want.exception, want.refusal)
	exception, err := f.Exception(0)
	holdsError(t, when+", the exception of Exception(0)", exception, want.exception, nil)
	holdsError(t, when+", the error of Exception(0)", err, nil, want.refusal)
	if took := time.Since(begin); took > 0 {
		t.Timing(when+", asking the future without waiting took time", "0s", took.String())
	}
}

// holdsError holds got to the task's own exception, which comes as it is, or else to a refusal, which may be wrapped.
func holdsError(t *lab.T, what string, got, exception, refusal error) {
	t.Helper()
	switch {
	case exception == nil:
		refuses(t, what, got, refusal)
	case got == exception:
	case errors.Is(got, exception):
		t.Errorf("%s: wraps the task's exception; must be the very error that SetException was given", what)
	default:
		t.ErrorIs(what, got, exception)
	}
}

// sentinels are the errors of the future's own.
var sentinels = []error{future.ErrInvalidState, future.ErrCancelled, future.ErrTimeout, future.ErrUnexpectedState}

// refuses holds got to one of the sentinels and to no other, or to nil. It reports whether it is the wanted one.
func refuses(t *lab.T, what string, got, want error) bool {
	t.Helper()
	for _, other := range sentinels {
		if other != want && errors.Is(got, want) && errors.Is(got, other) {
			t.Errorf("%s: errors.Is finds %q in it as well as %q; it must tell one from the other", what, other, want)
		}
	}
	return t.ErrorIs(what, got, want)
}

// diary is what callbacks write into, in the order in which they do.
type diary struct {
	mu      sync.Mutex
	entries []string
}

func (d *diary) write(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = append(d.entries, fmt.Sprintf(format, args...))
}

func (d *diary) read() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.entries, ", ")
}

// notes returns a callback that writes its name.
func (d *diary) notes(name string) func(*ints) { return func(*ints) { d.write("%s", name) } }

// TestErrors checks that the four errors of the package can be told apart.
func TestErrors(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for i, err := range sentinels {
			t.True("each of the four errors of the package is an error, and not nil", err != nil)
			for _, other := range sentinels[:i] {
				t.True(fmt.Sprintf("errors.Is tells %q from %q", err, other), !errors.Is(err, other) && !errors.Is(other, err))
			}
		}
	})
}

// TestPending checks that a new future is pending and stays so when somebody asks it.
func TestPending(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		f := newFuture(t)
		looks(t, "on a new future", f, pending)
		looks(t, "on a new future that was asked before", f, pending)
	})
}

// TestSetResult checks that a future finishes with its value, also a zero one, and gives it to everyone who asks.
func TestSetResult(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, value := range []int{42, 0} {
			f := newFuture(t)
			t.ErrorIs(fmt.Sprintf("SetResult(%d) on a pending future", value), f.SetResult(value), nil)
			looks(t, fmt.Sprintf("after SetResult(%d)", value), f, finished(value))
			looks(t, fmt.Sprintf("after SetResult(%d), asked again", value), f, finished(value))
		}
		none := future.New[any](nil)
		t.ErrorIs("SetResult(nil) on a pending Future[any]", none.SetResult(nil), nil)
		t.True("after SetResult(nil) on a Future[any], Done() is true: nil is a result as well", none.Done())
		value, err := none.Result(0)
		t.ErrorIs("after SetResult(nil) on a Future[any], the error of Result(0)", err, nil)
		t.Equal("after SetResult(nil) on a Future[any], the value of Result(0)", value, nil)
	})
}

// TestSetException checks that a future finishes with the very exception of the task, also where that is an error of
// the future's own kind.
func TestSetException(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		wrapped := fmt.Errorf("in the task: %w", future.ErrCancelled)
		for _, exception := range []error{errBoom, future.ErrTimeout, future.ErrCancelled, future.ErrInvalidState, wrapped} {
			story := fmt.Sprintf("SetException(%q)", exception)
			f := newFuture(t)
			t.ErrorIs(story+" on a pending future", f.SetException(exception), nil)
			looks(t, "after "+story, f, failed(exception))
			t.Equal("after "+story+", which is no Cancel, what Cancel() says", f.Cancel(), false)
		}
	})
}

// TestSetNilException checks that SetException(nil) finishes the future with the zero value and no exception.
func TestSetNilException(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		f := newFuture(t)
		t.ErrorIs("SetException(nil) on a pending future", f.SetException(nil), nil)
		looks(t, "after SetException(nil)", f, finished(0))
		refuses(t, "SetException(nil) on a finished future", f.SetException(nil), future.ErrInvalidState)
		f = newFuture(t)
		f.SetResult(42)
		refuses(t, "SetException(nil) after SetResult(42)", f.SetException(nil), future.ErrInvalidState)
		looks(t, "after SetResult(42) and SetException(nil)", f, finished(42))
	})
}

// TestRunning checks that a pending future can be set running once, cannot be cancelled then, and finishes from there.
func TestRunning(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, e := range endings[:2] {
			f := newFuture(t)
			start(t, f, "on a pending future", true, nil)
			looks(t, "while running", f, running)
			t.Equal("Cancel() on a running future", f.Cancel(), false)
			looks(t, "while running, after a Cancel() that came too late", f, running)
			start(t, f, "on a running future", false, future.ErrUnexpectedState)
			looks(t, "while running, after a second SetRunningOrNotifyCancel()", f, running)
			t.True(e.name+" on a running future is allowed", e.end(f))
			looks(t, "after running and "+e.name, f, e.then)
			start(t, f, "on a finished future", false, future.ErrUnexpectedState)
			looks(t, "after running, "+e.name+" and SetRunningOrNotifyCancel()", f, e.then)
		}
	})
}

// start calls SetRunningOrNotifyCancel and holds its answer.
func start(t *lab.T, f *ints, when string, run bool, want error) {
	t.Helper()
	got, err := f.SetRunningOrNotifyCancel()
	t.Equal("the answer of SetRunningOrNotifyCancel() "+when, got, run)
	refuses(t, "the error of SetRunningOrNotifyCancel() "+when, err, want)
}

// TestCancel checks that a pending future can be cancelled, that the executor is told so once, and that a cancelled
// future says it is cancelled ever after.
func TestCancel(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		f := newFuture(t)
		t.Equal("Cancel() on a pending future", f.Cancel(), true)
		looks(t, "after Cancel()", f, cancelled)
		t.Equal("Cancel() on a cancelled future", f.Cancel(), true)
		looks(t, "after Cancel() twice", f, cancelled)
		start(t, f, "on a cancelled future", false, nil)
		looks(t, "after Cancel() and SetRunningOrNotifyCancel()", f, cancelled)
		t.Equal("Cancel() on a future that is cancelled and notified", f.Cancel(), true)
		start(t, f, "on a future that is cancelled and notified", false, future.ErrUnexpectedState)
		t.Equal("Cancel() on a future that is cancelled and was notified twice", f.Cancel(), true)
		start(t, f, "on a future that is cancelled and notified, once more", false, future.ErrUnexpectedState)
		looks(t, "after Cancel() and three times SetRunningOrNotifyCancel()", f, cancelled)
	})
}

// TestEndsOnce checks that a future which is done refuses every other end and stays as it is.
func TestEndsOnce(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		notified := ending{"Cancel() and SetRunningOrNotifyCancel()", func(f *ints) bool {
			done := f.Cancel()
			f.SetRunningOrNotifyCancel()
			return done
		}, cancelled}
		for _, e := range append(slices.Clone(endings), notified) {
			f := newFuture(t)
			t.True(e.name+" on a pending future is allowed", e.end(f))
			refuses(t, "SetResult(7) after "+e.name, f.SetResult(7), future.ErrInvalidState)
			looks(t, "after "+e.name+" and SetResult(7)", f, e.then)
			refuses(t, "SetException after "+e.name, f.SetException(errors.New("late")), future.ErrInvalidState)
			looks(t, "after "+e.name+" and SetException", f, e.then)
			t.Equal("Cancel() after "+e.name, f.Cancel(), e.then.cancelled)
			looks(t, "after "+e.name+" and Cancel()", f, e.then)
		}
	})
}

// question is one of the two methods that wait.
type question struct {
	name string
	// ask returns the error that says how the task ended or why that is not known.
	ask func(f *ints, timeout time.Duration) error
}

var questions = []question{
	{"Result", func(f *ints, timeout time.Duration) error { _, err := f.Result(timeout); return err }},
	{"Exception", func(f *ints, timeout time.Duration) error {
		exception, err := f.Exception(timeout)
		return errors.Join(exception, err)
	}},
}

// TestDoneAnswersAtOnce checks that Result and Exception never time out on a future that is done, whatever the timeout.
func TestDoneAnswersAtOnce(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, e := range endings {
			f := newFuture(t)
			e.end(f)
			for _, timeout := range []time.Duration{0, -time.Second, 1, time.Second, future.Forever} {
				for _, q := range questions {
					t.Takes(fmt.Sprintf("%s(%v) forty times after %s", q.name, timeout, e.name), lab.Exactly(0), func() {
						for range 40 { // a select between two ready channels would have to toss heads forty times
							if !t.ErrorIs(fmt.Sprintf("%s(%v) after %s", q.name, timeout, e.name), q.ask(f, timeout), e.then.answer()) {
								return
							}
						}
					})
				}
			}
		}
	})
}

// TestTimeout checks that Result and Exception wait for their timeout and not longer, not at all where it is zero or
// less, and that the future stays as it was.
func TestTimeout(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		f := newFuture(t)
		for _, state := range []outlook{pending, running} {
			for _, timeout := range []time.Duration{0, -1, -time.Hour, 1, odd, 10 * time.Second} {
				for _, q := range questions {
					what := fmt.Sprintf("%s(%v) on a future that is not done", q.name, timeout)
					synctest.Wait() // what helps the call before has ended
					t.Takes(what, lab.Exactly(max(timeout, 0)), func() {
						refuses(t, what, q.ask(f, timeout), future.ErrTimeout)
					})
				}
			}
			looks(t, "after timeouts ran out", f, state)
			f.SetRunningOrNotifyCancel()
		}
		f.SetResult(42) // whoever has been left waiting wakes up: that is for another test to find
	})
}

// TestWaiterWakes checks that who waits in Result or Exception comes back the moment the future is done, with the
// answer.
func TestWaiterWakes(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, e := range endings {
			for _, q := range questions {
				for _, timeout := range []time.Duration{2 * time.Second, future.Forever} {
					f := newFuture(t)
					go func() {
						time.Sleep(odd)
						e.end(f)
					}()
					what := fmt.Sprintf("%s(%v), where %s comes after %v", q.name, timeout, e.name, odd)
					t.Takes(what, lab.Exactly(odd), func() {
						t.ErrorIs(what, q.ask(f, timeout), e.then.answer())
					})
				}
			}
		}
	})
}

// TestWaiterOutlastsRunning checks that a future which begins to run does not wake who waits for its end.
func TestWaiterOutlastsRunning(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		f := newFuture(t)
		go func() {
			time.Sleep(time.Second)
			f.SetRunningOrNotifyCancel()
			time.Sleep(time.Second)
			f.Cancel() // too late
			time.Sleep(time.Second)
			f.SetResult(42)
		}()
		t.Takes("Result(Forever) on a future that runs after 1s and finishes after 3s", lab.Exactly(3*time.Second), func() {
			value, err := f.Result(future.Forever)
			t.ErrorIs("the error of Result(Forever) on a future that first ran and then finished", err, nil)
			t.Equal("the value of Result(Forever) on a future that first ran and then finished", value, 42)
		})
	})
}

// TestEveryWaiterWakes checks that all of a hundred waiters come back when the future is done, each with the answer.
func TestEveryWaiterWakes(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, e := range endings {
			f := newFuture(t)
			var answers [100]error
			var waiters sync.WaitGroup
			for i := range answers {
				waiters.Go(func() { answers[i] = questions[i%2].ask(f, future.Forever) })
			}
			synctest.Wait() // all of them wait
			e.end(f)
			waiters.Wait()
			for i, err := range answers {
				if !t.ErrorIs(fmt.Sprintf("%s(Forever) of waiter %d of 100, after %s", questions[i%2].name, i+1, e.name), err, e.then.answer()) {
					break
				}
			}
		}
	})
}

// TestEachWaitsItsOwnTime checks that a waiter whose time is up leaves the others alone: they go on waiting.
func TestEachWaitsItsOwnTime(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, q := range questions {
			f := newFuture(t)
			timeouts := []time.Duration{time.Second, 5 * time.Second, 2 * time.Second, future.Forever, 2 * time.Second, 0}
			got := make([]string, len(timeouts))
			begin := time.Now()
			var waiters sync.WaitGroup
			for i, timeout := range timeouts {
				waiters.Go(func() {
					answer := "a result"
					if err := q.ask(f, timeout); err != nil {
						answer = "an error"
					}
					got[i] = fmt.Sprintf("%s after %v", answer, time.Since(begin))
				})
			}
			time.Sleep(3 * time.Second)
			f.SetResult(42)
			waiters.Wait()
			want := []string{"an error after 1s", "a result after 3s", "an error after 2s", "a result after 3s", "an error after 2s", "an error after 0s"}
			t.Equal(fmt.Sprintf("what callers of %s get that wait 1s, 5s, 2s, forever, 2s and 0s for a future done after 3s", q.name), got, want)
		}
	})
}

// TestNothingStaysBehind checks that neither a future that is dropped nor a call of Result or Exception that has come
// back leaves a goroutine.
func TestNothingStaysBehind(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		dropped := newFuture(t)
		dropped.AddDoneCallback(func(*ints) {})
		for _, q := range questions {
			q.ask(dropped, time.Second) // never done
			f := newFuture(t)
			go func() {
				time.Sleep(time.Second)
				f.SetResult(42)
			}()
			q.ask(f, 1000*time.Hour) // done long before
		}
	})
}

// TestCallbacks checks that each way to end calls the callbacks once each, in the order they were added, one after
// another, with the future, and comes back when they have.
func TestCallbacks(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, e := range endings {
			f := newFuture(t)
			var said diary
			for i, d := range []time.Duration{2 * time.Second, time.Second, 0, time.Second} {
				f.AddDoneCallback(func(g *ints) {
					said.write("%d begins", i+1)
					time.Sleep(d)
					said.write("%d ends", i+1)
					if g != f {
						t.Errorf("after %s, callback %d was called with a future other than the one it was added to", e.name, i+1)
					}
				})
			}
			time.Sleep(time.Second)
			t.Equal("what callbacks have done before the future is done", said.read(), "")
			t.True(e.name+" on a pending future is allowed", e.end(f))
			want := "1 begins, 1 ends, 2 begins, 2 ends, 3 begins, 3 ends, 4 begins, 4 ends"
			t.Equal("what four callbacks have done when "+e.name+" comes back", said.read(), want)
			time.Sleep(time.Minute)
			t.Equal("what four callbacks have done a minute after "+e.name, said.read(), want)
		}
	})
}

// TestCallbacksOnce checks that callbacks are called no second time by what comes after the end, and not by a future
// that begins to run.
func TestCallbacksOnce(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, e := range endings {
			f := newFuture(t)
			var said diary
			f.AddDoneCallback(said.notes("called"))
			all := "called"
			if !e.then.cancelled {
				f.SetRunningOrNotifyCancel()
				f.AddDoneCallback(said.notes("called too"))
				f.Cancel()
				t.Equal("what callbacks have done that were added before and after the future began to run", said.read(), "")
				all = "called, called too"
			}
			e.end(f)
			t.Equal("what the callbacks have done after "+e.name, said.read(), all)
			f.SetRunningOrNotifyCancel()
			f.Cancel()
			f.SetResult(7)
			f.SetException(errBoom)
			f.SetRunningOrNotifyCancel()
			f.Result(future.Forever)
			t.Equal("what the callbacks have done after "+e.name+", and then every other end again", said.read(), all)

			same := newFuture(t)
			var twice diary
			fn := twice.notes("called")
			same.AddDoneCallback(fn)
			same.AddDoneCallback(fn)
			e.end(same)
			t.Equal("what one function has done that was added twice, after "+e.name, twice.read(), "called, called")
		}
	})
}

// TestCallbackOnDone checks that a callback added to a future that is done is called before AddDoneCallback comes back.
func TestCallbackOnDone(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		notified := ending{"Cancel() and SetRunningOrNotifyCancel()", func(f *ints) bool {
			f.Cancel()
			_, err := f.SetRunningOrNotifyCancel()
			return err == nil
		}, cancelled}
		for _, e := range append(slices.Clone(endings), notified) {
			f := newFuture(t)
			e.end(f)
			var said diary
			for range 2 {
				f.AddDoneCallback(func(g *ints) {
					time.Sleep(time.Second)
					said.write("called")
					looks(t, "in a callback added after "+e.name, g, e.then)
				})
				said.write("back")
			}
			time.Sleep(time.Minute)
			t.Equal("what happens when a callback is added twice after "+e.name, said.read(), "called, back, called, back")
		}
	})
}

// TestCallbackSeesTheEnd checks that the future is done, with its answer, before the first callback is called.
func TestCallbackSeesTheEnd(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, e := range endings {
			f := newFuture(t)
			var seen atomic.Bool
			f.AddDoneCallback(func(g *ints) {
				seen.Store(true)
				looks(t, "in a callback of "+e.name, g, e.then)
			})
			e.end(f)
			t.True("a callback is called by "+e.name, seen.Load())
		}
	})
}

// TestCallbackMayCallTheFuture checks that a callback may wait for the future, try to end it again, and add another
// callback, which is called at once.
func TestCallbackMayCallTheFuture(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, e := range endings {
			f := newFuture(t)
			var said diary
			f.AddDoneCallback(func(g *ints) {
				said.write("1 begins")
				for _, q := range questions {
					t.ErrorIs(q.name+"(Forever) in a callback of "+e.name, q.ask(g, future.Forever), e.then.answer())
				}
				refuses(t, "SetResult(7) in a callback of "+e.name, g.SetResult(7), future.ErrInvalidState)
				refuses(t, "SetException in a callback of "+e.name, g.SetException(errBoom), future.ErrInvalidState)
				t.Equal("Cancel() in a callback of "+e.name, g.Cancel(), e.then.cancelled)
				g.AddDoneCallback(said.notes("inner"))
				said.write("1 ends")
			})
			f.AddDoneCallback(said.notes("2"))
			e.end(f)
			looks(t, "after "+e.name+" and a callback that tried to end it again", f, e.then)
			t.Equal("the callbacks of "+e.name+", the first of which adds another one", said.read(), "1 begins, inner, 1 ends, 2")
		}
	})
}

// TestCallbackBlocksNobody checks that while a callback takes its time, waiters have been woken and every method
// answers at once.
func TestCallbackBlocksNobody(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, e := range endings {
			f := newFuture(t)
			f.AddDoneCallback(func(*ints) { time.Sleep(time.Hour) })
			var second diary
			f.AddDoneCallback(second.notes("called"))
			var awake atomic.Int32
			var busy sync.WaitGroup
			for _, q := range questions {
				busy.Go(func() {
					q.ask(f, future.Forever)
					awake.Add(1)
				})
			}
			synctest.Wait() // both wait
			busy.Go(func() { e.end(f) })
			synctest.Wait() // the first callback sleeps
			story := "while a callback of " + e.name + " takes an hour"
			// This comes before anybody asks: a question may wake the waiters too.
			t.Equal("how many of two waiters are awake "+story, int(awake.Load()), 2)
			t.Takes(story+", calling every method", lab.Exactly(0), func() {
				looks(t, story, f, e.then)
				refuses(t, "SetResult(7) "+story, f.SetResult(7), future.ErrInvalidState)
				refuses(t, "SetException "+story, f.SetException(errBoom), future.ErrInvalidState)
				t.Equal("Cancel() "+story, f.Cancel(), e.then.cancelled)
				var said diary
				f.AddDoneCallback(said.notes("called"))
				t.Equal("what a callback has done that is added "+story, said.read(), "called")
				f.SetRunningOrNotifyCancel()
			})
			t.Equal("what the second callback has done "+story, second.read(), "")
			busy.Wait()
			t.Equal("what the second callback has done when the first is through", second.read(), "called")
		}
	})
}

// TestLateCallbackBlocksNobody checks that every method answers at once while a callback takes its time that was added
// to a future already done.
func TestLateCallbackBlocksNobody(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, e := range endings {
			f := newFuture(t)
			e.end(f)
			var busy sync.WaitGroup
			busy.Go(func() { f.AddDoneCallback(func(*ints) { time.Sleep(time.Hour) }) })
			synctest.Wait() // the callback sleeps
			story := "while a callback added after " + e.name + " takes an hour"
			t.Takes(story+", calling every method", lab.Exactly(0), func() {
				looks(t, story, f, e.then)
				f.SetResult(7)
				f.SetException(errBoom)
				f.Cancel()
				f.SetRunningOrNotifyCancel()
				var said diary
				f.AddDoneCallback(said.notes("called"))
				t.Equal("what another callback has done that is added "+story, said.read(), "called")
			})
			busy.Wait()
		}
	})
}

// TestPanickingCallback checks that a callback that panics is reported to the logger, once, and harms neither the
// other callbacks nor who ends the future.
func TestPanickingCallback(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, e := range endings {
			var said diary
			var f *ints
			f = future.New[int](func(recovered any) {
				time.Sleep(time.Second) // the next callback is not called before this has come back
				said.write("logged %v", recovered)
				looks(t, "in the logger, after "+e.name, f, e.then)
			})
			f.AddDoneCallback(said.notes("1"))
			f.AddDoneCallback(func(*ints) { panic("two") })
			f.AddDoneCallback(said.notes("3"))
			f.AddDoneCallback(func(*ints) { panic(errBoom) })
			f.AddDoneCallback(said.notes("5"))
			t.True(e.name+" is not disturbed by callbacks that panic", e.end(f))
			t.Equal("the callbacks of "+e.name+", of which the second and fourth panic", said.read(), "1, logged two, 3, logged boom, 5")
			f.AddDoneCallback(func(*ints) { panic("late") })
			f.AddDoneCallback(said.notes("7"))
			t.Equal("the same with two more added now, the first of which panics", said.read(), "1, logged two, 3, logged boom, 5, logged late, 7")
			looks(t, "after "+e.name+" and callbacks that panicked", f, e.then)
		}
	})
}

// TestNoLogger checks that without a logger the panic of a callback is dropped.
func TestNoLogger(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, e := range endings {
			f := future.New[int](nil)
			var said diary
			f.AddDoneCallback(func(*ints) { panic("nobody logs this") })
			f.AddDoneCallback(said.notes("2"))
			t.True(e.name+" is not disturbed by a callback that panics, and no logger", e.end(f))
			f.AddDoneCallback(func(*ints) { panic("nor this") })
			t.Equal("the callbacks of "+e.name+" on a future without a logger, the first of which panics", said.read(), "2")
		}
	})
}

// TestFuturesAreApart checks that the end of one future is nothing to another, and that a callback may end another one.
func TestFuturesAreApart(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, e := range endings {
			f, g, h := newFuture(t), newFuture(t), newFuture(t)
			f.AddDoneCallback(func(*ints) { e.end(g) })
			e.end(f)
			looks(t, "after "+e.name+" in a callback of another future", g, e.then)
			looks(t, "after "+e.name+" on two other futures", h, pending)
		}
	})
}

// TestNoRace checks that every method may be called at the same time as every other, in every state.
func TestNoRace(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		states := []func(f *ints){
			func(*ints) {},
			func(f *ints) { f.SetRunningOrNotifyCancel() },
			func(f *ints) { f.Cancel() },
			func(f *ints) { f.SetException(errBoom) },
		}
		for _, state := range states {
			f := newFuture(t)
			state(f)
			// Each method in a goroutine of its own and twice: nothing but the future itself orders them.
			var all sync.WaitGroup
			for range 2 {
				all.Go(func() { f.Done() })
				all.Go(func() { f.Running() })
				all.Go(func() { f.Cancelled() })
				all.Go(func() { f.Result(0) })
				all.Go(func() { f.Exception(0) })
				all.Go(func() { f.Result(time.Hour) })
				all.Go(func() { f.Exception(future.Forever) })
				all.Go(func() { f.AddDoneCallback(func(*ints) {}) })
				all.Go(func() { f.SetRunningOrNotifyCancel() })
				all.Go(func() { f.Cancel() })
				all.Go(func() { f.SetException(errBoom) })
				all.Go(func() { f.SetResult(42) })
			}
			all.Wait()
		}
	})
}

// TestOneSetterWins checks that of many goroutines that call SetResult and SetException at once exactly one ends the
// future, all others are told ErrInvalidState, and the future shows what the winner set.
func TestOneSetterWins(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for range 5 {
			f := newFuture(t)
			var called atomic.Int32
			f.AddDoneCallback(func(*ints) { called.Add(1) })
			var told, exceptions [64]error
			atOnce(len(told), func(i int) {
				if i%2 == 0 {
					told[i] = f.SetResult(i)
					return
				}
				exceptions[i] = fmt.Errorf("exception %d", i)
				told[i] = f.SetException(exceptions[i])
			})
			winner, winners := -1, 0
			for i, err := range told {
				if err == nil {
					winner, winners = i, winners+1
				} else if !refuses(t, "SetResult or SetException of one who came too late, of 64 at once", err, future.ErrInvalidState) {
					return
				}
			}
			if !t.Equal("how many of 64 setters at once are told that they ended the future", winners, 1) ||
				!t.Equal("how often the callback is called when 64 setters come at once", int(called.Load()), 1) {
				return
			}
			want := finished(winner)
			if exceptions[winner] != nil {
				want = failed(exceptions[winner])
			}
			looks(t, fmt.Sprintf("after 64 setters at once, of which setter %d is told that it ended the future", winner), f, want)
		}
	})
}

// atOnce runs do(0) to do(n-1) in goroutines that are let go together, and waits for all of them.
func atOnce(n int, do func(i int)) {
	gate := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-gate
			do(i)
		})
	}
	synctest.Wait() // all stand at the gate
	close(gate)
	all.Wait()
}

// duel calls a and b on one pending future in two goroutines of their own, and returns it when both are back.
func duel(t *lab.T, a, b func(f *ints)) *ints {
	t.Helper()
	f := newFuture(t)
	var both sync.WaitGroup
	both.Go(func() { a(f) })
	both.Go(func() { b(f) })
	both.Wait()
	return f
}

// TestTwoSetters checks that of SetResult and SetException at the same time one ends the future, and the other is told
// that it came too late.
func TestTwoSetters(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var a, b error
		f := duel(t, func(f *ints) { a = f.SetResult(42) }, func(f *ints) { b = f.SetException(errBoom) })
		if !t.Equal("how many of SetResult(42) and SetException(errBoom) at the same time come back without an error", count(a == nil, b == nil), 1) {
			return
		}
		if a == nil {
			looks(t, "after SetResult(42), and SetException(errBoom) that came too late", f, finished(42))
			refuses(t, "SetException that came too late", b, future.ErrInvalidState)
		} else {
			looks(t, "after SetException(errBoom), and SetResult(42) that came too late", f, failed(errBoom))
			refuses(t, "SetResult that came too late", a, future.ErrInvalidState)
		}
	})
}

// count is how many hold.
func count(conditions ...bool) int {
	n := 0
	for _, holds := range conditions {
		if holds {
			n++
		}
	}
	return n
}

// TestCancelOrEnd checks that of Cancel and SetResult at the same time one ends the future, and the other is told that
// it came too late.
func TestCancelOrEnd(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var called atomic.Int32
		var gone, set bool
		f := duel(t,
			func(f *ints) {
				f.AddDoneCallback(func(*ints) { called.Add(1) })
				gone = f.Cancel()
			},
			func(f *ints) { set = f.SetResult(42) == nil },
		)
		t.Equal("how many of Cancel() and SetResult(42) at the same time are told that they ended the future", count(gone, set), 1)
		t.Equal("how often a callback is called where Cancel() and SetResult(42) come at the same time", int(called.Load()), 1)
		if gone {
			looks(t, "after Cancel(), and SetResult(42) that came too late", f, cancelled)
		} else {
			looks(t, "after SetResult(42), and Cancel() that came too late", f, finished(42))
		}
	})
}

// TestRunOrCancel checks that a task is either run or cancelled where an executor takes it just when somebody cancels
// it, and never both.
func TestRunOrCancel(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var run, gone bool
		f := duel(t, func(f *ints) { run, _ = f.SetRunningOrNotifyCancel() }, func(f *ints) { gone = f.Cancel() })
		t.Equal("how many of SetRunningOrNotifyCancel() and Cancel() at the same time say true", count(run, gone), 1)
		if gone {
			looks(t, "after Cancel(), and SetRunningOrNotifyCancel() that came too late", f, cancelled)
		} else {
			looks(t, "after SetRunningOrNotifyCancel(), and Cancel() that came too late", f, running)
		}
	})
}

// TestRunOnce checks that of two executors that take a task at the same time one is told to run it.
func TestRunOnce(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var a, b bool
		duel(t, func(f *ints) { a, _ = f.SetRunningOrNotifyCancel() }, func(f *ints) { b, _ = f.SetRunningOrNotifyCancel() })
		t.Equal("how many of two SetRunningOrNotifyCancel() at the same time say true", count(a, b), 1)
	})
}

// TestNotifiedOnce checks that of two executors that take a cancelled task at the same time one is told not to run it, and the other that it came too late.
func TestNotifiedOnce(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var told [2]error
		f := newFuture(t)
		f.Cancel()
		var both sync.WaitGroup
		for i := range told {
			both.Go(func() {
				run, err := f.SetRunningOrNotifyCancel()
				if run {
					t.Errorf("SetRunningOrNotifyCancel() says that a cancelled task is to be run")
				}
				told[i] = err
			})
		}
		both.Wait()
		t.Equal("how many of two SetRunningOrNotifyCancel() on a cancelled future come back without an error", count(told[0] == nil, told[1] == nil), 1)
		refuses(t, "the other one", errors.Join(told[:]...), future.ErrUnexpectedState)
	})
}

// TestNoCallbackIsLost checks that a callback which is added just when the future ends is called exactly once.
func TestNoCallbackIsLost(t *testing.T) {
	for _, e := range endings {
		lab.Explored(t, func(t *lab.T) {
			var called atomic.Int32
			duel(t, func(f *ints) { f.AddDoneCallback(func(*ints) { called.Add(1) }) }, func(f *ints) { e.end(f) })
			t.Equal("how often a callback is called that is added at the same time as "+e.name, int(called.Load()), 1)
		})
	}
}

// TestNoWaiterIsLost checks that who begins to wait just when the future ends comes back with the answer.
func TestNoWaiterIsLost(t *testing.T) {
	for _, e := range endings {
		lab.Explored(t, func(t *lab.T) {
			var told [2]error
			f := newFuture(t)
			var all sync.WaitGroup
			for i, q := range questions {
				all.Go(func() { told[i] = q.ask(f, future.Forever) })
			}
			all.Go(func() { e.end(f) })
			all.Wait()
			for i, q := range questions {
				t.ErrorIs(q.name+"(Forever) called at the same time as "+e.name, told[i], e.then.answer())
			}
		})
	}
}

// TestTimeoutOrEnd checks that who waits with a timeout which runs out just when the future ends is told either of the
// two, and that nothing is left behind.
func TestTimeoutOrEnd(t *testing.T) {
	for _, e := range endings {
		lab.Explored(t, func(t *lab.T) {
			var told error
			f := duel(t,
				func(f *ints) { _, told = f.Result(time.Second) },
				func(f *ints) { time.Sleep(time.Second); e.end(f) },
			)
			if !errors.Is(told, future.ErrTimeout) {
				t.ErrorIs("Result(1s), where "+e.name+" comes after one second", told, e.then.answer())
			}
			looks(t, "after "+e.name, f, e.then)
		})
	}
}
