package executor_test

import (
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/python-concurrency/kata/katas/futures/executor"
	"github.com/python-concurrency/kata/katas/lab"
)

type (
	future = executor.Future
	task   = func() (any, error)
)

var errBoom = errors.New("boom")

// with is Python's "with ThreadPoolExecutor(workers) as e": the body, and a shutdown that waits.
func with(workers int, body func(e *executor.Executor)) {
	e := executor.New(workers)
	body(e)
	e.Shutdown(true, false)
}

// submit submits a task to an executor that must take it.
func submit(t *lab.T, e *executor.Executor, run task) *future {
	t.Helper()
	f, ok := offer(t, e, run)
	if !ok {
		t.FailNow()
	}
	return f
}

// offer is submit for goroutines that must not end the test. Where no future is to be had, it returns one that is cancelled.
func offer(t *lab.T, e *executor.Executor, run task) (*future, bool) {
	t.Helper()
	f, err := e.Submit(run)
	if t.ErrorIs("the error of Submit to an executor that is not shut down", err, nil) &&
		t.True("Submit returns a future where it returns no error", f != nil) {
		return f, true
	}
	f = executor.NewFuture()
	f.Cancel()
	return f, false
}

// refused submits a task that must be refused, and is not to be run.
func refused(t *lab.T, when string, e *executor.Executor) {
	t.Helper()
	_, err := e.Submit(func() (any, error) {
		t.Errorf("a task was run that was submitted %s", when)
		return nil, nil
	})
	t.ErrorIs("the error of Submit "+when, err, executor.ErrShutdown)
}

// maps calls Map on an executor that must take all of it.
func maps(t *lab.T, e *executor.Executor, fn func(any) (any, error), args ...any) iter.Seq2[any, error] {
	t.Helper()
	results, err := e.Map(fn, args...)
	if !t.ErrorIs("the error of Map on an executor that is not shut down", err, nil) {
		t.FailNow()
	}
	if results == nil {
		t.Fatal("Map returned nothing to range over")
	}
	return results
}

// ends wants that a future is done, with that result.
func ends(t *lab.T, what string, f *future, want any) {
	t.Helper()
	got, err := f.Result(0)
	t.ErrorIs("the exception of "+what, err, nil)
	t.Equal("the result of "+what, got, want)
}

// finish waits for futures one by one. A shutdown would wake workers that should have been woken before.
func finish(fs ...*future) {
	for _, f := range fs {
		f.Result(forever)
	}
}

// after is a task that takes d and returns value.
func after(d time.Duration, value any) task {
	return func() (any, error) { time.Sleep(d); return value, nil }
}

// worker names the goroutine that it is called in.
func worker() (any, error) {
	stack := make([]byte, 64)
	name, _, _ := strings.Cut(string(stack[:runtime.Stack(stack, false)]), " [")
	return name, nil
}

// goroutines counts those there are.
func goroutines() int {
	synctest.Wait()
	return runtime.NumGoroutine()
}

// set ends a pending future.
func set(f *future, result any, exception error) {
	f.SetRunningOrNotifyCancel()
	f.Set(result, exception)
}

// pending are n futures that belong to no executor.
func pending(n int) []*future {
	fs := make([]*future, n)
	for i := range fs {
		fs[i] = executor.NewFuture()
	}
	return fs
}

// list is what tasks note, in its order. Tasks that should not run at the same time may do so all the same.
type list struct {
	mu    sync.Mutex
	items []int
}

func (l *list) note(i int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.items = append(l.items, i)
}

// which names some of the futures all: "0 2".
func which(all []*future, some ...*future) string {
	names := []string{}
	for _, f := range some {
		switch i := slices.Index(all, f); {
		case f == nil:
			names = append(names, "nil")
		case i < 0:
			names = append(names, "a stranger")
		default:
			names = append(names, fmt.Sprint(i))
		}
	}
	return strings.Join(names, " ")
}

// together runs all at the same time and waits for them.
func together(calls ...func()) {
	var all sync.WaitGroup
	for _, call := range calls {
		all.Go(call)
	}
	all.Wait()
}

// meet submits two tasks that can only end if they run at the same time, one right behind the other.
func meet(t *lab.T, e *executor.Executor, two *lab.Rendezvous) {
	t.Helper()
	arrive := func() (any, error) { two.Arrive(); return nil, nil }
	f := submit(t, e, arrive)
	finish(f, submit(t, e, arrive))
}

// TestResults checks that the future of a task has its result or its exception when the task has ended, and not before.
func TestResults(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		with(2, func(e *executor.Executor) {
			var f, g *future
			t.Takes("Submit of two tasks", lab.Exactly(0), func() {
				f = submit(t, e, after(time.Second, 42))
				g = submit(t, e, func() (any, error) { return nil, errBoom })
			})
			t.True("the future is not done while its task runs", !f.Done())
			t.Takes("Result of a task that takes a second", lab.Exactly(time.Second), func() { f.Result(forever) })
			ends(t, "a task that returned 42", f, 42)
			_, err := g.Result(0)
			t.ErrorIs("the exception of a task that returned an error", err, errBoom)
		})
	})
}

// TestFirstInFirstOut checks that a task begins in the moment in which a worker is free and it is the oldest.
func TestFirstInFirstOut(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		start := time.Now()
		seconds := []int{4, 1, 2, 2, 3, 1}
		begun := make([]string, len(seconds))
		with(2, func(e *executor.Executor) {
			var fs []*future
			for i, s := range seconds {
				fs = append(fs, submit(t, e, func() (any, error) {
					defer t.Timeline().Start(fmt.Sprintf("task %d", i))()
					begun[i] = time.Since(start).String()
					time.Sleep(time.Duration(s) * time.Second)
					return nil, nil
				}))
			}
			finish(fs...)
		})
		want := []string{"0s", "0s", "1s", "3s", "4s", "5s"}
		if !slices.Equal(begun, want) {
			t.Timing(fmt.Sprintf("two workers, and tasks of %v seconds submitted at once: when they began", seconds), fmt.Sprint(want), fmt.Sprint(begun))
		}
	})
}

// TestOrder checks that a single worker begins the tasks in the order in which they were submitted.
func TestOrder(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var ran list
		var want []int
		with(1, func(e *executor.Executor) {
			var fs []*future
			for i := range 20 {
				fs = append(fs, submit(t, e, func() (any, error) { ran.note(i); return nil, nil }))
				want = append(want, i)
			}
			finish(fs...)
		})
		t.Equal("the order in which one worker ran twenty tasks", ran.items, want)
	})
}

// TestMaxWorkers checks that maxWorkers tasks run at the same time, where there are so many, and never more.
func TestMaxWorkers(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, workers := range []int{1, 3, 8} {
			var inside, most atomic.Int32
			rounds := time.Duration((16 + workers - 1) / workers)
			bound := lab.Exactly(rounds * time.Second)
			if workers > 1 {
				bound = bound.Sequential(16*time.Second, "the tasks")
			}
			t.Takes(fmt.Sprintf("with %d workers, 16 tasks of one second", workers), bound, func() {
				with(workers, func(e *executor.Executor) {
					var fs []*future
					for i := range 16 {
						fs = append(fs, submit(t, e, func() (any, error) {
							defer t.Timeline().Start(fmt.Sprintf("task %d", i))()
							for n := inside.Add(1); n > most.Load(); n = inside.Load() {
								most.Store(n)
							}
							time.Sleep(time.Second)
							inside.Add(-1)
							return nil, nil
						}))
					}
					finish(fs...)
				})
			})
			if n := int(most.Load()); n > workers {
				t.Errorf("with %d workers, %d tasks ran at the same time", workers, n)
			}
		}
	})
}

// TestSubmitDoesNotWait checks that any number of tasks can be queued while all workers are busy.
func TestSubmitDoesNotWait(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const tasks = 20_000
		var ran atomic.Int32
		with(1, func(e *executor.Executor) {
			last := submit(t, e, after(time.Second, nil))
			t.Takes(fmt.Sprintf("submitting %d tasks while the only worker is busy", tasks), lab.Exactly(0), func() {
				for range tasks {
					last = submit(t, e, func() (any, error) { ran.Add(1); return nil, nil })
				}
			})
			finish(last)
		})
		t.Equal("how many of them were run", int(ran.Load()), tasks)
	})
}

// TestIdleWorkersAreReused checks that a task is taken by a worker that is idle, and that no other is started for it.
func TestIdleWorkersAreReused(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		with(5, func(e *executor.Executor) {
			var first any
			for i := range 10 {
				got, _ := submit(t, e, worker).Result(forever)
				synctest.Wait() // the worker is idle
				if first == nil {
					first = got
				}
				if got != first {
					t.Fatalf("task 0 ran in %v, which is idle since; for task %d another worker was started, %v", first, i, got)
				}
			}
			workers := map[any]bool{}
			for range 4 {
				three := t.Rendezvous("three tasks in a pool of five workers", 3)
				fs := []*future{}
				for range 3 {
					fs = append(fs, submit(t, e, func() (any, error) { three.Arrive(); return worker() }))
				}
				for _, f := range fs {
					got, _ := f.Result(forever)
					workers[got] = true
				}
				synctest.Wait()
			}
			t.Equal("how many workers there are in a pool of five where there were never more than three tasks at a time", len(workers), 3)
		})
	})
}

// TestIdleIsWhoHasNoTaskToCome checks that one idle worker is not counted upon for two tasks.
func TestIdleIsWhoHasNoTaskToCome(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for busy := range 3 {
			with(busy+2, func(e *executor.Executor) {
				submit(t, e, worker)
				synctest.Wait() // one worker is idle
				for range busy {
					submit(t, e, after(time.Minute, nil))
				}
				synctest.Wait()
				two := t.Rendezvous(fmt.Sprintf("two tasks submitted one right behind the other, in a pool of %d workers of which %d are busy,", busy+2, busy), 2)
				meet(t, e, two)
			})
		}
	})
}

// TestWorkersAreStartedForTasks checks that a new executor has no workers, and gets no more than its tasks need.
func TestWorkersAreStartedForTasks(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const many = 100
		before := goroutines()
		with(many, func(e *executor.Executor) {
			if n := goroutines() - before; n >= many {
				t.Errorf("New(%d) started %d goroutines: a worker is started when there is a task for it", many, n)
			}
			for range 3 {
				submit(t, e, worker)
				synctest.Wait()
			}
			if n := goroutines() - before; n >= many {
				t.Errorf("after three tasks, one after the other, an executor with %d workers at the most has %d goroutines: a worker is started when there is a task for it", many, n)
			}
		})
	})
}

// TestACallbackKeepsTheWorkerBusy checks that a worker is not idle before the done callbacks of its task have returned.
func TestACallbackKeepsTheWorkerBusy(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for workers, want := range map[int]time.Duration{1: time.Hour, 2: 0} {
			with(workers, func(e *executor.Executor) {
				f := submit(t, e, after(time.Second, nil))
				f.AddDoneCallback(func(*future) { time.Sleep(time.Hour) })
				f.Result(forever)
				synctest.Wait() // the callback sleeps
				t.Takes(fmt.Sprintf("Result of another task in a pool of %d, while a done callback of the first one takes an hour,", workers), lab.Exactly(want), func() {
					submit(t, e, worker).Result(forever)
				})
			})
		}
	})
}

// TestPanic checks that a panic becomes the exception of its task, and that the worker runs the next one.
func TestPanic(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		with(1, func(e *executor.Executor) {
			before, _ := submit(t, e, worker).Result(forever)
			for _, value := range []any{"spilt milk", errBoom} {
				_, err := submit(t, e, func() (any, error) { panic(value) }).Result(forever)
				var exception executor.PanicError
				if !errors.As(err, &exception) {
					t.Fatalf("the exception of a task that panicked must be a PanicError, and is %v", err)
				}
				t.Equal("the Value of the PanicError", exception.Value, value)
				t.Equal("what a PanicError says", exception.Error(), fmt.Sprintf("the task panicked: %v", value))
			}
			behind, _ := submit(t, e, worker).Result(forever)
			t.Equal("the worker that ran a task after two that panicked", behind, before)
		})
	})
}

// TestCancelledBeforeItBegan checks that a task whose future was cancelled while it was queued is not run, and that one
// that runs cannot be cancelled.
func TestCancelledBeforeItBegan(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		with(1, func(e *executor.Executor) {
			f := submit(t, e, after(time.Second, 1))
			g := submit(t, e, func() (any, error) { t.Error("a task was run that was cancelled while it was queued"); return nil, nil })
			h := submit(t, e, after(time.Second, 3))
			synctest.Wait() // the first one runs
			t.True("Cancel is refused while the task runs", !f.Cancel())
			t.True("Cancel cancels a task that is queued", g.Cancel())
			t.Takes("two tasks of a second, and between them one that is cancelled,", lab.Exactly(2*time.Second), func() { h.Result(forever) })
			ends(t, "the task that was to be cancelled while it ran", f, 1)
			ends(t, "the task behind the cancelled one", h, 3)
			_, err := g.Result(0)
			t.ErrorIs("the exception of the cancelled one", err, executor.ErrCancelled)
		})
	})
}

// TestATaskMayWaitForAnother checks that a task may submit another one and wait for it where there is a worker left, and
// that a done callback may submit as well.
func TestATaskMayWaitForAnother(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		with(3, func(e *executor.Executor) {
			f := submit(t, e, func() (any, error) {
				middle, _ := offer(t, e, func() (any, error) {
					inner, _ := offer(t, e, after(time.Second, "innermost"))
					return inner.Result(forever)
				})
				return middle.Result(forever)
			})
			t.Takes("a task that waits for a task that waits for a task of one second, in a pool of three,", lab.Exactly(time.Second), func() { f.Result(forever) })
			ends(t, "the outermost", f, "innermost")
		})
		with(1, func(e *executor.Executor) {
			var g atomic.Pointer[future]
			f := submit(t, e, after(time.Second, nil))
			f.AddDoneCallback(func(*future) {
				second, _ := offer(t, e, after(time.Second, "second"))
				g.Store(second)
			})
			time.Sleep(3 * time.Second)
			ends(t, "a task that a done callback submitted", g.Load(), "second")
		})
	})
}

// TestAFullPool checks that tasks which wait for other tasks of the same full pool wait in vain, until one of them gives up.
func TestAFullPool(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for workers := 1; workers <= 2; workers++ {
			start := time.Now()
			inner, told := make([]*future, workers), make([]error, workers)
			with(workers, func(e *executor.Executor) {
				var outer []*future
				for i := range workers {
					outer = append(outer, submit(t, e, func() (any, error) {
						time.Sleep(time.Second) // until all workers are occupied
						inner[i], _ = offer(t, e, func() (any, error) { return time.Since(start), nil })
						_, told[i] = inner[i].Result(time.Duration(1+i) * time.Second)
						return nil, nil
					}))
				}
				finish(outer...)
				finish(inner...)
			})
			pool := fmt.Sprintf("in a pool of %d, all of whose workers run a task that waits for another task of the pool", workers)
			t.ErrorIs("the error of Result(1s) "+pool, told[0], executor.ErrTimeout)
			for i, f := range inner {
				ends(t, "a task that was waited for until the first of them gave up, after 2s: when it began,", f, 2*time.Second)
				if i > 0 {
					t.ErrorIs("the error of Result(2s) "+pool+", one of which has given up", told[i], nil)
				}
			}
		}
	})
}

// TestMapKeepsTheOrder checks that the results of Map come in the order of the arguments, whoever is ready first, and with
// one worker as well.
func TestMapKeepsTheOrder(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		with(1, func(e *executor.Executor) {
			var got []any
			for result := range maps(t, e, func(arg any) (any, error) { return arg, nil }, 1, 2, 3) {
				got = append(got, result)
			}
			t.Equal("the results of Map with one worker, where each call returns its argument", got, []any{1, 2, 3})
		})
		with(4, func(e *executor.Executor) {
			var got []any
			t.Takes("Map over calls of 4, 3, 2 and 1 seconds with four workers", lab.Exactly(4*time.Second).Sequential(10*time.Second, "the calls"), func() {
				for result, err := range maps(t, e, func(arg any) (any, error) {
					time.Sleep(time.Duration(arg.(int)) * time.Second)
					return arg, nil
				}, 4, 3, 2, 1) {
					t.ErrorIs("the exception of a call that has none", err, nil)
					got = append(got, result)
				}
			})
			t.Equal("the results of Map, where each call returns its argument and the last is ready first", got, []any{4, 3, 2, 1})
			for result := range maps(t, e, worker2) {
				t.Errorf("Map over no arguments has a result: %v", result)
			}
		})
	})
}

// worker2 is worker for Map.
func worker2(any) (any, error) { return worker() }

// TestMapIsLazyInItsResults checks that Map comes back at once, with all calls submitted, and that each result comes as
// soon as it can.
func TestMapIsLazyInItsResults(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		start := time.Now()
		with(2, func(e *executor.Executor) {
			var results iter.Seq2[any, error]
			var begun atomic.Int32
			t.Takes("Map itself", lab.Exactly(0), func() {
				results = maps(t, e, func(arg any) (any, error) {
					begun.Add(1)
					time.Sleep(time.Duration(arg.(int)) * time.Second)
					return arg, nil
				}, 2, 1, 3, 1)
			})
			synctest.Wait()
			t.Equal("how many calls two workers have begun before anybody ranges over the results", int(begun.Load()), 2)
			var at []string
			for range results {
				at = append(at, time.Since(start).String())
			}
			want := []string{"2s", "2s", "4s", "4s"}
			if !slices.Equal(at, want) {
				t.Timing("Map over calls of 2, 1, 3 and 1 seconds with two workers: when the results came", fmt.Sprint(want), fmt.Sprint(at))
			}
		})
	})
}

// TestMapWithoutRange checks that the calls of Map are run though nobody ranges over the results.
func TestMapWithoutRange(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var ran atomic.Int32
		with(1, func(e *executor.Executor) {
			maps(t, e, func(any) (any, error) { ran.Add(1); return nil, nil }, 1, 2, 3)
		})
		t.Equal("how many of three calls of Map were run before Shutdown(true, false) came back", int(ran.Load()), 3)
	})
}

// TestMapEnds checks that an exception comes in its place and is the last, and that a range over the results that ends
// early, in whatever way, cancels the calls that have not begun and no others.
func TestMapEnds(t *testing.T) {
	type results = iter.Seq2[any, error]
	ways := []struct {
		how  string
		fail error // of the second call
		loop func(all results, note func(any, error) int)
		got  string
	}{
		{"a break", nil, func(all results, note func(any, error) int) {
			for result, err := range all {
				if note(result, err) == 2 {
					break
				}
			}
		}, "0, 1"},
		{"a panic in the loop", nil, func(all results, note func(any, error) int) {
			defer func() { recover() }()
			for result, err := range all {
				if note(result, err) == 2 {
					panic("in the loop")
				}
			}
		}, "0, 1"},
		{"an exception", errBoom, func(all results, note func(any, error) int) {
			for result, err := range all {
				note(result, err)
			}
		}, "0, exception boom"},
		{"a break at an exception", errBoom, func(all results, note func(any, error) int) {
			for result, err := range all {
				if note(result, err); err != nil {
					break
				}
			}
		}, "0, exception boom"},
	}
	lab.Virtual(t, func(t *lab.T) {
		for _, way := range ways {
			var ran [6]atomic.Bool
			var got []string
			with(2, func(e *executor.Executor) {
				all := maps(t, e, func(arg any) (any, error) {
					i := arg.(int)
					ran[i].Store(true)
					switch i {
					case 0, 1:
						time.Sleep(time.Second)
					default:
						time.Sleep(time.Minute)
					}
					if i == 1 {
						return i, way.fail
					}
					return i, nil
				}, 0, 1, 2, 3, 4, 5)
				time.Sleep(2 * time.Second) // 0 and 1 have ended, 2 and 3 run
				t.Takes("the range over the results of Map, which are there, up to "+way.how+", while other calls run", lab.Exactly(0), func() {
					way.loop(all, func(result any, err error) int {
						if err != nil {
							t.Equal("the result that comes with an exception", result, nil)
							result = fmt.Sprint("exception ", err)
						}
						got = append(got, fmt.Sprint(result))
						return len(got)
					})
				})
			})
			t.Equal("what the range over the results of Map gave up to "+way.how, strings.Join(got, ", "), way.got)
			for i := range ran {
				switch {
				case i < 4 && !ran[i].Load():
					t.Errorf("call %d of Map was not run: only those are cancelled that have not begun when the range ends by %s", i, way.how)
				case i >= 4 && ran[i].Load():
					t.Errorf("call %d of Map had not begun when the range ended by %s, and was run all the same", i, way.how)
				}
			}
		}
	})
}

// TestMapOfCancelledCalls checks that a call that was cancelled ends the range over the results with ErrCancelled.
func TestMapOfCancelledCalls(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		e := executor.New(1)
		all := maps(t, e, func(arg any) (any, error) { time.Sleep(time.Second); return arg, nil }, 0, 1, 2)
		synctest.Wait() // the first one runs
		e.Shutdown(true, true)
		var got []any
		for result, err := range all {
			if err != nil {
				t.ErrorIs("the exception of a call that was cancelled", err, executor.ErrCancelled)
				result = "cancelled"
			}
			got = append(got, result)
		}
		t.Equal("the results of three calls, the last two of which were cancelled", got, []any{0, "cancelled"})
	})
}

// waiting is one case for Wait: what becomes of three pending futures, and what is to be seen.
type waiting struct {
	when    executor.ReturnWhen
	timeout time.Duration
	// ends says how they end, one after another, one second apart.
	ends []ending
	took time.Duration
	// done are those of 0, 1 and 2 that are done then.
	done, notDone string
}

// ending is how a future ends.
type ending struct {
	future int
	how    string
}

func (w waiting) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Wait of futures 0, 1 and 2 for %s", map[executor.ReturnWhen]string{
		executor.AllCompleted: "AllCompleted", executor.FirstCompleted: "FirstCompleted", executor.FirstException: "FirstException",
	}[w.when])
	if w.timeout != forever {
		fmt.Fprintf(&b, " with a timeout of %v", w.timeout)
	}
	for i, end := range w.ends {
		fmt.Fprintf(&b, ", %d %s after %ds", end.future, end.how, i+1)
	}
	return b.String()
}

// end ends a future as is said.
func (end ending) end(fs []*future) {
	switch f := fs[end.future]; end.how {
	case "returns":
		set(f, end.future, nil)
	case "fails":
		set(f, nil, errBoom)
	case "fails with ErrCancelled":
		set(f, nil, executor.ErrCancelled)
	case "is cancelled":
		f.Cancel()
	}
}

const (
	all       = executor.AllCompleted
	first     = executor.FirstCompleted
	exception = executor.FirstException
	forever   = executor.Forever
)

var waitings = []waiting{
	{all, forever, []ending{{2, "returns"}, {0, "fails"}, {1, "is cancelled"}}, 3 * time.Second, "0 1 2", ""},
	{all, 2500 * time.Millisecond, []ending{{2, "returns"}, {0, "fails"}, {1, "returns"}}, 2500 * time.Millisecond, "0 2", "1"},
	{all, 1500 * time.Millisecond, []ending{{1, "fails"}}, 1500 * time.Millisecond, "1", "0 2"},
	{first, forever, []ending{{2, "returns"}, {0, "returns"}}, time.Second, "2", "0 1"},
	{first, forever, []ending{{1, "fails"}}, time.Second, "1", "0 2"},
	{first, forever, []ending{{0, "is cancelled"}}, time.Second, "0", "1 2"},
	{first, 500 * time.Millisecond, []ending{{0, "returns"}}, 500 * time.Millisecond, "", "0 1 2"},
	{exception, forever, []ending{{2, "returns"}, {0, "fails"}, {1, "returns"}}, 2 * time.Second, "0 2", "1"},
	{exception, forever, []ending{{2, "is cancelled"}, {0, "returns"}, {1, "fails"}}, 3 * time.Second, "0 1 2", ""},
	{exception, forever, []ending{{1, "fails with ErrCancelled"}, {0, "returns"}}, time.Second, "1", "0 2"},
	{exception, forever, []ending{{2, "is cancelled"}, {1, "fails"}}, 2 * time.Second, "1 2", "0"},
	{exception, forever, []ending{{0, "returns"}, {1, "returns"}, {2, "returns"}}, 3 * time.Second, "0 1 2", ""},
	{exception, 1500 * time.Millisecond, []ending{{0, "returns"}, {1, "fails"}}, 1500 * time.Millisecond, "0", "1 2"},
	{all, 0, []ending{{0, "returns"}}, 0, "", "0 1 2"},
	{first, 0, []ending{{0, "returns"}}, 0, "", "0 1 2"},
	{exception, -time.Second, []ending{{0, "fails"}}, 0, "", "0 1 2"},
}

// TestWait checks that Wait comes back in the moment in which what it waits for is so, or the time is up, and parts the futures
// into those that are done then and those that are not.
func TestWait(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, w := range waitings {
			fs := pending(3)
			together(
				func() {
					var done, notDone []*future
					t.Takes(w.String(), lab.Exactly(w.took), func() { done, notDone = executor.Wait(fs, w.timeout, w.when) })
					t.Equal(w.String()+": done", which(fs, done...), w.done)
					t.Equal(w.String()+": not done", which(fs, notDone...), w.notDone)
				},
				func() {
					for _, end := range w.ends {
						time.Sleep(time.Second)
						end.end(fs)
					}
				},
			)
		}
	})
}

// TestWaitForWhatIsDone checks that Wait does not wait where what it waits for is so already, and counts what was done before.
func TestWaitForWhatIsDone(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, timeout := range []time.Duration{forever, 0, -1} {
			for _, c := range []struct {
				when          executor.ReturnWhen
				ended         []ending
				done, notDone string
			}{
				{all, []ending{{2, "returns"}, {1, "fails"}, {0, "is cancelled"}}, "0 1 2", ""},
				{first, []ending{{1, "returns"}}, "1", "0 2"},
				{first, []ending{{2, "is cancelled"}, {1, "returns"}}, "1 2", "0"},
				{exception, []ending{{2, "returns"}, {1, "fails"}}, "1 2", "0"},
				{exception, []ending{{2, "returns"}, {0, "is cancelled"}, {1, "returns"}}, "0 1 2", ""},
			} {
				fs := pending(3)
				for _, end := range c.ended {
					end.end(fs)
				}
				w := waiting{when: c.when, timeout: timeout}
				what := fmt.Sprintf("%v, where these have ended before: %v", w, c.ended)
				t.Takes(what, lab.Exactly(0), func() {
					done, notDone := executor.Wait(fs, timeout, c.when)
					t.Equal(what+": done", which(fs, done...), c.done)
					t.Equal(what+": not done", which(fs, notDone...), c.notDone)
				})
			}
			for _, when := range []executor.ReturnWhen{all, first, exception} {
				t.Takes("Wait of no futures at all", lab.Exactly(0), func() {
					done, notDone := executor.Wait(nil, timeout, when)
					t.Equal("how many futures Wait of none returns", len(done)+len(notDone), 0)
				})
			}
		}
		fs := pending(3)
		set(fs[0], nil, nil)
		go func() { time.Sleep(time.Second); fs[2].Cancel(); time.Sleep(time.Second); set(fs[1], nil, errBoom) }()
		t.Takes("Wait for FirstException where 0 has returned before, 2 is cancelled after a second and 1 fails after two", lab.Exactly(2*time.Second), func() {
			done, _ := executor.Wait(fs, forever, exception)
			t.Equal("those that are done then", which(fs, done...), "0 1 2")
		})
	})
}

// TestWaitCountsEachOnce checks that a future that is given twice is waited for and returned once.
func TestWaitCountsEachOnce(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		fs := pending(3)
		twice := []*future{fs[1], fs[0], fs[1], fs[2], fs[0]}
		set(fs[0], nil, nil)
		go func() {
			time.Sleep(time.Second)
			set(fs[1], nil, nil)
			time.Sleep(time.Second)
			set(fs[2], nil, nil)
		}()
		t.Takes("Wait with a timeout of 1.5s for five futures, two of which are there twice", lab.Exactly(1500*time.Millisecond), func() {
			done, notDone := executor.Wait(twice, 1500*time.Millisecond, all)
			t.Equal("done, of the futures 1 0 1 2 0", which(fs, done...), "1 0")
			t.Equal("not done, of the futures 1 0 1 2 0", which(fs, notDone...), "2")
		})
		t.Takes("Wait for all of five futures, two of which are there twice, and the last of which ends after half a second", lab.Exactly(500*time.Millisecond), func() {
			done, _ := executor.Wait(twice, forever, all)
			t.Equal("done, of the futures 1 0 1 2 0", which(fs, done...), "1 0 2")
		})
		t.Equal("what Wait was given, afterwards", which(fs, twice...), "1 0 1 2 0")
	})
}

// TestWaitInALoop checks that the tasks of a pool can be collected by waiting for the next one, again and again.
func TestWaitInALoop(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		with(2, func(e *executor.Executor) {
			var fs []*future
			for _, s := range []int{3, 1, 4, 1} {
				fs = append(fs, submit(t, e, after(time.Duration(s)*time.Second, s)))
			}
			start := time.Now()
			var got []string
			for left := fs; len(left) > 0 && len(got) <= len(fs); {
				var done []*future
				done, left = executor.Wait(left, forever, first)
				got = append(got, fmt.Sprintf("%s at %v", which(fs, done...), time.Since(start)))
			}
			t.Equal("two workers, and tasks of 3, 1, 4 and 1 seconds: which of them Wait for FirstCompleted gives", got, []string{"1 at 1s", "0 at 3s", "3 at 4s", "2 at 5s"})
		})
	})
}

// completes ranges over AsCompleted and notes what comes and when, since start.
func completes(t *lab.T, start time.Time, fs []*future, all iter.Seq2[*future, error]) []string {
	t.Helper()
	var got []string
	for f, err := range all {
		what := which(fs, f)
		if err != nil {
			t.ErrorIs("the error that AsCompleted gives", err, executor.ErrTimeout)
			t.True("no future comes with the error", f == nil)
			what = "timeout"
		} else if f != nil {
			t.True("what AsCompleted gives is done", f.Done())
		}
		got = append(got, fmt.Sprintf("%s at %v", what, time.Since(start)))
	}
	return got
}

// TestAsCompleted checks that the futures come in the moments in which they get done, however they end, each once.
func TestAsCompleted(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		fs := pending(4)
		go func() {
			for _, end := range []ending{{2, "returns"}, {0, "fails"}, {3, "is cancelled"}, {1, "returns"}} {
				time.Sleep(time.Second)
				end.end(fs)
			}
		}()
		twice := []*future{fs[0], fs[1], fs[0], fs[2], fs[3], fs[2]}
		got := completes(t, time.Now(), fs, executor.AsCompleted(twice, forever))
		want := []string{"2 at 1s", "0 at 2s", "3 at 3s", "1 at 4s"}
		if !slices.Equal(got, want) {
			t.Timing("AsCompleted of the futures 0, 1, 0, 2, 3 and 2, which end in the order 2, 0, 3, 1, a second apart", fmt.Sprint(want), fmt.Sprint(got))
		}
		t.Equal("what AsCompleted was given, afterwards", which(fs, twice...), "0 1 0 2 3 2")
	})
}

// TestAsCompletedOfWhatIsDone checks that those futures come first that are done when the range begins, whatever the timeout.
func TestAsCompletedOfWhatIsDone(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for range 20 { // a select takes any of the cases that are ready
			for _, timeout := range []time.Duration{forever, 0, -time.Second} {
				fs := pending(3)
				set(fs[2], nil, errBoom)
				fs[0].Cancel()
				set(fs[1], 1, nil)
				start := time.Now()
				got := completes(t, start, fs, executor.AsCompleted(fs, timeout))
				slices.Sort(got)
				if want := []string{"0 at 0s", "1 at 0s", "2 at 0s"}; !t.Equal(fmt.Sprintf("what AsCompleted gives of three futures that are done, with a timeout of %v", timeout), got, want) {
					return
				}
				t.Equal("what AsCompleted gives of no futures", len(completes(t, start, fs, executor.AsCompleted(nil, timeout))), 0)
			}
			for _, timeout := range []time.Duration{0, -time.Second} {
				fs := pending(2)
				set(fs[1], nil, nil)
				start := time.Now()
				got := completes(t, start, fs, executor.AsCompleted(fs, timeout))
				if !t.Equal(fmt.Sprintf("what AsCompleted gives of a future that is not done and one that is, with a timeout of %v", timeout), got, []string{"1 at 0s", "timeout at 0s"}) {
					return
				}
			}
		}
	})
}

// TestAsCompletedTimesOut checks that ErrTimeout comes when the time is up, once, and is the last, and that the time counts from
// the beginning of the range.
func TestAsCompletedTimesOut(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		fs := pending(4)
		start := time.Now()
		go func() {
			for i, f := range fs {
				time.Sleep(time.Second)
				set(f, i, nil)
			}
		}()
		seq := executor.AsCompleted(fs, 2*time.Second)
		time.Sleep(500 * time.Millisecond)
		got := completes(t, start, fs, seq)
		want := []string{"0 at 1s", "1 at 2s", "timeout at 2.5s"}
		if !slices.Equal(got, want) {
			t.Timing("AsCompleted with a timeout of 2s, ranged over from 0.5s on, of futures that end after 1, 2, 3 and 4 seconds", fmt.Sprint(want), fmt.Sprint(got))
		}
	})
}

// TestLeavingAsCompleted checks that a range that breaks gives nothing more, and holds up nobody who ends the futures that are left.
func TestLeavingAsCompleted(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		with(2, func(e *executor.Executor) {
			var fs []*future
			for i := range 6 {
				fs = append(fs, submit(t, e, after(time.Second, i)))
			}
			t.Takes("a loop over AsCompleted that breaks at once, and three rounds of two tasks of a second,", lab.Exactly(3*time.Second), func() {
				for range executor.AsCompleted(fs, forever) {
					break
				}
				done, _ := executor.Wait(fs, forever, all)
				t.Equal("how many of the six tasks have ended", len(done), 6)
			})
			for i, f := range fs {
				ends(t, fmt.Sprintf("task %d", i), f, i)
			}
		})
		never := pending(2) // nobody ever ends these
		executor.Wait(never, time.Second, all)
		set(never[0], nil, nil)
		executor.Wait(never, forever, first)
		for range executor.AsCompleted(never, time.Second) {
		}
		for range executor.AsCompleted(never, forever) {
			break
		}
	})
}

// TestTheLoopMayDoAnything checks that the body of a loop over AsCompleted may end the other futures, submit tasks, take its
// time and wait by other means.
func TestTheLoopMayDoAnything(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		fs := pending(3)
		go func() { time.Sleep(time.Second); set(fs[1], nil, nil) }()
		start := time.Now()
		var got []string
		for f := range executor.AsCompleted(fs, forever) {
			got = append(got, fmt.Sprintf("%s at %v", which(fs, f), time.Since(start)))
			switch f {
			case fs[1]:
				fs[0].Cancel()
				executor.Wait(fs, time.Second, all)
			case fs[0]:
				set(fs[2], nil, nil)
				executor.Wait(fs, forever, all)
				for range executor.AsCompleted(fs, forever) {
				}
			}
		}
		want := []string{"1 at 1s", "0 at 2s", "2 at 2s"}
		if !slices.Equal(got, want) {
			t.Timing("a loop over AsCompleted, which at 1 cancels 0 and waits for a second, and at 0 ends 2", fmt.Sprint(want), fmt.Sprint(got))
		}
	})
}

// TestShutdownWaits checks that Shutdown(true, false) lets everything run that was submitted, comes back when the last
// task has ended, and that nothing is taken any more.
func TestShutdownWaits(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		e := executor.New(2)
		var fs []*future
		for i := range 5 {
			fs = append(fs, submit(t, e, after(time.Second, i)))
		}
		fs[4].AddDoneCallback(func(*future) { time.Sleep(time.Second) })
		go func() {
			time.Sleep(500 * time.Millisecond)
			t.Takes("Submit while Shutdown(true, false) waits", lab.Exactly(0), func() { refused(t, "while Shutdown(true, false) waits", e) })
		}()
		t.Takes("Shutdown(true, false) of two workers with five tasks of a second, the last of which has a done callback that takes another one,", lab.Exactly(4*time.Second), func() { e.Shutdown(true, false) })
		for i, f := range fs {
			ends(t, fmt.Sprintf("task %d, when Shutdown(true, false) has returned", i), f, i)
		}
		refused(t, "after Shutdown(true, false)", e)
		_, err := e.Map(worker2, 1, 2)
		t.ErrorIs("the error of Map after Shutdown(true, false)", err, executor.ErrShutdown)
	})
}

// TestShutdownThatDoesNotWait checks that Shutdown(false, false) comes back at once, that everything is run all the same, and
// that another Shutdown may wait for it.
func TestShutdownThatDoesNotWait(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		e := executor.New(2)
		var fs []*future
		for i := range 5 {
			fs = append(fs, submit(t, e, after(time.Second, i)))
		}
		t.Takes("Shutdown(false, false)", lab.Exactly(0), func() { e.Shutdown(false, false) })
		refused(t, "after Shutdown(false, false)", e)
		t.Takes("two Shutdown(true, false) at the same time, behind one that did not wait,", lab.Exactly(3*time.Second).Sequential(5*time.Second, "the tasks that were left"), func() {
			together(func() { e.Shutdown(true, false) }, func() { e.Shutdown(true, false) })
		})
		for i, f := range fs {
			ends(t, fmt.Sprintf("task %d", i), f, i)
		}
		t.Takes("one more Shutdown(true, true)", lab.Exactly(0), func() { e.Shutdown(true, true) })
	})
}

// TestShutdownEndsIdleWorkers checks that workers that have nothing to do end, and that an executor that was never used can
// be shut down.
func TestShutdownEndsIdleWorkers(t *testing.T) {
	for _, wait := range []bool{true, false} {
		lab.Virtual(t, func(t *lab.T) {
			e := executor.New(4)
			three := t.Rendezvous("three tasks of a pool of four", 3)
			for range 3 {
				submit(t, e, func() (any, error) { three.Arrive(); return nil, nil })
			}
			synctest.Wait() // three workers are idle
			t.Takes(fmt.Sprintf("Shutdown(%t, false) while three workers are idle", wait), lab.Exactly(0), func() { e.Shutdown(wait, false) })
			t.Takes(fmt.Sprintf("Shutdown(%t, false) of an executor that was never used", wait), lab.Exactly(0), func() { executor.New(4).Shutdown(wait, false) })
		})
	}
}

// TestShutdownCancels checks that a Shutdown with cancelFutures cancels what has not begun, lets run what has, and does so
// after one without as well.
func TestShutdownCancels(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, wait := range []bool{true, false} {
			for _, again := range []bool{false, true} {
				e := executor.New(2)
				var fs []*future
				for i := range 5 {
					fs = append(fs, submit(t, e, func() (any, error) {
						if i >= 2 {
							t.Errorf("a task was run though its future was cancelled by Shutdown(%t, true)", wait)
						}
						time.Sleep(2 * time.Second)
						return i, nil
					}))
				}
				time.Sleep(500 * time.Millisecond)
				if again {
					e.Shutdown(false, false)
				}
				bound := lab.Exactly(1500 * time.Millisecond)
				if !wait {
					bound = lab.Exactly(0)
				}
				t.Takes(fmt.Sprintf("Shutdown(%t, true) while two tasks run for another 1.5s", wait), bound, func() { e.Shutdown(wait, true) })
				for i, f := range fs[2:] {
					t.True(fmt.Sprintf("the future of task %d, which had not begun, is cancelled when Shutdown(%t, true) returns", i+2, wait), f.Cancelled())
				}
				refused(t, fmt.Sprintf("after Shutdown(%t, true)", wait), e)
				executor.Wait(fs, forever, all)
				ends(t, "a task that ran when the executor was shut down", fs[0], 0)
				ends(t, "another task that ran when the executor was shut down", fs[1], 1)
			}
		}
	})
}

// TestForeignCodeMayCallBack checks that a task and a done callback may call every method, also in the midst of a Shutdown.
func TestForeignCodeMayCallBack(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		e := executor.New(1)
		f := submit(t, e, func() (any, error) {
			time.Sleep(time.Second)
			refused(t, "in a task, after Shutdown", e)
			e.Shutdown(false, true)
			return nil, nil
		})
		g := submit(t, e, after(time.Second, nil))
		var called atomic.Int32
		callback := func(*future) {
			called.Add(1)
			refused(t, "in a done callback, after Shutdown", e)
			_, err := e.Map(worker2, 1)
			t.ErrorIs("the error of Map in a done callback, after Shutdown", err, executor.ErrShutdown)
			e.Shutdown(false, false)
			executor.Wait([]*future{f, g}, 0, all)
		}
		f.AddDoneCallback(callback)
		g.AddDoneCallback(callback)
		synctest.Wait() // the first one runs
		e.Shutdown(true, true)
		t.Equal("how many of the two done callbacks were called", int(called.Load()), 2)
	})
}

// TestSubmitDuringALongCallback checks that nobody is held up while a done callback takes its time, whoever called it.
func TestSubmitDuringALongCallback(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		e := executor.New(2)
		for range 2 {
			submit(t, e, after(time.Second, nil))
		}
		f := submit(t, e, after(time.Second, nil))
		f.AddDoneCallback(func(*future) { time.Sleep(time.Hour) })
		synctest.Wait() // two run
		go e.Shutdown(false, true)
		time.Sleep(time.Minute) // the callback of the third one sleeps, in Shutdown
		t.Takes("Submit, Map and Shutdown(false, false) while another Shutdown calls a done callback that takes an hour", lab.Exactly(0), func() {
			refused(t, "after Shutdown", e)
			e.Map(worker2, 1)
			e.Shutdown(false, false)
		})
		time.Sleep(time.Hour)
	})
}

// TestNobodyIsLate checks that whoever waits comes back to the nanosecond, because he sleeps until he is woken and does not
// look now and then.
func TestNobodyIsLate(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const moment = time.Second + 7 // in regular steps nobody comes there
		with(2, func(e *executor.Executor) {
			submit(t, e, worker)
			time.Sleep(moment)
			t.Takes("a task for a worker that is idle for a little over a second", lab.Exactly(0), func() { submit(t, e, worker).Result(forever) })
			for _, when := range []executor.ReturnWhen{all, first, exception} {
				fs := []*future{submit(t, e, after(moment, nil))}
				t.Takes("Wait for a task that takes a little over a second", lab.Exactly(moment), func() { executor.Wait(fs, forever, when) })
			}
			fs := []*future{submit(t, e, after(moment, nil))}
			t.Takes("Wait with a timeout of a little under a second", lab.Exactly(time.Second-7), func() { executor.Wait(fs, time.Second-7, all) })
			t.Takes("AsCompleted of a task that ends 14ns later", lab.Exactly(14), func() {
				for range executor.AsCompleted(fs, forever) {
				}
			})
			fs = pending(1)
			t.Takes("AsCompleted with a timeout of a little over a second", lab.Exactly(moment), func() {
				for range executor.AsCompleted(fs, moment) {
				}
			})
			results := maps(t, e, func(any) (any, error) { time.Sleep(moment); return nil, nil }, 1)
			t.Takes("the result of Map for a call that takes a little over a second", lab.Exactly(moment), func() {
				for range results {
				}
			})
		})
		e := executor.New(2)
		submit(t, e, after(moment, nil))
		t.Takes("Shutdown(true, false) of an executor with a task that takes a little over a second", lab.Exactly(moment), func() { e.Shutdown(true, false) })
	})
}

// TestTheFutureStaysAsGiven checks that the future that is given still does what its comments say.
func TestTheFutureStaysAsGiven(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		f := executor.NewFuture()
		called := ""
		note := func(what string) func(*future) {
			return func(g *future) {
				called += what
				f.Set(0, nil) // too late, and it may be called here all the same
				t.True("a callback is called with its future, which is done", g == f && f.Done())
			}
		}
		f.AddDoneCallback(note("a"))
		f.AddDoneCallback(note("b"))
		f.Set(1, nil)
		t.True("Set on a pending future does nothing", !f.Done() && !f.Cancelled())
		t.Takes("Result(1s) of a pending future", lab.Exactly(time.Second), func() {
			_, err := f.Result(time.Second)
			t.ErrorIs("its error", err, executor.ErrTimeout)
		})
		t.True("a pending future is to be run", f.SetRunningOrNotifyCancel())
		t.True("a running future is not to be run again", !f.SetRunningOrNotifyCancel())
		t.True("Cancel of a running future is refused", !f.Cancel() && !f.Done())
		f.Set(2, errBoom)
		f.Set(3, nil)
		f.AddDoneCallback(note("c"))
		for range 20 { // a select takes any of the cases that are ready
			got, err := f.Result(0)
			t.Equal("the result of a future that was set to 2 and then to 3", got, 2)
			t.ErrorIs("the exception of a future that was set with one, and then without", err, errBoom)
		}
		t.True("Cancel of a finished future is refused", !f.Cancel() && f.Done() && !f.Cancelled())
		t.Equal("the callbacks that were called", called, "abc")
		f, called = executor.NewFuture(), ""
		f.AddDoneCallback(note("a"))
		t.True("Cancel of a pending future cancels it, and so it stays", f.Cancel() && f.Cancel() && f.Cancelled() && f.Done())
		t.True("a cancelled future is not to be run", !f.SetRunningOrNotifyCancel())
		f.Set(1, nil)
		_, err := f.Result(0)
		t.ErrorIs("the exception of a cancelled future", err, executor.ErrCancelled)
		t.Equal("the callbacks that were called", called, "a")
	})
}

// TestTwoSubmits checks that two tasks submitted at the same time run at the same time where there are two workers.
func TestTwoSubmits(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		with(2, func(e *executor.Executor) {
			two := t.Rendezvous("two tasks in a pool of two workers", 2)
			arrive := func() {
				f, _ := offer(t, e, func() (any, error) { two.Arrive(); return nil, nil })
				finish(f)
			}
			together(arrive, arrive)
		})
	})
}

// TestOneWorker checks that two tasks submitted at the same time run one after the other where there is one worker.
func TestOneWorker(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var inside, ran atomic.Int32
		with(1, func(e *executor.Executor) {
			add := func() {
				f, _ := offer(t, e, func() (any, error) {
					if inside.Add(1) > 1 {
						t.Error("two tasks run at the same time in a pool of one worker")
					}
					time.Sleep(time.Second)
					inside.Add(-1)
					ran.Add(1)
					return nil, nil
				})
				finish(f)
			}
			together(add, add)
		})
		t.Equal("how many of two tasks were run", int(ran.Load()), 2)
	})
}

// TestJustIdle checks that a task is run that is submitted just when the worker has ended another one and goes idle.
func TestJustIdle(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		with(1, func(e *executor.Executor) {
			for i := range 3 {
				got, err := submit(t, e, func() (any, error) { return i, nil }).Result(forever)
				t.ErrorIs("the exception of a task that has none", err, nil)
				t.Equal("the result of a task that is submitted when the one before has ended", got, i)
			}
		})
	})
}

// TestJustIdleIsOne checks that one worker is not counted upon for two tasks that are submitted just when it goes idle.
func TestJustIdleIsOne(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		with(2, func(e *executor.Executor) {
			finish(submit(t, e, worker))
			meet(t, e, t.Rendezvous("two tasks submitted right behind a third one, in a pool of two workers,", 2))
		})
	})
}

// TestTwoWorkersStay checks that a worker that is woken for a task which another one has taken meanwhile stays at work.
func TestTwoWorkersStay(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		with(2, func(e *executor.Executor) {
			meet(t, e, t.Rendezvous("two tasks in a pool of two workers, the first it has,", 2))
			time.Sleep(time.Second) // two workers are idle
			f := submit(t, e, worker)
			finish(f, submit(t, e, worker))
			time.Sleep(time.Second)
			meet(t, e, t.Rendezvous("two tasks in a pool of two workers, both of which are idle,", 2))
		})
	})
}

// TestSubmitOrShutdown checks that a task submitted at the same time as Shutdown is either refused or run before
// Shutdown(true, false) comes back.
func TestSubmitOrShutdown(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		for _, used := range []bool{false, true} {
			e := executor.New(1)
			if used {
				submit(t, e, worker).Result(forever)
			}
			ran := false
			var f *future
			var err error
			together(
				func() { f, err = e.Submit(func() (any, error) { ran = true; return 7, nil }) },
				func() { e.Shutdown(true, false) },
			)
			if err != nil {
				t.ErrorIs("the error of Submit at the same time as Shutdown(true, false)", err, executor.ErrShutdown)
				t.True("a task that was refused is not run", !ran)
				continue
			}
			e.Shutdown(true, false)
			ends(t, "a task that was not refused, when Shutdown(true, false) has returned", f, 7)
		}
	})
}

// TestSubmitOrCancel checks that a task submitted at the same time as Shutdown(true, true) is refused, cancelled or run.
func TestSubmitOrCancel(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		e := executor.New(1)
		ran := [2]bool{}
		fs := make([]*future, 2)
		together(
			func() {
				for i := range fs {
					fs[i], _ = e.Submit(func() (any, error) { ran[i] = true; return i, nil })
				}
			},
			func() { e.Shutdown(true, true) },
		)
		e.Shutdown(true, false)
		for i, f := range fs {
			what := fmt.Sprintf("task %d of two that were submitted at the same time as Shutdown(true, true)", i)
			switch {
			case f == nil:
				t.True(what+" was refused and not run", !ran[i])
			case f.Cancelled():
				t.True(what+" was cancelled and not run", !ran[i])
			default:
				ends(t, what, f, i)
			}
		}
	})
}

// TestCancelOrRun checks that a task that is cancelled just when a worker takes it is either cancelled or run, and never both.
func TestCancelOrRun(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		ran, gone := false, false
		var f *future
		with(1, func(e *executor.Executor) {
			f = submit(t, e, func() (any, error) { ran = true; return 7, nil })
			gone = f.Cancel()
		})
		if ran == gone {
			t.Errorf("a task was cancelled just when a worker took it: Cancel says %t, and whether it was run is %t", gone, ran)
		}
		if !gone {
			ends(t, "a task that could not be cancelled", f, 7)
		}
	})
}

// TestTwoShutdowns checks that each of two Shutdowns at the same time waits for the tasks.
func TestTwoShutdowns(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		e := executor.New(2)
		f, g := submit(t, e, after(time.Second, 1)), submit(t, e, after(time.Second, 2))
		down := func() {
			e.Shutdown(true, false)
			ends(t, "a task, when one of two Shutdown(true, false) has returned", f, 1)
			ends(t, "another task, when one of two Shutdown(true, false) has returned", g, 2)
		}
		together(down, down)
	})
}

// TestNoEndIsMissed checks that Wait and AsCompleted learn of futures that end just when they begin to wait.
func TestNoEndIsMissed(t *testing.T) {
	for _, when := range []executor.ReturnWhen{all, first, exception} {
		lab.Explored(t, func(t *lab.T) {
			fs := pending(2)
			var done, notDone []*future
			together(
				func() { done, notDone = executor.Wait(fs, forever, when) },
				func() { set(fs[0], nil, errBoom) },
				func() { fs[1].Cancel() },
			)
			switch got := which(fs, done...) + "/" + which(fs, notDone...); {
			case got == "0 1/":
			case when == first && got == "1/0", when != all && got == "0/1":
			default:
				t.Errorf("%v, where 0 failed and 1 was cancelled just then: done/not done is %s", waiting{when: when, timeout: forever}, got)
			}
		})
	}
}

// TestAsCompletedMissesNothing checks that each of two futures that end just when AsCompleted begins comes once.
func TestAsCompletedMissesNothing(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		fs := pending(2)
		var got []string
		together(
			func() {
				for f, err := range executor.AsCompleted(fs, forever) {
					t.ErrorIs("the error of AsCompleted", err, nil)
					got = append(got, which(fs, f))
				}
			},
			func() { set(fs[0], nil, nil) },
			func() { set(fs[1], nil, nil) },
		)
		slices.Sort(got)
		t.Equal("what AsCompleted gave of the futures 0 and 1", got, []string{"0", "1"})
	})
}

// TestTimeoutOrEnd checks that a future that ends just when the time is up comes in time or too late, and nothing else.
func TestTimeoutOrEnd(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		fs := pending(1)
		var done, notDone []*future
		var got []string
		start := time.Now()
		together(
			func() { done, notDone = executor.Wait(fs, time.Second, all) },
			func() { got = completes(t, start, fs, executor.AsCompleted(fs, time.Second)) },
			func() { time.Sleep(time.Second); set(fs[0], nil, nil) },
		)
		if len(done)+len(notDone) != 1 || which(fs, append(done, notDone...)...) != "0" {
			t.Errorf("Wait(1s) for a future that ends after a second: done is %q, not done %q", which(fs, done...), which(fs, notDone...))
		}
		if one := strings.Join(got, ", "); one != "0 at 1s" && one != "timeout at 1s" {
			t.Errorf("AsCompleted with a timeout of 1s, of a future that ends after a second, gives: %s", one)
		}
	})
}
