package taskgroup_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/asyncio/taskgroup"
	"github.com/python-concurrency/kata/katas/lab"
)

type (
	task  = taskgroup.Task
	group = taskgroup.TaskGroup
)

var (
	errBoom  = errors.New("boom")
	errCrash = errors.New("crash")
	errOops  = errors.New("oops")
)

// run runs coro as a task and returns how that ended.
func run(coro func(self *task) error) error { return taskgroup.CreateTask(coro).Wait() }

// child starts a child that must be accepted.
func child(t *lab.T, g *group, coro func(self *task) error) *task {
	t.Helper()
	c, err := g.CreateTask(coro)
	t.ErrorIs("the error of g.CreateTask in a group that is open", err, nil)
	if err == nil && c == nil {
		t.Errorf("g.CreateTask in a group that is open returned neither a task nor an error")
	}
	return c
}

// sleeper is a coroutine that sleeps for d and returns what Sleep says.
func sleeper(d time.Duration) func(*task) error {
	return func(self *task) error { return self.Sleep(d) }
}

// failer is a coroutine that sleeps for d and then fails with err.
func failer(d time.Duration, err error) func(*task) error {
	return func(self *task) error {
		if cancelled := self.Sleep(d); cancelled != nil {
			return cancelled
		}
		return err
	}
}

// interrupted wants a sleep of an hour to be cut short, exactly after d.
func interrupted(t *lab.T, what string, self *task, d time.Duration) {
	t.Helper()
	t.Takes(what+": a Sleep of one hour", lab.Exactly(d), func() {
		t.ErrorIs(what+": the error of a Sleep of one hour", self.Sleep(time.Hour), taskgroup.ErrCancelled)
	})
}

// undisturbed wants a sleep of a second to last one second.
func undisturbed(t *lab.T, what string, self *task) {
	t.Helper()
	t.Takes(what+": a Sleep of one second", lab.Exactly(time.Second), func() {
		t.ErrorIs(what+": the error of a Sleep of one second", self.Sleep(time.Second), nil)
	})
}

// exceptions wants err to be an ExceptionGroup of just these, in this order.
func exceptions(t *lab.T, what string, err error, want ...error) {
	t.Helper()
	var all *taskgroup.ExceptionGroup
	if !errors.As(err, &all) {
		t.Errorf("%s must be an ExceptionGroup of %v, and is %v", what, want, err)
		return
	}
	same := len(all.Exceptions) == len(want)
	for i := 0; same && i < len(want); i++ {
		same = errors.Is(all.Exceptions[i], want[i])
	}
	if !same {
		t.Equal("the exceptions in "+what, fmt.Sprint(all.Exceptions), fmt.Sprint(want))
		return
	}
	for _, each := range want {
		t.ErrorIs("what errors.Is finds in the ExceptionGroup of "+what, err, each)
	}
}

// TestATaskRuns checks that CreateTask starts the coroutine and comes back at once, and that Wait says how it ended, as often as it is asked.
func TestATaskRuns(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, want := range []error{nil, errBoom} {
			var self, handed *task
			t.Takes("CreateTask", lab.Exactly(0), func() {
				self = taskgroup.CreateTask(func(self *task) error {
					handed = self
					time.Sleep(time.Second)
					return want
				})
			})
			t.Takes("Wait for a coroutine of one second", lab.Exactly(time.Second), func() {
				t.ErrorIs("what Wait returns", self.Wait(), want)
			})
			t.ErrorIs("what a second Wait returns", self.Wait(), want)
			t.True("the coroutine is handed the task that CreateTask returns", handed == self)
		}
	})
}

// TestManyMayWait checks that several goroutines can wait for the same task, and that all of them hear of its end.
func TestManyMayWait(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		self := taskgroup.CreateTask(failer(time.Second, errBoom))
		var waiters sync.WaitGroup
		for range 3 {
			waiters.Go(func() {
				t.Takes("Wait for a task of one second, beside two others that wait for it", lab.Exactly(time.Second), func() {
					t.ErrorIs("what Wait returns to each of three", self.Wait(), errBoom)
				})
			})
		}
		waiters.Wait()
	})
}

// TestSleep checks that Sleep takes its time, that one of zero or less takes none, and that several tasks sleep at the same time.
func TestSleep(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		bound := lab.Exactly(2*time.Second).Sequential(4*time.Second, "the two tasks")
		t.Takes("two tasks that each sleep for two seconds", bound, func() {
			first, second := taskgroup.CreateTask(sleeper(2*time.Second)), taskgroup.CreateTask(sleeper(2*time.Second))
			t.ErrorIs("what the first one returns", first.Wait(), nil)
			t.ErrorIs("what the second one returns", second.Wait(), nil)
		})
		t.Takes("Sleep(0) and Sleep(-1s)", lab.Exactly(0), func() {
			t.ErrorIs("the error of Sleep(0)", run(sleeper(0)), nil)
			t.ErrorIs("the error of Sleep(-1s)", run(sleeper(-time.Second)), nil)
		})
	})
}

// TestCancelInterruptsAnAwait checks that a Sleep returns ErrCancelled in the moment in which the task is cancelled, and that Wait tells of it.
func TestCancelInterruptsAnAwait(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		self := taskgroup.CreateTask(sleeper(time.Hour))
		time.Sleep(time.Second)
		t.Equal("Cancelling() of a task that nobody has cancelled", self.Cancelling(), 0)
		t.Takes("from Cancel to the end of a task that sleeps", lab.Exactly(0), func() {
			t.Equal("what Cancel returns for a task that sleeps", self.Cancel(), true)
			t.ErrorIs("what Wait returns for a task that passed ErrCancelled on", self.Wait(), taskgroup.ErrCancelled)
		})
		t.Equal("Cancelling() after one Cancel", self.Cancelling(), 1)
	})
}

// TestCancelIsDeliveredOnce checks that the await after an interrupted one waits as usual, that another Cancel interrupts again, and that a task may go on after both.
func TestCancelIsDeliveredOnce(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		self := taskgroup.CreateTask(func(self *task) error {
			interrupted(t, "the first await", self, time.Second)
			undisturbed(t, "the await after an interrupted one", self)
			interrupted(t, "the await in which a second Cancel comes", self, time.Second)
			undisturbed(t, "the await after the second interrupted one", self)
			return nil
		})
		time.Sleep(time.Second)
		self.Cancel()
		time.Sleep(2 * time.Second)
		self.Cancel()
		t.ErrorIs("what Wait returns for a task that swallowed both and returned nil", self.Wait(), nil)
		t.Equal("Cancelling() of it", self.Cancelling(), 2)
	})
}

// TestCancelBeforeTheAwait checks that a request which comes while the task does not wait is delivered by its next await, one for all that have come, also by a Sleep of zero.
func TestCancelBeforeTheAwait(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, d := range []time.Duration{time.Hour, 0, -time.Second} {
			err := run(func(self *task) error {
				t.Equal("what Cancel returns for a task that runs", self.Cancel(), true)
				self.Cancel()
				t.Takes(fmt.Sprintf("Sleep(%v) with two requests outstanding", d), lab.Exactly(0), func() {
					t.ErrorIs(fmt.Sprintf("the error of Sleep(%v) with two requests outstanding", d), self.Sleep(d), taskgroup.ErrCancelled)
				})
				undisturbed(t, "the next await", self)
				t.Equal("Cancelling() after two requests", self.Cancelling(), 2)
				return nil
			})
			t.ErrorIs("what Wait returns for a task that swallowed them", err, nil)
		}
	})
}

// TestATaskEndsWithARequestOutstanding checks that a task which returns nil before the request was delivered ends cancelled, and that an error of its own stays.
func TestATaskEndsWithARequestOutstanding(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		t.ErrorIs("how a task ends that returns nil with a request outstanding",
			run(func(self *task) error { self.Cancel(); return nil }), taskgroup.ErrCancelled)
		t.ErrorIs("how a task ends that returns an error with a request outstanding",
			run(func(self *task) error { self.Cancel(); return errBoom }), errBoom)
		t.ErrorIs("how a task ends that makes another error of its ErrCancelled",
			run(func(self *task) error { self.Cancel(); self.Sleep(0); return errBoom }), errBoom)
		t.ErrorIs("how a task ends that nobody cancelled and that returns ErrCancelled",
			run(func(*task) error { return taskgroup.ErrCancelled }), taskgroup.ErrCancelled)
	})
}

// TestCancelAfterTheEnd checks that Cancel of a task that has ended returns false and changes nothing.
func TestCancelAfterTheEnd(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, want := range []error{nil, errBoom} {
			self := taskgroup.CreateTask(func(*task) error { return want })
			self.Wait()
			t.Equal("what Cancel returns for a task that has ended", self.Cancel(), false)
			t.Equal("Cancelling() after that", self.Cancelling(), 0)
			t.ErrorIs("how the task ended, after that", self.Wait(), want)
		}
	})
}

// TestUncancel checks that Uncancel takes back one request at a time, never more than there were, and that with the last one an undelivered request is dropped.
func TestUncancel(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		err := run(func(self *task) error {
			t.Equal("Uncancel() where there was no request", self.Uncancel(), 0)
			self.Cancel()
			self.Cancel()
			self.Cancel()
			t.Equal("Uncancel() after three requests", self.Uncancel(), 2)
			t.Equal("Cancelling() after it", self.Cancelling(), 2)
			interrupted(t, "with two of three requests left", self, 0)
			self.Cancel()
			for want := 2; want >= 0; want-- {
				t.Equal("Uncancel()", self.Uncancel(), want)
			}
			t.Equal("Uncancel() once more", self.Uncancel(), 0)
			undisturbed(t, "when every request was taken back before it was delivered", self)
			self.Cancel()
			interrupted(t, "the first request after that", self, 0)
			return nil
		})
		t.ErrorIs("how the task ended", err, nil)
	})
}

// TestTheGroupWaits checks that WithTaskGroup returns when body and every child have ended, that they run at the same time, and that what they wrote can be read then.
func TestTheGroupWaits(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var wrote [3]int
		bound := lab.Exactly(3*time.Second).Sequential(4*time.Second, "the children")
		t.Takes("a group whose children take one, two and three seconds", bound, func() {
			t.ErrorIs("what the task with the group returns", run(func(self *task) error {
				return taskgroup.WithTaskGroup(self, func(g *group) error {
					for i := range wrote {
						c := child(t, g, func(self *task) error {
							err := self.Sleep(time.Duration(i+1) * time.Second)
							wrote[i] = i + 1
							return err
						})
						t.True("the task of a child is not that of the body", c != self)
					}
					return nil
				})
			}), nil)
		})
		t.Equal("what the three children wrote", wrote, [3]int{1, 2, 3})
		t.Takes("a group whose body takes longer than its child", lab.Exactly(2*time.Second), func() {
			t.ErrorIs("what it returns", run(func(self *task) error {
				return taskgroup.WithTaskGroup(self, func(g *group) error {
					child(t, g, sleeper(time.Second))
					return self.Sleep(2 * time.Second)
				})
			}), nil)
		})
		t.Takes("a group without children", lab.Exactly(0), func() {
			t.ErrorIs("what it returns", run(func(self *task) error {
				return taskgroup.WithTaskGroup(self, func(*group) error { return nil })
			}), nil)
		})
	})
}

// TestChildrenMayCreateChildren checks that a child can start another one while the group waits already, and that the group waits for that one too.
func TestChildrenMayCreateChildren(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var ended atomic.Int64
		t.Takes("three children, each started by the one before it at its end", lab.Exactly(3*time.Second), func() {
			t.ErrorIs("what the group returns", run(func(self *task) error {
				return taskgroup.WithTaskGroup(self, func(g *group) error {
					var next func(self *task) error
					next = func(self *task) error {
						self.Sleep(time.Second)
						if ended.Add(1) < 3 {
							child(t, g, next)
						}
						return nil
					}
					child(t, g, next)
					return nil
				})
			}), nil)
		})
		t.Equal("how many of them ended before the group did", int(ended.Load()), 3)
	})
}

// TestTheFirstFailureCancelsTheSiblings checks that a child's error cancels the other children and the body at once, and comes back in an ExceptionGroup.
func TestTheFirstFailureCancelsTheSiblings(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var siblings [2]*task
		t.Takes("a group of which a child fails after a second", lab.Exactly(time.Second), func() {
			err := run(func(self *task) error {
				return taskgroup.WithTaskGroup(self, func(g *group) error {
					for i := range siblings {
						siblings[i] = child(t, g, sleeper(time.Hour))
					}
					child(t, g, failer(time.Second, errBoom))
					err := self.Sleep(time.Hour)
					t.ErrorIs("the error of the await in which the body is when a child fails", err, taskgroup.ErrCancelled)
					return err
				})
			})
			exceptions(t, "what WithTaskGroup returns", err, errBoom)
		})
		for _, sibling := range siblings {
			if sibling != nil {
				t.ErrorIs("how a sibling ended", sibling.Wait(), taskgroup.ErrCancelled)
				t.Equal("Cancelling() of a sibling", sibling.Cancelling(), 1)
			}
		}
	})
}

// TestAFailureWhileTheGroupWaits checks that a child's error cancels its siblings also when the body has returned long before.
func TestAFailureWhileTheGroupWaits(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		t.ErrorIs("how the task ended", run(func(self *task) error {
			t.Takes("a group that waits and of which a child fails after a second", lab.Exactly(time.Second), func() {
				err := taskgroup.WithTaskGroup(self, func(g *group) error {
					child(t, g, sleeper(time.Hour))
					child(t, g, failer(time.Second, errBoom))
					return nil
				})
				exceptions(t, "what WithTaskGroup returns", err, errBoom)
			})
			t.Equal("Cancelling() of the task after it", self.Cancelling(), 0)
			undisturbed(t, "after it", self)
			return nil
		}), nil)
	})
}

// TestTheGroupTakesItsOwnCancelBack checks that the request with which the group got the body out of an await is gone afterwards, delivered, swallowed or not delivered at all.
func TestTheGroupTakesItsOwnCancelBack(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		bodies := []struct {
			what string
			body func(self *task) error
		}{
			{"a body that was interrupted", func(self *task) error {
				err := self.Sleep(time.Hour)
				t.Equal("Cancelling() of the task in the body when a child has failed", self.Cancelling(), 1)
				return err
			}},
			{"a body that was interrupted, swallowed it and went on", func(self *task) error {
				interrupted(t, "the body when a child fails", self, time.Second)
				undisturbed(t, "a body that swallowed the cancel", self)
				return nil
			}},
			{"a body that did not look", func(*task) error {
				time.Sleep(2 * time.Second)
				return nil
			}},
		}
		for _, c := range bodies {
			what, body := c.what, c.body
			t.ErrorIs("how the task ended, after "+what, run(func(self *task) error {
				err := taskgroup.WithTaskGroup(self, func(g *group) error {
					child(t, g, failer(time.Second, errBoom))
					return body(self)
				})
				exceptions(t, "what WithTaskGroup returns after "+what, err, errBoom)
				t.Equal("Cancelling() after the group, after "+what, self.Cancelling(), 0)
				undisturbed(t, "after the group, after "+what, self)
				return nil
			}), nil)
		}
	})
}

// TestAllErrorsAreCollected checks that errors which come during the shutdown are collected in the order in which they come, that they cancel nobody a second time, and that the group waits for who is slow.
func TestAllErrorsAreCollected(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		cleaner := func(d time.Duration, err error) func(self *task) error {
			return func(self *task) error {
				interrupted(t, "a sibling of a child that fails after a second", self, time.Second)
				t.ErrorIs("the error of a sibling's await after that", self.Sleep(d), nil)
				return err
			}
		}
		t.ErrorIs("how the task ended", run(func(self *task) error {
			t.Takes("a group of which a child fails after one second and another cleans up for three", lab.Exactly(4*time.Second), func() {
				err := taskgroup.WithTaskGroup(self, func(g *group) error {
					child(t, g, cleaner(2*time.Second, errOops))
					child(t, g, cleaner(time.Second, errCrash))
					child(t, g, cleaner(3*time.Second, nil))
					child(t, g, cleaner(0, fmt.Errorf("stopped: %w", taskgroup.ErrCancelled)))
					child(t, g, failer(time.Second, errBoom))
					interrupted(t, "the body", self, time.Second)
					t.ErrorIs("the error of the body's await while more children fail", self.Sleep(2500*time.Millisecond), nil)
					return nil
				})
				exceptions(t, "what WithTaskGroup returns", err, errBoom, errCrash, errOops)
			})
			t.Equal("Cancelling() after the group", self.Cancelling(), 0)
			undisturbed(t, "after the group", self)
			return nil
		}), nil)
	})
}

// TestACancelledChildIsNoFailure checks that a child which somebody cancelled, or which returned ErrCancelled by itself, ends alone: the group goes on and returns nil.
func TestACancelledChildIsNoFailure(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		t.Takes("a group of which a child is cancelled after a second and another sleeps for two", lab.Exactly(2*time.Second), func() {
			t.ErrorIs("what it returns", run(func(self *task) error {
				return taskgroup.WithTaskGroup(self, func(g *group) error {
					child(t, g, func(*task) error { return taskgroup.ErrCancelled })
					child(t, g, func(*task) error { return fmt.Errorf("gave up: %w", taskgroup.ErrCancelled) })
					child(t, g, func(self *task) error { self.Cancel(); return nil })
					victim := child(t, g, sleeper(time.Hour))
					undisturbed(t, "the body beside children that are cancelled", self)
					victim.Cancel()
					t.ErrorIs("how a child ends that was cancelled", victim.Wait(), taskgroup.ErrCancelled)
					sibling := child(t, g, sleeper(time.Second))
					undisturbed(t, "the body after a child was cancelled", self)
					t.ErrorIs("how its sibling ended", sibling.Wait(), nil)
					return nil
				})
			}), nil)
		})
	})
}

// TestTheBodysError checks that an error of the body cancels the children, waits for them, and stands last in the ExceptionGroup, which it is even if it is alone.
func TestTheBodysError(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		t.ErrorIs("how the task ended", run(func(self *task) error {
			t.Takes("a group whose body fails after a second and whose child then cleans up for another", lab.Exactly(2*time.Second), func() {
				err := taskgroup.WithTaskGroup(self, func(g *group) error {
					child(t, g, func(self *task) error {
						interrupted(t, "a child of a body that fails after a second", self, time.Second)
						self.Sleep(time.Second)
						return errCrash
					})
					self.Sleep(time.Second)
					t.Equal("Cancelling() of a body that fails by itself", self.Cancelling(), 0)
					return errBoom
				})
				exceptions(t, "what WithTaskGroup returns", err, errCrash, errBoom)
			})
			t.Equal("Cancelling() after the group", self.Cancelling(), 0)
			undisturbed(t, "after the group", self)
			err := taskgroup.WithTaskGroup(self, func(*group) error { return errBoom })
			exceptions(t, "what WithTaskGroup returns when only the body has failed", err, errBoom)
			return nil
		}), nil)
	})
}

// TestTheBodyReturnsErrCancelled checks that a body which returns ErrCancelled shuts the group down, and that this is what comes back, not in an ExceptionGroup.
func TestTheBodyReturnsErrCancelled(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, cancelled := range []error{taskgroup.ErrCancelled, fmt.Errorf("stopped: %w", taskgroup.ErrCancelled)} {
			t.Takes("a group whose body returns ErrCancelled", lab.Exactly(0), func() {
				var c *task
				err := run(func(self *task) error {
					return taskgroup.WithTaskGroup(self, func(g *group) error {
						c = child(t, g, sleeper(time.Hour))
						return cancelled
					})
				})
				t.ErrorIs("what WithTaskGroup returns", err, taskgroup.ErrCancelled)
				if errors.As(err, new(*taskgroup.ExceptionGroup)) {
					t.Errorf("ErrCancelled of the body came back in an ExceptionGroup: it must come back as it is")
				}
				if c != nil {
					t.ErrorIs("how the child ended", c.Wait(), taskgroup.ErrCancelled)
				}
			})
		}
		t.ErrorIs("how the task ended", run(func(self *task) error {
			err := taskgroup.WithTaskGroup(self, func(g *group) error {
				child(t, g, func(self *task) error {
					self.Sleep(time.Hour)
					return errBoom
				})
				self.Sleep(time.Second)
				return taskgroup.ErrCancelled
			})
			exceptions(t, "what WithTaskGroup returns where the body returns ErrCancelled and a child then fails", err, errBoom)
			t.Equal("Cancelling() of a task that nobody has cancelled", self.Cancelling(), 0)
			undisturbed(t, "after it", self)
			return nil
		}), nil)
	})
}

// TestCancelWhileTheGroupWaits checks that a request for the task in its wait at the end cancels the children, waits for them, and comes back as ErrCancelled with its count.
func TestCancelWhileTheGroupWaits(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var c *task
		self := taskgroup.CreateTask(func(self *task) error {
			t.Takes("a group that is cancelled after a second, with a child that cleans up for another", lab.Exactly(2*time.Second), func() {
				err := taskgroup.WithTaskGroup(self, func(g *group) error {
					c = child(t, g, func(self *task) error {
						interrupted(t, "a child of a task that is cancelled after a second", self, time.Second)
						undisturbed(t, "the await after it", self)
						return nil
					})
					return nil
				})
				t.ErrorIs("what WithTaskGroup returns", err, taskgroup.ErrCancelled)
			})
			t.Equal("Cancelling() after the group", self.Cancelling(), 1)
			undisturbed(t, "the await after the one that delivered it", self)
			return nil
		})
		time.Sleep(time.Second)
		self.Cancel()
		t.ErrorIs("how a task ends that swallowed it", self.Wait(), nil)
		if c != nil {
			t.Equal("Cancelling() of the child", c.Cancelling(), 1)
		}
	})
}

// TestCancelWhileTheBodyAwaits checks that a request for the task which its body passes on does the same.
func TestCancelWhileTheBodyAwaits(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		self := taskgroup.CreateTask(func(self *task) error {
			t.Takes("a group whose body is cancelled after a second, with a child that cleans up for another", lab.Exactly(2*time.Second), func() {
				err := taskgroup.WithTaskGroup(self, func(g *group) error {
					child(t, g, func(self *task) error {
						interrupted(t, "a child", self, time.Second)
						undisturbed(t, "the await after it", self)
						return nil
					})
					return self.Sleep(time.Hour)
				})
				t.ErrorIs("what WithTaskGroup returns", err, taskgroup.ErrCancelled)
			})
			t.Equal("Cancelling() after the group", self.Cancelling(), 1)
			undisturbed(t, "the await after the one that delivered it", self)
			return nil
		})
		time.Sleep(time.Second)
		self.Cancel()
		t.ErrorIs("how a task ends that swallowed it", self.Wait(), nil)
	})
}

// TestABodyThatSwallowsACancel checks that the group goes on as if nothing had happened, but for the count, when its body swallows somebody else's request.
func TestABodyThatSwallowsACancel(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		self := taskgroup.CreateTask(func(self *task) error {
			return taskgroup.WithTaskGroup(self, func(g *group) error {
				child(t, g, sleeper(3*time.Second))
				interrupted(t, "the body", self, time.Second)
				child(t, g, sleeper(time.Second))
				return nil
			})
		})
		time.Sleep(time.Second)
		self.Cancel()
		t.Takes("from the cancel to the end of a child that sleeps for two more seconds", lab.Exactly(2*time.Second), func() {
			t.ErrorIs("what the group returns", self.Wait(), nil)
		})
		t.Equal("Cancelling() after it", self.Cancelling(), 1)
	})
}

// TestASecondCancelChangesNothing checks that a request for a task whose group is shutting down already does not cancel the children again, and is returned once.
func TestASecondCancelChangesNothing(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var c *task
		self := taskgroup.CreateTask(func(self *task) error {
			t.Takes("a group that is cancelled after one second and after two, with a child that cleans up for three", lab.Exactly(4*time.Second), func() {
				err := taskgroup.WithTaskGroup(self, func(g *group) error {
					c = child(t, g, func(self *task) error {
						interrupted(t, "a child", self, time.Second)
						t.ErrorIs("the error of the child's await in which the second request comes", self.Sleep(3*time.Second), nil)
						return nil
					})
					return nil
				})
				t.ErrorIs("what WithTaskGroup returns", err, taskgroup.ErrCancelled)
			})
			t.Equal("Cancelling() after the group", self.Cancelling(), 2)
			undisturbed(t, "after the group", self)
			return nil
		})
		time.Sleep(time.Second)
		self.Cancel()
		time.Sleep(time.Second)
		self.Cancel()
		t.ErrorIs("how the task ended", self.Wait(), nil)
		if c != nil {
			t.Equal("Cancelling() of the child", c.Cancelling(), 1)
		}
	})
}

// TestErrorsComeBeforeACancel checks that an ExceptionGroup comes back although the task was cancelled by somebody else, and that its next await then tells of the cancel.
func TestErrorsComeBeforeACancel(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		// fails is a child that takes a second to clean up when it is cancelled, and fails at that.
		fails := func(self *task) error {
			self.Sleep(time.Hour)
			self.Sleep(time.Second)
			return errBoom
		}
		stubborn := func(self *task) error {
			self.Sleep(time.Hour)
			self.Sleep(4 * time.Second)
			return nil
		}
		cases := []struct {
			what   string
			cancel time.Duration
			body   func(self *task, g *group) error
			want   error
			ends   time.Duration
		}{
			{"a task that is cancelled in the wait, before a child fails", time.Second, func(self *task, g *group) error {
				child(t, g, fails)
				return nil
			}, errBoom, 2 * time.Second},
			{"a task that is cancelled in its body, before a child fails", time.Second, func(self *task, g *group) error {
				child(t, g, fails)
				return self.Sleep(time.Hour)
			}, errBoom, 2 * time.Second},
			{"a task that is cancelled while its group shuts down for a child's error", 3 * time.Second, func(self *task, g *group) error {
				child(t, g, failer(time.Second, errBoom))
				child(t, g, stubborn)
				return self.Sleep(time.Hour)
			}, errBoom, 5 * time.Second},
			{"a task that is cancelled while its group shuts down for the body's error", 3 * time.Second, func(self *task, g *group) error {
				child(t, g, stubborn)
				self.Sleep(time.Second)
				return errBoom
			}, errBoom, 5 * time.Second},
			{"a task that is cancelled while its body does not look and then fails", time.Second, func(self *task, g *group) error {
				time.Sleep(2 * time.Second)
				return errBoom
			}, errBoom, 2 * time.Second},
			{"a task whose body swallows the cancel and then fails", time.Second, func(self *task, g *group) error {
				self.Sleep(time.Hour)
				return errBoom
			}, errBoom, time.Second},
		}
		for _, c := range cases {
			self := taskgroup.CreateTask(func(self *task) error {
				t.Takes("the group of "+c.what, lab.Exactly(c.ends), func() {
					err := taskgroup.WithTaskGroup(self, func(g *group) error { return c.body(self, g) })
					exceptions(t, "what WithTaskGroup returns for "+c.what, err, c.want)
				})
				t.Equal("Cancelling() after the group, for "+c.what, self.Cancelling(), 1)
				interrupted(t, "the first await after the group, for "+c.what, self, 0)
				undisturbed(t, "the second await after the group, for "+c.what, self)
				return nil
			})
			time.Sleep(c.cancel)
			self.Cancel()
			t.ErrorIs("how the task ended", self.Wait(), nil)
		}
	})
}

// TestACancelFromLongAgo checks that the rule goes by the count: a request that was swallowed before the group, and never taken back, is outstanding again after an ExceptionGroup, and one that was taken back is not.
func TestACancelFromLongAgo(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		fails := func(self *task) {
			err := taskgroup.WithTaskGroup(self, func(g *group) error {
				child(t, g, failer(time.Second, errBoom))
				return self.Sleep(time.Hour)
			})
			exceptions(t, "what WithTaskGroup returns", err, errBoom)
		}
		t.ErrorIs("how the task ended", run(func(self *task) error {
			self.Cancel()
			interrupted(t, "before the group", self, 0)
			fails(self)
			t.Equal("Cancelling() after a group, where one request was swallowed before it", self.Cancelling(), 1)
			interrupted(t, "after a group that failed, where one request was swallowed before it", self, 0)
			err := taskgroup.WithTaskGroup(self, func(g *group) error {
				child(t, g, sleeper(time.Second))
				return nil
			})
			t.ErrorIs("what a group returns that goes well, where one request was swallowed before it", err, nil)
			undisturbed(t, "after a group that went well, where one request was swallowed before it", self)
			t.Equal("Uncancel()", self.Uncancel(), 0)
			fails(self)
			undisturbed(t, "after a group that failed, where the request was taken back before it", self)
			return nil
		}), nil)
	})
}

// TestNoWaitDeliversNothing checks that a group with no child left at its end leaves an outstanding request to the next await.
func TestNoWaitDeliversNothing(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		t.ErrorIs("how the task ended", run(func(self *task) error {
			err := taskgroup.WithTaskGroup(self, func(g *group) error {
				c := child(t, g, sleeper(time.Second))
				time.Sleep(2 * time.Second)
				t.ErrorIs("how the child ended", c.Wait(), nil)
				self.Cancel()
				return nil
			})
			t.ErrorIs("what WithTaskGroup returns where no child is left to wait for", err, nil)
			interrupted(t, "the first await after the group", self, 0)
			return nil
		}), nil)
	})
}

// TestAPendingCancelMeetsTheWait checks that a request which is outstanding when the wait at the end begins shuts the group down at once.
func TestAPendingCancelMeetsTheWait(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		t.ErrorIs("how the task ended", run(func(self *task) error {
			t.Takes("a group with a child of one hour and a request that the body did not await", lab.Exactly(0), func() {
				t.ErrorIs("what it returns", taskgroup.WithTaskGroup(self, func(g *group) error {
					child(t, g, sleeper(time.Hour))
					self.Cancel()
					return nil
				}), taskgroup.ErrCancelled)
			})
			undisturbed(t, "after the group", self)
			return nil
		}), nil)
	})
}

// TestAGroupThatShutsDownAcceptsNobody checks that CreateTask is refused with ErrShuttingDown from the first error on, by the body and by a child, and with ErrFinished when the group is through.
func TestAGroupThatShutsDownAcceptsNobody(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		refused := func(when string, g *group, want error) {
			t.Helper()
			c, err := g.CreateTask(func(*task) error {
				t.Errorf("the coroutine that CreateTask refused %s was run", when)
				return nil
			})
			t.ErrorIs("the error of g.CreateTask "+when, err, want)
			t.True("the task of a CreateTask that is refused "+when+" is nil", c == nil)
		}
		var failed, left *group
		t.ErrorIs("how the task ended", run(func(self *task) error {
			err := taskgroup.WithTaskGroup(self, func(g *group) error {
				failed = g
				child(t, g, func(self *task) error {
					self.Sleep(time.Hour)
					self.Sleep(2 * time.Second)
					refused("by a child while the group waits for it", g, taskgroup.ErrShuttingDown)
					return nil
				})
				child(t, g, failer(time.Second, errBoom))
				err := self.Sleep(time.Hour)
				refused("by the body after a child has failed", g, taskgroup.ErrShuttingDown)
				return err
			})
			exceptions(t, "what WithTaskGroup returns", err, errBoom)
			err = taskgroup.WithTaskGroup(self, func(g *group) error {
				child(t, g, failer(time.Second, errBoom))
				self.Sleep(time.Hour)
				refused("by the body after its only child has failed", g, taskgroup.ErrShuttingDown)
				return nil
			})
			exceptions(t, "what WithTaskGroup returns", err, errBoom)
			err = taskgroup.WithTaskGroup(self, func(g *group) error {
				child(t, g, func(self *task) error {
					self.Sleep(time.Hour)
					refused("by a child after the body has failed", g, taskgroup.ErrShuttingDown)
					return nil
				})
				return errBoom
			})
			exceptions(t, "what WithTaskGroup returns", err, errBoom)
			return taskgroup.WithTaskGroup(self, func(g *group) error {
				left = g
				return nil
			})
		}), nil)
		if failed != nil && left != nil {
			refused("after a group that went well is through", left, taskgroup.ErrFinished)
			refused("after a group that failed is through", failed, taskgroup.ErrFinished)
		}
	})
}

// TestAnInnerGroup checks that a group in a group passes its failure outwards as one error, and that a failure outside cancels what is inside.
func TestAnInnerGroup(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		inner := func(self *task, coro func(*task) error) error {
			return taskgroup.WithTaskGroup(self, func(g *group) error {
				child(t, g, coro)
				return nil
			})
		}
		t.ErrorIs("how the task ended", run(func(self *task) error {
			t.Takes("a group of which a child's own group fails after a second", lab.Exactly(time.Second), func() {
				err := taskgroup.WithTaskGroup(self, func(g *group) error {
					child(t, g, sleeper(time.Hour))
					child(t, g, func(self *task) error { return inner(self, failer(time.Second, errBoom)) })
					return nil
				})
				var outer *taskgroup.ExceptionGroup
				if !errors.As(err, &outer) || len(outer.Exceptions) != 1 {
					t.Errorf("WithTaskGroup must return an ExceptionGroup with the child's ExceptionGroup in it, and returns %v", err)
					return
				}
				exceptions(t, "what the outer ExceptionGroup holds", outer.Exceptions[0], errBoom)
			})
			t.Takes("a group whose body waits in a group of its own when a child fails after a second", lab.Exactly(time.Second), func() {
				err := taskgroup.WithTaskGroup(self, func(g *group) error {
					child(t, g, failer(time.Second, errBoom))
					err := inner(self, sleeper(time.Hour))
					t.ErrorIs("what the inner group returns", err, taskgroup.ErrCancelled)
					t.Equal("Cancelling() between the inner group and the outer one", self.Cancelling(), 1)
					return err
				})
				exceptions(t, "what the outer group returns", err, errBoom)
			})
			t.Equal("Cancelling() after the groups", self.Cancelling(), 0)
			undisturbed(t, "after the groups", self)
			return nil
		}), nil)
	})
}

// TestBothGroupsFail checks that where the inner and the outer group both fail each takes back its own request, and nothing is left over.
func TestBothGroupsFail(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		t.ErrorIs("how the task ended", run(func(self *task) error {
			err := taskgroup.WithTaskGroup(self, func(outer *group) error {
				child(t, outer, failer(time.Second, errBoom))
				err := taskgroup.WithTaskGroup(self, func(inner *group) error {
					child(t, inner, failer(time.Second, errCrash))
					time.Sleep(2 * time.Second)
					t.Equal("Cancelling() where a child of each of two groups has failed", self.Cancelling(), 2)
					return self.Sleep(time.Hour)
				})
				exceptions(t, "what the inner group returns", err, errCrash)
				t.Equal("Cancelling() after the inner group, where a child of the outer one has failed", self.Cancelling(), 1)
				interrupted(t, "the await after the inner group, where a child of the outer one has failed", self, 0)
				return nil
			})
			exceptions(t, "what the outer group returns", err, errBoom)
			t.Equal("Cancelling() after both", self.Cancelling(), 0)
			undisturbed(t, "after both", self)
			return nil
		}), nil)
	})
}

// TestGroupsKeepApart checks that two tasks with a group each have nothing to do with each other: what fails in one leaves the other alone.
func TestGroupsKeepApart(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		with := func(coro func(self *task) error) *task {
			return taskgroup.CreateTask(func(self *task) error {
				return taskgroup.WithTaskGroup(self, func(g *group) error {
					child(t, g, coro)
					child(t, g, sleeper(2*time.Second))
					return self.Sleep(2 * time.Second)
				})
			})
		}
		t.Takes("a group that fails after a second, and another one that goes well and takes two", lab.Exactly(2*time.Second), func() {
			well, fails := with(sleeper(2*time.Second)), with(failer(time.Second, errBoom))
			exceptions(t, "what the group returns that fails", fails.Wait(), errBoom)
			t.ErrorIs("what the other group returns", well.Wait(), nil)
		})
	})
}

// TestManyChildren checks that a hundred children sleep at the same time, and that all are cancelled when one of them fails.
func TestManyChildren(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var cancelled atomic.Int64
		t.Takes("a group of a hundred children of which one fails after a second", lab.Exactly(time.Second), func() {
			err := run(func(self *task) error {
				return taskgroup.WithTaskGroup(self, func(g *group) error {
					for i := range 100 {
						if i == 50 {
							child(t, g, failer(time.Second, errBoom))
							continue
						}
						child(t, g, func(self *task) error {
							err := self.Sleep(time.Minute)
							if errors.Is(err, taskgroup.ErrCancelled) {
								cancelled.Add(1)
							}
							return err
						})
					}
					return nil
				})
			})
			exceptions(t, "what WithTaskGroup returns", err, errBoom)
		})
		t.Equal("how many of the 99 others were cancelled", int(cancelled.Load()), 99)
	})
}

// TestCancelBesideTheEnd checks that a request which comes just as a task ends is either refused or ends it as cancelled.
func TestCancelBesideTheEnd(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		self := taskgroup.CreateTask(func(*task) error { return nil })
		accepted := self.Cancel()
		err := self.Wait()
		if accepted {
			t.ErrorIs("how a task ended that returned nil, where Cancel said true", err, taskgroup.ErrCancelled)
			t.Equal("Cancelling() where Cancel said true", self.Cancelling(), 1)
		} else {
			t.ErrorIs("how a task ended that returned nil, where Cancel said false", err, nil)
			t.Equal("Cancelling() where Cancel said false", self.Cancelling(), 0)
		}
	})
}

// TestTwoCancelAtOnce checks that two requests at the same time are both counted.
func TestTwoCancelAtOnce(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		begun := make(chan bool)
		self := taskgroup.CreateTask(func(self *task) error {
			close(begun)
			self.Sleep(time.Hour)
			return self.Sleep(time.Second) // the other one may come while it cleans up
		})
		<-begun
		var both sync.WaitGroup
		var accepted atomic.Int64
		for range 2 {
			both.Go(func() {
				if self.Cancel() {
					accepted.Add(1)
				}
			})
		}
		both.Wait()
		self.Wait()
		t.Equal("how many of two requests are counted, of a task that cleans up for a second", self.Cancelling(), 2)
		t.Equal("how many Cancels said true", int(accepted.Load()), 2)
	})
}

// TestUncancelBesideCancel checks that a request which comes while the task takes another one back stays, whichever of the two is first.
func TestUncancelBesideCancel(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		asked := make(chan bool)
		ready := make(chan bool)
		self := taskgroup.CreateTask(func(self *task) error {
			self.Cancel()
			close(ready)
			self.Uncancel()
			<-asked
			t.Equal("Cancelling() after one request that was taken back and one that was not", self.Cancelling(), 1)
			return self.Sleep(time.Hour)
		})
		<-ready
		self.Cancel()
		close(asked)
		t.ErrorIs("the error of the next await", self.Wait(), taskgroup.ErrCancelled)
	})
}

// TestNoCancelIsLost checks that a request which comes in the moment in which a Sleep is over is delivered by this one or the next, and by one of them only.
func TestNoCancelIsLost(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var first, second error
		self := taskgroup.CreateTask(func(self *task) error {
			first = self.Sleep(time.Second)
			second = self.Sleep(time.Second)
			return self.Sleep(time.Second)
		})
		time.Sleep(time.Second)
		self.Cancel()
		t.ErrorIs("the error of the third Sleep", self.Wait(), nil)
		if (first == nil) == (second == nil) {
			t.Errorf("a task is cancelled in the moment in which its first Sleep is over: of this one and the next one must be cancelled, and they return %v and %v", first, second)
		}
	})
}

// TestCancelAsASleepBegins checks that a request which comes in the moment in which a Sleep begins cuts this one short.
func TestCancelAsASleepBegins(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		t.Takes("a Sleep of one hour that begins just when the task is cancelled", lab.Exactly(0), func() {
			begun := make(chan bool)
			self := taskgroup.CreateTask(func(self *task) error { close(begun); return self.Sleep(time.Hour) })
			<-begun
			self.Cancel()
			t.ErrorIs("its error", self.Wait(), taskgroup.ErrCancelled)
		})
	})
}

// TestCancelAsTheWaitBegins checks that a request which comes in the moment in which the group begins to wait cuts the wait short.
func TestCancelAsTheWaitBegins(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		t.Takes("a group with a child of one hour, which begins to wait just when the task is cancelled,", lab.Exactly(0), func() {
			begun := make(chan bool)
			self := taskgroup.CreateTask(func(self *task) error {
				return taskgroup.WithTaskGroup(self, func(g *group) error {
					child(t, g, sleeper(time.Hour))
					close(begun)
					return nil
				})
			})
			<-begun
			self.Cancel()
			t.ErrorIs("what the group returns", self.Wait(), taskgroup.ErrCancelled)
		})
	})
}

// TestTwoFailAtOnce checks that two children which fail at the same time are both collected, and that the task is cancelled no more than it is uncancelled.
func TestTwoFailAtOnce(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		t.ErrorIs("how the task ended", run(func(self *task) error {
			begun, gate := make(chan bool), make(chan bool)
			err := taskgroup.WithTaskGroup(self, func(g *group) error {
				for range 2 {
					child(t, g, func(*task) error { begun <- true; <-gate; return errBoom })
				}
				<-begun
				<-begun
				close(gate)
				return nil
			})
			exceptions(t, "what WithTaskGroup returns where two children fail at the same time", err, errBoom, errBoom)
			t.Equal("Cancelling() after that", self.Cancelling(), 0)
			t.ErrorIs("the error of the first await after that", self.Sleep(time.Second), nil)
			return nil
		}), nil)
	})
}

// TestAFailureBesideTheBodysEnd checks that no request of the group's own is left over where a child fails just when the body returns.
func TestAFailureBesideTheBodysEnd(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		t.ErrorIs("how the task ended", run(func(self *task) error {
			err := taskgroup.WithTaskGroup(self, func(g *group) error {
				child(t, g, func(*task) error { return errBoom })
				return nil
			})
			exceptions(t, "what WithTaskGroup returns", err, errBoom)
			t.Equal("Cancelling() after the group", self.Cancelling(), 0)
			t.ErrorIs("the error of the first await after the group", self.Sleep(time.Second), nil)
			return nil
		}), nil)
	})
}

// TestAFailureBesideACancel checks that neither is lost where a child fails and somebody else cancels the task: the error comes back, and the next await tells of the cancel.
func TestAFailureBesideACancel(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		begun, asked := make(chan bool), make(chan bool)
		self := taskgroup.CreateTask(func(self *task) error {
			err := taskgroup.WithTaskGroup(self, func(g *group) error {
				child(t, g, func(*task) error { close(begun); return errBoom })
				<-begun
				return self.Sleep(time.Hour)
			})
			exceptions(t, "what WithTaskGroup returns where a child fails and somebody cancels the task", err, errBoom)
			<-asked
			t.Equal("Cancelling() after the group, where somebody else has cancelled the task", self.Cancelling(), 1)
			return self.Sleep(time.Hour)
		})
		<-begun
		self.Cancel()
		close(asked)
		t.ErrorIs("the error of the first await after the group, where somebody else has cancelled the task", self.Wait(), taskgroup.ErrCancelled)
	})
}

// TestACancelBesideTheLastChild checks that a request which comes just as the last child ends is returned by WithTaskGroup or by the next await, and by one of them only.
func TestACancelBesideTheLastChild(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		begun, asked := make(chan bool), make(chan bool)
		self := taskgroup.CreateTask(func(self *task) error {
			ended := taskgroup.WithTaskGroup(self, func(g *group) error {
				child(t, g, func(*task) error { close(begun); return nil })
				return nil
			})
			<-asked
			next := self.Sleep(time.Second)
			if (ended == nil) == (next == nil) {
				t.Errorf("the task is cancelled just as its group ends: of WithTaskGroup and the next await one must say so, and they return %v and %v", ended, next)
			}
			t.Equal("Cancelling() after that", self.Cancelling(), 1)
			return nil
		})
		<-begun
		self.Cancel()
		close(asked)
		self.Wait()
	})
}

// TestANewChildBesideAFailure checks that a child that is created just when another one fails is either refused or cancelled with the others.
func TestANewChildBesideAFailure(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var created *task
		var refused error
		t.Takes("a group whose one child fails, and whose other one would sleep for an hour,", lab.Exactly(0), func() {
			err := run(func(self *task) error {
				return taskgroup.WithTaskGroup(self, func(g *group) error {
					begun := make(chan bool)
					child(t, g, func(*task) error { close(begun); return errBoom })
					<-begun
					created, refused = g.CreateTask(sleeper(time.Hour))
					return nil
				})
			})
			exceptions(t, "what WithTaskGroup returns", err, errBoom)
		})
		switch {
		case refused == nil && created != nil:
			t.ErrorIs("how a child ended that was created just when another one failed", created.Wait(), taskgroup.ErrCancelled)
		case refused == nil:
			t.Errorf("g.CreateTask returned neither a task nor an error")
		default:
			t.ErrorIs("the error of g.CreateTask just when a child fails", refused, taskgroup.ErrShuttingDown)
		}
	})
}

// TestTheLastChildHandsOn checks that the group does not end between a last child and the one that it has created.
func TestTheLastChildHandsOn(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var ended atomic.Bool
		t.ErrorIs("what the group returns", run(func(self *task) error {
			return taskgroup.WithTaskGroup(self, func(g *group) error {
				child(t, g, func(*task) error {
					child(t, g, func(*task) error { ended.Store(true); return nil })
					return nil
				})
				return nil
			})
		}), nil)
		t.True("a child that the last child created has ended when WithTaskGroup returns", ended.Load())
	})
}

// TestANewChildBesideTheEnd checks that a child which somebody outside creates just when the group ends is either refused with ErrFinished or waited for.
func TestANewChildBesideTheEnd(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var ran atomic.Bool
		handed := make(chan *group, 1)
		var inTime bool
		self := taskgroup.CreateTask(func(self *task) error {
			err := taskgroup.WithTaskGroup(self, func(g *group) error {
				handed <- g
				child(t, g, func(*task) error { return nil })
				return nil
			})
			inTime = ran.Load()
			return err
		})
		g := <-handed
		_, refused := g.CreateTask(func(*task) error { ran.Store(true); return nil })
		t.ErrorIs("what the group returns", self.Wait(), nil)
		if refused == nil {
			t.True("a child that was accepted has ended when WithTaskGroup returns", inTime)
			return
		}
		t.ErrorIs("the error of g.CreateTask just when the group ends", refused, taskgroup.ErrFinished)
		t.True("the coroutine of a child that was refused is not run", !ran.Load())
	})
}
