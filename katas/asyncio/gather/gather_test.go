package gather_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/asyncio/gather"
	"github.com/python-concurrency/kata/katas/lab"
)

type task = gather.Task

var (
	errBoom  = errors.New("boom")
	errCrash = errors.New("crash")
)

// ends is a coroutine that sleeps for d and then ends as it is told; a cancel it passes on.
func ends(d time.Duration, result any, err error) func(*task) (any, error) {
	return func(self *task) (any, error) {
		if cancelled := self.Sleep(d); cancelled != nil {
			return nil, cancelled
		}
		return result, err
	}
}

// cleans is a coroutine that sleeps for an hour, and when it is cancelled takes d to clean up and then ends as it is told.
func cleans(t *lab.T, d time.Duration, result any, err error) func(*task) (any, error) {
	return func(self *task) (any, error) {
		self.Sleep(time.Hour)
		t.ErrorIs("the error of the Sleep in which a cancelled task cleans up", self.Sleep(d), nil)
		return result, err
	}
}

// start starts a coroutine.
func start(coro func(*task) (any, error)) *task { return gather.CreateTask(coro) }

// is wants a task, or an await, to have ended in a certain way.
func is(t *lab.T, what string, result any, err error, wantResult any, wantErr error) {
	t.Helper()
	if t.ErrorIs("the error of "+what, err, wantErr) && wantErr == nil {
		t.Equal("the result of "+what, result, wantResult)
	}
}

// within wants body to take exactly d.
func within(t *lab.T, what string, d time.Duration, body func()) {
	t.Helper()
	t.Takes(what, lab.Exactly(d), body)
}

// run runs coro as a task, to its end.
func run(t *lab.T, coro func(self *task)) {
	t.Helper()
	ran := false
	result, err := start(func(self *task) (any, error) {
		coro(self)
		ran = true
		return "ended", nil
	}).Wait()
	is(t, "the task of the test", result, err, "ended", nil)
	t.True("the coroutine of the test has run to its end when Wait returns", ran)
}

// undisturbed wants a sleep of a second to last one second.
func undisturbed(t *lab.T, what string, self *task) {
	t.Helper()
	within(t, "a Sleep of one second "+what, time.Second, func() {
		t.ErrorIs("the error of a Sleep of one second "+what, self.Sleep(time.Second), nil)
	})
}

// TestATaskRuns checks that CreateTask starts the coroutine and comes back at once, and that Wait returns its result or its error, to everybody who asks.
func TestATaskRuns(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, want := range []error{nil, errBoom} {
			var self, handed *task
			within(t, "CreateTask", 0, func() {
				self = start(func(self *task) (any, error) {
					handed = self
					time.Sleep(time.Second)
					return 42, want
				})
			})
			var waiters sync.WaitGroup
			for range 3 {
				waiters.Go(func() {
					within(t, "Wait for a coroutine of one second, beside two others that wait for it", time.Second, func() {
						result, err := self.Wait()
						is(t, "the task", result, err, 42, want)
					})
				})
			}
			waiters.Wait()
			result, err := self.Wait()
			is(t, "the task, asked once more", result, err, 42, want)
			t.True("the coroutine is handed the task that CreateTask returns", handed == self)
		}
	})
}

// TestSleep checks that Sleep takes its time, that one of zero or less takes none, and that several tasks sleep at the same time.
func TestSleep(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		bound := lab.Exactly(2*time.Second).Sequential(4*time.Second, "the two tasks")
		t.Takes("two tasks that each sleep for two seconds", bound, func() {
			first, second := start(ends(2*time.Second, 1, nil)), start(ends(2*time.Second, 2, nil))
			result, err := first.Wait()
			is(t, "the first one", result, err, 1, nil)
			result, err = second.Wait()
			is(t, "the second one", result, err, 2, nil)
		})
		within(t, "Sleep(0) and Sleep(-1s)", 0, func() {
			run(t, func(self *task) {
				t.ErrorIs("the error of Sleep(0)", self.Sleep(0), nil)
				t.ErrorIs("the error of Sleep(-1s)", self.Sleep(-time.Second), nil)
			})
		})
	})
}

// TestCancelInterruptsASleep checks that a Sleep returns ErrCancelled in the moment in which its task is cancelled, that the next one sleeps as usual, and that a second Cancel interrupts again.
func TestCancelInterruptsASleep(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		passes := start(ends(time.Hour, 42, nil))
		goesOn := start(func(self *task) (any, error) {
			for range 2 {
				within(t, "a Sleep of one hour in which a Cancel comes after a second", time.Second, func() {
					t.ErrorIs("its error", self.Sleep(time.Hour), gather.ErrCancelled)
				})
				undisturbed(t, "after one that was interrupted", self)
			}
			return "refused", nil
		})
		time.Sleep(time.Second)
		within(t, "from Cancel to the end of a task that passes it on", 0, func() {
			t.Equal("what Cancel returns for a task that sleeps", passes.Cancel(), true)
			result, err := passes.Wait()
			is(t, "a task that passes ErrCancelled on", result, err, nil, gather.ErrCancelled)
		})
		goesOn.Cancel()
		time.Sleep(2 * time.Second)
		goesOn.Cancel()
		result, err := goesOn.Wait()
		is(t, "a task that was cancelled twice and went on", result, err, "refused", nil)
	})
}

// TestCancelBeforeTheSleep checks that a request which comes while the task does not wait is for its next Sleep, also one of zero, and that two of them count as one.
func TestCancelBeforeTheSleep(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, d := range []time.Duration{time.Hour, 0, -time.Second} {
			run(t, func(self *task) {
				t.Equal("what Cancel returns for a task that runs", self.Cancel(), true)
				self.Cancel()
				within(t, fmt.Sprintf("Sleep(%v) with two requests outstanding", d), 0, func() {
					t.ErrorIs(fmt.Sprintf("the error of Sleep(%v) with two requests outstanding", d), self.Sleep(d), gather.ErrCancelled)
				})
				undisturbed(t, "after it", self)
			})
		}
	})
}

// TestTheEndOfATask checks that a task ends cancelled if it returns without an error while a request is outstanding, that an error of its own stays, and that Cancel comes too late then.
func TestTheEndOfATask(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		result, err := start(func(self *task) (any, error) { self.Cancel(); return 42, nil }).Wait()
		is(t, "a task that returns 42 with a request outstanding", result, err, nil, gather.ErrCancelled)
		_, err = start(func(self *task) (any, error) { self.Cancel(); return nil, errBoom }).Wait()
		t.ErrorIs("how a task ends that returns an error with a request outstanding", err, errBoom)
		for _, want := range []error{nil, errBoom} {
			over := start(func(*task) (any, error) { return 42, want })
			over.Wait()
			for range 2 {
				t.Equal("what Cancel returns for a task that is done", over.Cancel(), false)
			}
			result, err = over.Wait()
			is(t, "a task that is cancelled when it is done", result, err, 42, want)
		}
	})
}

// TestAwait checks that Await returns the result or the error of the other task when that is done, at once if it is, and to several that await it.
func TestAwait(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, want := range []error{nil, errBoom, gather.ErrCancelled} {
			other := start(ends(time.Second, 42, want))
			awaits := func(self *task) {
				within(t, "Await of a task that takes a second", time.Second, func() {
					result, err := self.Await(other)
					is(t, "Await", result, err, 42, want)
				})
				within(t, "Await of a task that is done", 0, func() {
					result, err := self.Await(other)
					is(t, "Await of a task that is done", result, err, 42, want)
				})
				undisturbed(t, "after an Await", self)
			}
			var both sync.WaitGroup
			both.Go(func() { run(t, awaits) })
			both.Go(func() { run(t, awaits) })
			both.Wait()
		}
	})
}

// TestACancelGoesDown checks that a cancel of a task which awaits another is passed on to that, down to the one that sleeps, and that everybody on the way waits for the answer.
func TestACancelGoesDown(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		bottom := start(cleans(t, 2*time.Second, nil, gather.ErrCancelled))
		middle := start(func(self *task) (any, error) { return self.Await(bottom) })
		top := start(func(self *task) (any, error) {
			within(t, "Await of a task that is cancelled after a second and cleans up for two", 3*time.Second, func() {
				_, err := self.Await(middle)
				t.ErrorIs("its error", err, gather.ErrCancelled)
			})
			undisturbed(t, "after an Await that passed a cancel on", self)
			return "went on", nil
		})
		time.Sleep(time.Second)
		t.Equal("what Cancel returns for a task that awaits", top.Cancel(), true)
		result, err := top.Wait()
		is(t, "the task at the top, which does not pass ErrCancelled on", result, err, "went on", nil)
		_, err = middle.Wait()
		t.ErrorIs("how the task in the middle ended", err, gather.ErrCancelled)
		_, err = bottom.Wait()
		t.ErrorIs("how the task at the bottom ended", err, gather.ErrCancelled)
	})
}

// TestACancelReachesAllWhoAwait checks that a task which several await is cancelled by a cancel of one of them, and that the others get to hear of it as its error and are not cancelled themselves.
func TestACancelReachesAllWhoAwait(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		other := start(ends(time.Hour, nil, nil))
		awaits := func(self *task) (any, error) {
			within(t, "Await of a task that is cancelled after a second, through another one that awaits it", time.Second, func() {
				_, err := self.Await(other)
				t.ErrorIs("its error", err, gather.ErrCancelled)
			})
			undisturbed(t, "after it", self)
			return "went on", nil
		}
		first, second := start(awaits), start(awaits)
		time.Sleep(time.Second)
		first.Cancel()
		for _, each := range []*task{first, second} {
			result, err := each.Wait()
			is(t, "each of the two tasks", result, err, "went on", nil)
		}
	})
}

// TestTheAnswerDecides checks that a cancelled Await returns what the other task makes of the request: a result if it refuses, its error if it fails at it; and that a second request is passed on as well.
func TestTheAnswerDecides(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, want := range []error{nil, errBoom} {
			other := start(cleans(t, time.Second, "refused", want))
			self := start(func(self *task) (any, error) {
				result, err := self.Await(other)
				is(t, "Await of a task that does not let itself be cancelled", result, err, "refused", want)
				undisturbed(t, "after it", self)
				return nil, nil
			})
			time.Sleep(time.Second)
			self.Cancel()
			_, err := self.Wait()
			t.ErrorIs("how the awaiting task ended", err, nil)
		}
		other := start(func(self *task) (any, error) {
			self.Sleep(time.Hour)
			return nil, self.Sleep(time.Hour)
		})
		self := start(func(self *task) (any, error) { return self.Await(other) })
		within(t, "a task that refuses once and is cancelled after one second and after two", 2*time.Second, func() {
			for range 2 {
				time.Sleep(time.Second)
				self.Cancel()
			}
			_, err := self.Wait()
			t.ErrorIs("how the one ended that awaits it", err, gather.ErrCancelled)
		})
	})
}

// TestCancelBeforeTheAwait checks that an outstanding request is passed on by the next Await, but not by one of a task that is done: that does not wait.
func TestCancelBeforeTheAwait(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(self *task) {
			over, other := start(ends(0, 42, nil)), start(ends(time.Hour, 42, nil))
			over.Wait()
			self.Cancel()
			for range 2 {
				result, err := self.Await(over)
				is(t, "Await of a task that is done, with a request outstanding", result, err, 42, nil)
				result, err = self.WaitFor(over, time.Second)
				is(t, "WaitFor of a task that is done, with a request outstanding", result, err, 42, nil)
			}
			within(t, "Await of a task of one hour, with a request outstanding", 0, func() {
				_, err := self.Await(other)
				t.ErrorIs("its error", err, gather.ErrCancelled)
			})
			undisturbed(t, "after it", self)
			_, err := other.Wait()
			t.ErrorIs("how the other task ended", err, gather.ErrCancelled)
		})
	})
}

// TestGatherKeepsTheOrder checks that the results stand in the order of the arguments, whatever the order in which they came, and that it takes no longer than the slowest.
func TestGatherKeepsTheOrder(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, gatherAll := range []func(...*task) *task{gather.Gather, gather.GatherReturnExceptions} {
			first, second, third := start(ends(3*time.Second, "a", nil)), start(ends(time.Second, nil, nil)), start(ends(2*time.Second, "c", nil))
			var all *task
			within(t, "the call of Gather", 0, func() { all = gatherAll(first, second, third, first) })
			within(t, "Gather of tasks of one, two and three seconds", 3*time.Second, func() {
				result, err := all.Wait()
				is(t, "Gather, with the first task twice", result, err, []any{"a", nil, "c", "a"}, nil)
			})
			t.Equal("what Cancel returns for a Gather that is done", all.Cancel(), false)
			within(t, "Gather of tasks that are done", 0, func() {
				result, err := gatherAll(third, first).Wait()
				is(t, "Gather of tasks that are done", result, err, []any{"c", "a"}, nil)
			})
			within(t, "Gather of nothing", 0, func() {
				result, err := gatherAll().Wait()
				t.ErrorIs("the error of Gather of nothing", err, nil)
				results, ok := result.([]any)
				t.True("the result of Gather of nothing is an empty []any", ok && len(results) == 0)
			})
		}
	})
}

// TestTheFirstErrorComesAtOnce checks that Gather is done in the moment in which the first task fails, with the error of that one, and that the others run on to their results.
func TestTheFirstErrorComesAtOnce(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(self *task) {
			slow, fails, later := start(ends(3*time.Second, "slow", nil)), start(ends(time.Second, nil, errBoom)), start(ends(2*time.Second, nil, errCrash))
			all := gather.Gather(slow, later, fails)
			within(t, "Await of a Gather of which a task fails after a second", time.Second, func() {
				_, err := self.Await(all)
				t.ErrorIs("its error", err, errBoom)
			})
			t.Equal("what Cancel returns for a Gather that is done with an error", all.Cancel(), false)
			within(t, "from the error to the end of the slowest task", 2*time.Second, func() {
				result, err := slow.Wait()
				is(t, "a task beside one that failed", result, err, "slow", nil)
			})
			_, err := later.Wait()
			t.ErrorIs("how a task ends that fails later", err, errCrash)
			_, err = all.Wait()
			t.ErrorIs("how the Gather ended, in the end", err, errBoom)
			undisturbed(t, "after it", self)
			other := start(ends(time.Second, nil, nil))
			within(t, "Gather of a task that has failed and one that sleeps for a second", 0, func() {
				_, err = gather.Gather(other, fails).Wait()
				t.ErrorIs("the error of Gather", err, errBoom)
			})
			other.Wait()
		})
	})
}

// TestACancelledTaskIsAnErrorForGather checks that Gather ends with ErrCancelled when somebody cancels one of its tasks, and that neither the others nor the task that awaits it are cancelled by that.
func TestACancelledTaskIsAnErrorForGather(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		other, victim := start(ends(2*time.Second, "other", nil)), start(ends(time.Hour, nil, nil))
		self := start(func(self *task) (any, error) {
			within(t, "Gather of which a task is cancelled after a second", time.Second, func() {
				_, err := self.Await(gather.Gather(other, victim))
				t.ErrorIs("its error", err, gather.ErrCancelled)
			})
			undisturbed(t, "after it", self)
			return nil, nil
		})
		time.Sleep(time.Second)
		victim.Cancel()
		result, err := other.Wait()
		is(t, "a task beside one that was cancelled", result, err, "other", nil)
		_, err = self.Wait()
		t.ErrorIs("how the task ended that awaited the Gather", err, nil)
	})
}

// TestReturnExceptions checks that GatherReturnExceptions waits for all, and that errors, ErrCancelled too, stand in the places of results.
func TestReturnExceptions(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		victim := start(ends(time.Hour, nil, nil))
		all := gather.GatherReturnExceptions(
			start(ends(time.Second, nil, errBoom)), start(ends(3*time.Second, "c", nil)), victim, start(ends(0, nil, nil)))
		within(t, "GatherReturnExceptions of tasks of which the slowest takes three seconds", 3*time.Second, func() {
			time.Sleep(2 * time.Second)
			victim.Cancel()
			result, err := all.Wait()
			t.ErrorIs("the error of GatherReturnExceptions", err, nil)
			results, ok := result.([]any)
			if !ok || len(results) != 4 {
				t.Fatalf("GatherReturnExceptions of four tasks must end with four results, and ends with %v", result)
			}
			for place, want := range map[int]error{0: errBoom, 2: gather.ErrCancelled} {
				got, _ := results[place].(error)
				t.ErrorIs(fmt.Sprintf("what stands in place %d, where the task ended with an error", place), got, want)
			}
			t.Equal("what stands in the places of the tasks that have results", []any{results[1], results[3]}, []any{"c", nil})
		})
	})
}

// TestCancelAGather checks that to cancel a Gather is to cancel those of its tasks that are not done, and that it is done when the first of them is: it does not wait for the others.
func TestCancelAGather(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		over, quick, slow := start(ends(0, "over", nil)), start(ends(time.Hour, nil, nil)), start(cleans(t, 2*time.Second, nil, gather.ErrCancelled))
		all := gather.Gather(over, slow, quick)
		within(t, "Gather that is cancelled after a second, with a task that ends at once and one that cleans up for two", time.Second, func() {
			time.Sleep(time.Second)
			t.Equal("what Cancel returns for a Gather with two tasks that are not done", all.Cancel(), true)
			_, err := all.Wait()
			t.ErrorIs("the error of Gather", err, gather.ErrCancelled)
		})
		within(t, "from there to the end of the task that cleans up", 2*time.Second, func() {
			_, err := slow.Wait()
			t.ErrorIs("how the slow task ended", err, gather.ErrCancelled)
		})
		result, err := over.Wait()
		is(t, "a task that was done before", result, err, "over", nil)
		_, err = quick.Wait()
		t.ErrorIs("how the quick task ended", err, gather.ErrCancelled)
		_, err = all.Wait()
		t.ErrorIs("how the Gather ended, in the end", err, gather.ErrCancelled)
	})
}

// TestCancelAGatherAtOnce checks that a Cancel right behind the call of Gather reaches the tasks.
func TestCancelAGatherAtOnce(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, gatherAll := range []func(...*task) *task{gather.Gather, gather.GatherReturnExceptions} {
			within(t, "a Gather of two tasks of one hour that is cancelled at once", 0, func() {
				first, second := start(ends(time.Hour, nil, nil)), start(ends(time.Hour, nil, nil))
				all := gatherAll(first, second)
				all.Cancel()
				_, err := all.Wait()
				t.ErrorIs("the error of Gather", err, gather.ErrCancelled)
				for _, each := range []*task{first, second} {
					_, err := each.Wait()
					t.ErrorIs("how each of the tasks ended", err, gather.ErrCancelled)
				}
			})
		}
	})
}

// TestAGatherWhoseTasksRefuse checks that a cancelled Gather waits for tasks that refuse, asks each of them once although it is listed twice, and ends with ErrCancelled although they have results.
func TestAGatherWhoseTasksRefuse(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, gatherAll := range []func(...*task) *task{gather.Gather, gather.GatherReturnExceptions} {
			first, second := start(cleans(t, time.Second, 1, nil)), start(cleans(t, 2*time.Second, 2, nil))
			all := gatherAll(first, second, first, second)
			within(t, "Gather that is cancelled after a second, with tasks that refuse and take two more", 3*time.Second, func() {
				time.Sleep(time.Second)
				all.Cancel()
				_, err := all.Wait()
				t.ErrorIs("the error of a cancelled Gather of tasks that refuse", err, gather.ErrCancelled)
			})
			result, err := first.Wait()
			is(t, "the first task", result, err, 1, nil)
			result, err = second.Wait()
			is(t, "the second task", result, err, 2, nil)
		}
	})
}

// TestCancelAGatherTwice checks that a second Cancel of a Gather is passed on as well, to those that are not done.
func TestCancelAGatherTwice(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, gatherAll := range []func(...*task) *task{gather.Gather, gather.GatherReturnExceptions} {
			all := gatherAll(start(cleans(t, 0, nil, nil)), start(func(self *task) (any, error) {
				self.Sleep(time.Hour)
				return nil, self.Sleep(time.Hour)
			}))
			within(t, "Gather of a task that refuses once, which is cancelled after one second and after two", 2*time.Second, func() {
				for range 2 {
					time.Sleep(time.Second)
					t.Equal("what Cancel returns for a Gather of which a task is not done", all.Cancel(), true)
				}
				_, err := all.Wait()
				t.ErrorIs("the error of Gather", err, gather.ErrCancelled)
			})
		}
	})
}

// TestACancelledGatherWithAnError checks that the error of a task that fails at its cancel comes before ErrCancelled in Gather, and that GatherReturnExceptions waits for all and ends with ErrCancelled.
func TestACancelledGatherWithAnError(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		both := func() (*task, *task) {
			return start(cleans(t, time.Second, nil, errBoom)), start(cleans(t, 2*time.Second, nil, gather.ErrCancelled))
		}
		first, second := both()
		all := gather.Gather(first, second)
		within(t, "Gather that is cancelled after a second, with a task that fails a second later", 2*time.Second, func() {
			time.Sleep(time.Second)
			all.Cancel()
			_, err := all.Wait()
			t.ErrorIs("the error of Gather", err, errBoom)
		})
		second.Wait()
		first, second = both()
		all = gather.GatherReturnExceptions(first, second)
		within(t, "GatherReturnExceptions that is cancelled after a second, with tasks that take two more", 3*time.Second, func() {
			time.Sleep(time.Second)
			all.Cancel()
			_, err := all.Wait()
			t.ErrorIs("the error of GatherReturnExceptions", err, gather.ErrCancelled)
		})
	})
}

// TestCancelThroughAGather checks that a cancel of a task which awaits a Gather goes through it to the tasks.
func TestCancelThroughAGather(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		first, second := start(ends(time.Hour, nil, nil)), start(ends(time.Hour, nil, nil))
		self := start(func(self *task) (any, error) { return self.Await(gather.Gather(gather.Gather(first), second)) })
		within(t, "a task that awaits a Gather and is cancelled after a second", time.Second, func() {
			time.Sleep(time.Second)
			self.Cancel()
			for _, each := range []*task{self, first, second} {
				_, err := each.Wait()
				t.ErrorIs("how the task ended, and each of those that it gathered", err, gather.ErrCancelled)
			}
		})
	})
}

// TestWaitForInTime checks that WaitFor returns the result or the error of a task that is done in time, and that the timeout does nothing to anybody then.
func TestWaitForInTime(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(self *task) {
			for _, want := range []error{nil, errBoom, gather.ErrCancelled} {
				other := start(ends(time.Second, 42, want))
				within(t, "WaitFor of a task of one second with a timeout of one and a half", time.Second, func() {
					result, err := self.WaitFor(other, 1500*time.Millisecond)
					is(t, "WaitFor", result, err, 42, want)
				})
				undisturbed(t, "in which the timeout of an earlier WaitFor runs out", self)
				other = start(ends(time.Second, 42, want))
				within(t, "WaitFor of a task of one second with a timeout of one hour", time.Second, func() {
					result, err := self.WaitFor(other, time.Hour)
					is(t, "WaitFor", result, err, 42, want)
				})
				for _, timeout := range []time.Duration{time.Second, 0, -time.Second} {
					within(t, "WaitFor of a task that is done", 0, func() {
						result, err := self.WaitFor(other, timeout)
						is(t, fmt.Sprintf("WaitFor of a task that is done, with a timeout of %v", timeout), result, err, 42, want)
					})
				}
			}
		})
	})
}

// TestWaitForRunsOutOfTime checks that WaitFor cancels the task when the timeout has passed, at once for zero or less, and returns ErrTimeout.
func TestWaitForRunsOutOfTime(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(self *task) {
			for _, timeout := range []time.Duration{time.Second, 0, -time.Second} {
				other := start(ends(time.Hour, 42, nil))
				within(t, fmt.Sprintf("WaitFor of a task of one hour with a timeout of %v", timeout), max(0, timeout), func() {
					_, err := self.WaitFor(other, timeout)
					t.ErrorIs("its error", err, gather.ErrTimeout)
				})
				_, err := other.Wait()
				t.ErrorIs("how the task ended that took too long", err, gather.ErrCancelled)
				undisturbed(t, "after a timeout", self)
			}
		})
	})
}

// TestWaitForWaitsForTheCancellation checks that WaitFor comes back when the task has stopped and not when the time is over, and that a task which refuses has its result returned, or its error.
func TestWaitForWaitsForTheCancellation(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(self *task) {
			cases := []struct {
				ends error
				want error
			}{
				{gather.ErrCancelled, gather.ErrTimeout},
				{fmt.Errorf("stopped: %w", gather.ErrCancelled), gather.ErrTimeout},
				{nil, nil},
				{errBoom, errBoom},
			}
			for _, c := range cases {
				other := start(cleans(t, 2*time.Second, "late", c.ends))
				within(t, "WaitFor with a timeout of one second and a task that takes two more to stop", 3*time.Second, func() {
					result, err := self.WaitFor(other, time.Second)
					is(t, fmt.Sprintf("WaitFor of a task that ends, when it was cancelled by the timeout, with the error %v", c.ends), result, err, "late", c.want)
				})
				undisturbed(t, "after it", self)
			}
		})
	})
}

// TestCancelInWaitFor checks that a cancel of the waiting task is passed on, before the timeout and after it, and that ErrCancelled then comes back and no ErrTimeout.
func TestCancelInWaitFor(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, cancelled := range []time.Duration{time.Second, 3 * time.Second} {
			var seen atomic.Int64
			other := start(func(self *task) (any, error) {
				if self.Sleep(time.Hour) != nil {
					seen.Add(1)
				}
				if self.Sleep(2500*time.Millisecond) != nil {
					seen.Add(1)
				}
				return nil, gather.ErrCancelled
			})
			self := start(func(self *task) (any, error) {
				_, err := self.WaitFor(other, 2*time.Second)
				t.ErrorIs(fmt.Sprintf("the error of WaitFor with a timeout of two seconds where the task is cancelled after %v", cancelled), err, gather.ErrCancelled)
				undisturbed(t, "after it", self)
				return nil, nil
			})
			time.Sleep(cancelled)
			t.Equal("what Cancel returns for a task in WaitFor", self.Cancel(), true)
			_, err := self.Wait()
			t.ErrorIs("how the task ended", err, nil)
			t.True("a cancel of the task in WaitFor reaches the one it waits for", seen.Load() > 0)
			if cancelled > 2*time.Second {
				t.Equal("how often the other task was asked, by the timeout and by the cancel", int(seen.Load()), 2)
			}
		}
	})
}

// TestSomebodyElseCancels checks that WaitFor returns ErrCancelled and no ErrTimeout when the other task is cancelled by somebody else in time.
func TestSomebodyElseCancels(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(self *task) {
			other := start(ends(time.Hour, 42, nil))
			time.AfterFunc(time.Second, func() { other.Cancel() })
			within(t, "WaitFor of a task that somebody else cancels after a second", time.Second, func() {
				_, err := self.WaitFor(other, 2*time.Second)
				t.ErrorIs("its error", err, gather.ErrCancelled)
			})
			undisturbed(t, "after it", self)
		})
	})
}

// TestShield checks that Shield ends as the task in it does, in the same moment, also if that is cancelled, and that awaiting it is awaiting that one.
func TestShield(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(self *task) {
			for _, want := range []error{nil, errBoom, gather.ErrCancelled} {
				inner := start(ends(time.Second, 42, want))
				var shield *task
				within(t, "the call of Shield", 0, func() { shield = gather.Shield(inner) })
				within(t, "Await of the Shield of a task of one second", time.Second, func() {
					result, err := self.Await(shield)
					is(t, "Await of a Shield", result, err, 42, want)
				})
				t.Equal("what Cancel returns for a Shield that is done", shield.Cancel(), false)
				within(t, "the Shield of a task that is done", 0, func() {
					result, err := gather.Shield(inner).Wait()
					is(t, "the Shield of a task that is done", result, err, 42, want)
				})
			}
			inner := start(ends(time.Hour, nil, nil))
			shield := gather.Shield(inner)
			inner.Cancel()
			within(t, "the Shield of a task that is cancelled", 0, func() {
				_, err := shield.Wait()
				t.ErrorIs("its error", err, gather.ErrCancelled)
			})
		})
	})
}

// TestShieldKeepsACancelOff checks that a cancel ends a Shield at once and not the task in it, however it comes: directly, through Await, through Gather, by a timeout.
func TestShieldKeepsACancelOff(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		inner := start(ends(4*time.Second, "precious", nil))
		direct := gather.Shield(inner)
		awaits := start(func(self *task) (any, error) { return self.Await(gather.Shield(inner)) })
		gathers := gather.Gather(gather.Shield(inner))
		waits := start(func(self *task) (any, error) {
			within(t, "WaitFor of a Shield with a timeout of two seconds", 2*time.Second, func() {
				_, err := self.WaitFor(gather.Shield(inner), 2*time.Second)
				t.ErrorIs("its error", err, gather.ErrTimeout)
			})
			return self.Await(inner)
		})
		time.Sleep(time.Second)
		within(t, "what is cancelled and stands outside of a Shield", 0, func() {
			for _, outside := range []*task{direct, awaits, gathers} {
				t.Equal("what Cancel returns", outside.Cancel(), true)
				_, err := outside.Wait()
				t.ErrorIs("how it ends", err, gather.ErrCancelled)
			}
		})
		within(t, "from the cancel to the end of a task of four seconds that is shielded", 3*time.Second, func() {
			result, err := waits.Wait()
			is(t, "the shielded task, awaited after the timeout", result, err, "precious", nil)
		})
	})
}

// TestManyTasks checks that a hundred tasks are gathered at the same time and in their order, and all cancelled at once.
func TestManyTasks(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		create := func(d time.Duration) (tasks []*task, want []any) {
			for i := range 100 {
				tasks, want = append(tasks, start(ends(d*time.Duration(100-i), i, nil))), append(want, i)
			}
			return tasks, want
		}
		tasks, want := create(time.Millisecond)
		within(t, "Gather of a hundred tasks of up to 100 milliseconds", 100*time.Millisecond, func() {
			result, err := gather.Gather(tasks...).Wait()
			is(t, "Gather of a hundred tasks", result, err, want, nil)
		})
		tasks, _ = create(time.Hour)
		all := gather.GatherReturnExceptions(tasks...)
		within(t, "to cancel a Gather of a hundred tasks", 0, func() {
			all.Cancel()
			_, err := all.Wait()
			t.ErrorIs("its error", err, gather.ErrCancelled)
		})
	})
}

// TestCancelBesideTheEnd checks that a request which comes just as a task ends is either refused or ends it as cancelled.
func TestCancelBesideTheEnd(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		self := start(func(*task) (any, error) { return 42, nil })
		accepted := self.Cancel()
		result, err := self.Wait()
		if accepted {
			t.ErrorIs("how a task ended that returned 42, where Cancel said true", err, gather.ErrCancelled)
		} else {
			is(t, "a task that returned 42, where Cancel said false", result, err, 42, nil)
		}
	})
}

// TestCancelBesideASleep checks that a request which comes in the moment in which a Sleep is over is for this one or the next, and for one of them only.
func TestCancelBesideASleep(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var first, second error
		self := start(func(self *task) (any, error) {
			first = self.Sleep(time.Second)
			second = self.Sleep(time.Second)
			return nil, self.Sleep(time.Second)
		})
		time.Sleep(time.Second)
		self.Cancel()
		_, err := self.Wait()
		t.ErrorIs("the error of the third Sleep", err, nil)
		if (first == nil) == (second == nil) {
			t.Errorf("a task is cancelled in the moment in which its first Sleep is over: of this one and the next one must be cancelled, and they return %v and %v", first, second)
		}
	})
}

// TestCancelAsAnAwaitBegins checks that a request which comes in the moment in which a task begins to await reaches the one at the bottom.
func TestCancelAsAnAwaitBegins(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		within(t, "Await of a task of one hour that begins just when its task is cancelled", 0, func() {
			begun := make(chan bool)
			other := start(ends(time.Hour, nil, nil))
			self := start(func(self *task) (any, error) { close(begun); return self.Await(other) })
			<-begun
			self.Cancel()
			_, err := self.Wait()
			t.ErrorIs("the error of Await", err, gather.ErrCancelled)
			_, err = other.Wait()
			t.ErrorIs("how the other task ended", err, gather.ErrCancelled)
		})
	})
}

// TestCancelAsAnAwaitEnds checks that a request which comes just when the other task is done is for this await or for the next, and for one of them only.
func TestCancelAsAnAwaitEnds(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		begun := make(chan bool)
		other := start(func(*task) (any, error) { <-begun; return 42, nil })
		var awaited, slept error
		self := start(func(self *task) (any, error) {
			close(begun)
			_, awaited = self.Await(other)
			slept = self.Sleep(time.Second)
			return nil, self.Sleep(time.Second)
		})
		<-begun
		self.Cancel()
		_, err := self.Wait()
		t.ErrorIs("the error of the second await after it", err, nil)
		if (awaited == nil) == (slept == nil) {
			t.Errorf("a task is cancelled just when the task that it awaits is done: of Await and the next Sleep one must be cancelled, and they return %v and %v", awaited, slept)
		}
	})
}

// TestTwoFailAtOnce checks that Gather ends with the error of one of two tasks that fail at the same time, and leaves nobody behind.
func TestTwoFailAtOnce(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		fails := func(err error) *task { return start(func(*task) (any, error) { return nil, err }) }
		_, err := gather.Gather(fails(errBoom), fails(errCrash)).Wait()
		if !errors.Is(err, errBoom) && !errors.Is(err, errCrash) {
			t.Errorf("Gather of two tasks that fail with %v and %v ends with the error %v", errBoom, errCrash, err)
		}
	})
}

// TestAllEndAtOnce checks that Gather has all the results where its tasks end at the same time.
func TestAllEndAtOnce(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		returns := func(result any) *task { return start(func(*task) (any, error) { return result, nil }) }
		result, err := gather.Gather(returns(1), returns(2)).Wait()
		is(t, "Gather of two tasks that end at the same time", result, err, []any{1, 2}, nil)
	})
}

// TestCancelBesideTheEndOfAGather checks that a Cancel of a Gather that comes just when its task ends is either refused or ends it as cancelled.
func TestCancelBesideTheEndOfAGather(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		all := gather.Gather(start(func(*task) (any, error) { return 42, nil }))
		accepted := all.Cancel()
		result, err := all.Wait()
		if accepted {
			t.ErrorIs("how a Gather ended, where Cancel said true", err, gather.ErrCancelled)
		} else {
			is(t, "a Gather, where Cancel said false", result, err, []any{42}, nil)
		}
	})
}

// TestDoneJustInTime checks that WaitFor tells the truth where the task is done in the very moment in which the time is over: ErrTimeout only if the task was cancelled, else its result.
func TestDoneJustInTime(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		other := start(ends(time.Second, 42, nil))
		var late error
		self := start(func(self *task) (any, error) {
			_, late = self.WaitFor(other, time.Second)
			return nil, self.Sleep(time.Second)
		})
		_, err := self.Wait()
		t.ErrorIs("the error of the await after WaitFor", err, nil)
		result, err := other.Wait()
		if late == nil {
			is(t, "the task, where WaitFor said that it was in time", result, err, 42, nil)
			return
		}
		t.ErrorIs("the error of WaitFor", late, gather.ErrTimeout)
		t.ErrorIs("how the task ended, where WaitFor said that it was late", err, gather.ErrCancelled)
	})
}

// TestCancelBesideTheTimeout checks that a cancel which comes in the very moment in which the time is over is told by WaitFor or by the next await, and by one of them only.
func TestCancelBesideTheTimeout(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		other := start(ends(time.Hour, 42, nil))
		self := start(func(self *task) (any, error) {
			_, err := self.WaitFor(other, time.Second)
			next := self.Sleep(time.Second)
			switch {
			case errors.Is(err, gather.ErrTimeout):
				t.ErrorIs("the error of the await after a WaitFor that returned ErrTimeout, where its task was cancelled just then", next, gather.ErrCancelled)
			case t.ErrorIs("the error of WaitFor", err, gather.ErrCancelled):
				t.ErrorIs("the error of the await after a WaitFor that returned ErrCancelled", next, nil)
			}
			return nil, nil
		})
		time.Sleep(time.Second)
		self.Cancel()
		self.Wait()
	})
}

// TestCancelBesideAShield checks that a cancel of a Shield which comes just when the task in it is done never touches that task.
func TestCancelBesideAShield(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		inner := start(func(self *task) (any, error) { return 42, self.Sleep(0) })
		shield := gather.Shield(inner)
		accepted := shield.Cancel()
		result, err := shield.Wait()
		if accepted {
			t.ErrorIs("how a Shield ended, where Cancel said true", err, gather.ErrCancelled)
		} else {
			is(t, "a Shield, where Cancel said false", result, err, 42, nil)
		}
		result, err = inner.Wait()
		is(t, "the task in the Shield", result, err, 42, nil)
	})
}
