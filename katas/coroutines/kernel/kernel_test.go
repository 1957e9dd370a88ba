package kernel_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/coroutines/kernel"
	"github.com/python-concurrency/kata/katas/lab"
)

type (
	coroutine = kernel.Coroutine
	task      = kernel.Task
)

var errBoom = errors.New("boom")

const s = time.Second

// diary is what tasks say, with the time. One of them runs at a time, so it needs no lock.
type diary struct {
	t     *lab.T
	start time.Time
	said  []string
}

func (d *diary) say(format string, args ...any) {
	d.said = append(d.said, fmt.Sprintf(format, args...)+fmt.Sprintf(" at %v", time.Since(d.start)))
}

func (d *diary) reads(what string, want ...string) {
	d.t.Helper()
	d.t.Equal(what, strings.Join(d.said, "; "), strings.Join(want, "; "))
	d.said, d.start = nil, time.Now()
}

// virtual runs a test in a bubble.
func virtual(t *testing.T, body func(t *lab.T, d *diary)) {
	t.Helper()
	lab.Virtual(t, func(t *lab.T) { body(t, &diary{t: t, start: time.Now()}) })
}

// run runs a first task and holds what Run returns.
func (d *diary) run(want any, wantErr error, first func(c *coroutine) (any, error)) {
	d.t.Helper()
	result, err := kernel.Run(first)
	if d.t.ErrorIs("the error of Run", err, wantErr) && wantErr == nil {
		d.t.Equal("the result of Run", result, want)
	}
}

func sleep(c *coroutine, d time.Duration) error {
	_, err := c.Trap(kernel.Sleep{Duration: d})
	return err
}

// spawn spawns a task; the answer must be one.
func spawn(t *lab.T, c *coroutine, fn kernel.Fn) *task {
	t.Helper()
	answer, err := c.Trap(kernel.Spawn{Fn: fn})
	t.ErrorIs("the error of Spawn", err, nil)
	spawned, ok := answer.(*task)
	if !ok || spawned == nil {
		t.Fatalf("the answer to Spawn is no *Task but %v", answer)
	}
	return spawned
}

func join(c *coroutine, other *task) (any, error) { return c.Trap(kernel.Join{Task: other}) }

// cancels holds the answer to Cancel.
func cancels(t *lab.T, what string, c *coroutine, other *task, want bool) {
	t.Helper()
	answer, err := c.Trap(kernel.Cancel{Task: other})
	if t.ErrorIs("the error of Cancel of "+what, err, nil) {
		t.Equal("the answer to Cancel of "+what, answer, any(want))
	}
}

func get(c *coroutine, q *kernel.Queue) (any, error) { return c.Trap(kernel.Get{Queue: q}) }
func put(c *coroutine, q *kernel.Queue, item any) error {
	_, err := c.Trap(kernel.Put{Queue: q, Item: item})
	return err
}

// sleeps is a task that sleeps, says so, and returns this.
func (d *diary) sleeps(name string, long time.Duration, result any, err error) kernel.Fn {
	return func(c *coroutine) (any, error) {
		if cancelled := sleep(c, long); cancelled != nil {
			d.say("%s is cancelled", name)
			return nil, cancelled
		}
		d.say("%s wakes", name)
		return result, err
	}
}

// TestRun checks that Run runs its task to the end and returns what that returned.
func TestRun(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run(42, nil, func(*coroutine) (any, error) { d.say("runs"); return 42, nil })
		d.reads("what the task says", "runs at 0s")
		d.run(nil, errBoom, func(*coroutine) (any, error) { return nil, errBoom })
	})
}

// TestSleep checks that sleeping tasks wake when they are due, in that order, and that the time passes once for all of them.
func TestSleep(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run("done", nil, func(c *coroutine) (any, error) {
			for _, long := range []time.Duration{3 * s, s, 2 * s, s} {
				spawn(t, c, d.sleeps(fmt.Sprint(long), long, nil, nil))
			}
			t.ErrorIs("the error of Sleep", sleep(c, 4*s), nil)
			d.say("the first task wakes")
			return "done", nil
		})
		d.reads("what five tasks say that sleep", "1s wakes at 1s", "1s wakes at 1s", "2s wakes at 2s", "3s wakes at 3s", "the first task wakes at 4s")

		d.run(nil, nil, func(c *coroutine) (any, error) {
			spawn(t, c, func(c *coroutine) (any, error) { _ = sleep(c, s); _ = sleep(c, s); d.say("a"); return nil, nil })
			spawn(t, c, d.sleeps("b", 2*s, nil, nil))
			spawn(t, c, d.sleeps("c", 2*s, nil, nil))
			return nil, sleep(c, 3*s)
		})
		d.reads("what tasks say that are due at the same time", "b wakes at 2s", "c wakes at 2s", "a at 2s")
	})
}

// TestTurns checks that Spawn and Self give no turn away, that a Sleep of zero or less does, and that turns go round.
func TestTurns(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run(nil, nil, func(c *coroutine) (any, error) {
			counts := func(name string, pause time.Duration) kernel.Fn {
				return func(c *coroutine) (any, error) {
					for i := range 3 {
						d.say("%s%d", name, i)
						if err := sleep(c, pause); err != nil {
							return nil, err
						}
					}
					return nil, nil
				}
			}
			spawn(t, c, counts("a", 0))
			spawn(t, c, counts("b", -s))
			d.say("first")
			for range 5 {
				_ = sleep(c, 0)
			}
			return nil, nil
		})
		d.reads("what three tasks say", "first at 0s", "a0 at 0s", "b0 at 0s", "a1 at 0s", "b1 at 0s", "a2 at 0s", "b2 at 0s")

		d.run(nil, nil, func(c *coroutine) (any, error) {
			var inner any
			spawned := spawn(t, c, func(c *coroutine) (any, error) {
				inner, _ = c.Trap(kernel.Self{})
				return nil, nil
			})
			self, err := c.Trap(kernel.Self{})
			t.ErrorIs("the error of Self", err, nil)
			_, _ = join(c, spawned)
			t.True("Self is answered with the task that asks", inner == any(spawned) && self != any(spawned) && self != nil)
			return nil, nil
		})
	})
}

// TestSleepDoesNotHoldUp checks that a task that is due waits until it is its turn, and that the kernel sleeps only where nobody is ready.
func TestSleepDoesNotHoldUp(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run(nil, nil, func(c *coroutine) (any, error) {
			spawn(t, c, d.sleeps("the sleeper", s, nil, nil))
			_ = sleep(c, 0)
			time.Sleep(3 * s) // it computes: nobody else runs
			d.say("computed")
			return nil, sleep(c, s)
		})
		d.reads("what is said where one computes for three seconds while another one is due after one", "computed at 3s", "the sleeper wakes at 3s")
	})
}

// TestJoin checks that a Join is answered when the task has ended, with its result or a TaskError, to all that join, and at once where it has ended already.
func TestJoin(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run(nil, nil, func(c *coroutine) (any, error) {
			well, fails := spawn(t, c, d.sleeps("a", 2*s, 42, nil)), spawn(t, c, d.sleeps("b", s, "dropped", errBoom))
			for _, name := range []string{"x", "y"} {
				spawn(t, c, func(c *coroutine) (any, error) {
					result, err := join(c, well)
					d.say("%s has %v, %v", name, result, err)
					return nil, nil
				})
			}
			result, err := join(c, fails)
			var failed *kernel.TaskError
			t.True("the error of a Join of a task that has failed is a *TaskError", errors.As(err, &failed))
			t.ErrorIs("the cause in it", err, errBoom)
			t.Equal("the result beside it", result, nil)
			d.say("joined")
			_, _ = join(c, well)
			_ = sleep(c, 0)
			result, err = join(c, well)
			t.ErrorIs("the error of a Join of a task that has ended", err, nil)
			t.Equal("the result of a Join of a task that has ended", result, any(42))
			_, err = join(c, fails)
			t.ErrorIs("the error of another Join of a task that has failed", err, errBoom)
			return nil, nil
		})
		d.reads("what the tasks say", "b wakes at 1s", "joined at 1s", "a wakes at 2s", "x has 42, <nil> at 2s", "y has 42, <nil> at 2s")
	})
}

// TestNotToWaitIsNoTurn checks that a blocking trap which has nothing to wait for is answered at once, and nobody runs in between.
func TestNotToWaitIsNoTurn(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run(nil, nil, func(c *coroutine) (any, error) {
			ended := spawn(t, c, func(*coroutine) (any, error) { return nil, nil })
			_ = sleep(c, 0)
			spawn(t, c, func(*coroutine) (any, error) { d.say("another one runs"); return nil, nil })
			q := kernel.NewQueue(2)
			_ = put(c, q, 1)
			_ = put(c, q, 2)
			item, _ := get(c, q)
			t.Equal("the first item", item, any(1))
			_, _ = join(c, ended)
			cancels(t, "a task that has ended", c, ended, false)
			d.say("still running")
			return nil, sleep(c, s)
		})
		d.reads("what the tasks say", "still running at 0s", "another one runs at 0s")
	})
}

// TestQueue checks that items come in their order, to those who wait in theirs, and that who has no room waits until there is some.
func TestQueue(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run(nil, nil, func(c *coroutine) (any, error) {
			q := kernel.NewQueue(-1)
			for _, name := range []string{"a", "b"} {
				spawn(t, c, func(c *coroutine) (any, error) {
					for range 2 {
						item, err := get(c, q)
						d.say("%s has %v, %v", name, item, err)
					}
					return nil, nil
				})
			}
			_ = sleep(c, s)
			for i := range 4 {
				t.ErrorIs("the error of Put", put(c, q, i), nil)
			}
			d.say("all put")
			return nil, sleep(c, s)
		})
		d.reads("what two tasks say that get two items each", "all put at 1s", "a has 0, <nil> at 1s", "a has 2, <nil> at 1s", "b has 1, <nil> at 1s", "b has 3, <nil> at 1s")

		d.run(nil, nil, func(c *coroutine) (any, error) {
			q := kernel.NewQueue(1)
			for _, name := range []string{"a", "b"} {
				spawn(t, c, func(c *coroutine) (any, error) {
					for i := range 2 {
						_ = put(c, q, fmt.Sprint(name, i))
						d.say("%s%d is in", name, i)
					}
					return nil, nil
				})
			}
			var items []any
			for range 4 {
				_ = sleep(c, s)
				item, _ := get(c, q)
				items = append(items, item)
			}
			t.Equal("the items, as they come", fmt.Sprint(items), "[a0 a1 b0 b1]")
			return nil, nil
		})
		d.reads("what two tasks say that put two items each into a queue with room for one", "a0 is in at 0s", "a1 is in at 1s", "b0 is in at 2s", "b1 is in at 3s")
	})
}

// TestNobodyPushesIn checks that an item, or room, belongs to the task that waited for it as soon as it is there, and not to one that asks for it later.
func TestNobodyPushesIn(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run(nil, nil, func(c *coroutine) (any, error) {
			q := kernel.NewQueue(0)
			spawn(t, c, func(c *coroutine) (any, error) {
				item, err := get(c, q)
				d.say("who waited has %v, %v", item, err)
				return nil, nil
			})
			spawn(t, c, func(c *coroutine) (any, error) { _ = sleep(c, 2*s); return nil, put(c, q, "the second") })
			_ = sleep(c, s)
			_ = put(c, q, "the first")
			item, err := get(c, q)
			d.say("who came later has %v, %v", item, err)
			return nil, nil
		})
		d.reads("what is said where one waits for an item and another one asks for it later", "who waited has the first, <nil> at 1s", "who came later has the second, <nil> at 2s")

		d.run(nil, nil, func(c *coroutine) (any, error) {
			q := kernel.NewQueue(1)
			_ = put(c, q, "a")
			spawn(t, c, func(c *coroutine) (any, error) { return nil, put(c, q, "b") })
			spawn(t, c, func(c *coroutine) (any, error) {
				_ = sleep(c, 2*s)
				for range 2 {
					item, err := get(c, q)
					d.say("%v, %v", item, err)
				}
				return nil, nil
			})
			_ = sleep(c, s)
			_, _ = get(c, q)
			_ = put(c, q, "c")
			return nil, sleep(c, 2*s)
		})
		d.reads("the items, where b waited for room and c came later", "b, <nil> at 2s", "c, <nil> at 2s")
	})
}

// TestTwoKernels checks that two kernels which run at the same time know nothing of one another.
func TestTwoKernels(t *testing.T) {
	virtual(t, func(t *lab.T, _ *diary) {
		results := make(chan string, 2)
		for i := range 2 {
			go func() {
				result, err := kernel.Run(func(c *coroutine) (any, error) {
					slow := spawn(t, c, func(c *coroutine) (any, error) { return i, sleep(c, time.Duration(i+1)*s) })
					return join(c, slow)
				})
				results <- fmt.Sprint(result, err)
			}()
		}
		t.Equal("the result of the kernel that ends first", <-results, "0 <nil>")
		t.Equal("the result of the other one", <-results, "1 <nil>")
	})
}

// TestCancel checks that a task that waits learns of a Cancel at its next turn, and that who cancels waits for its end.
func TestCancel(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run(nil, nil, func(c *coroutine) (any, error) {
			victim := spawn(t, c, func(c *coroutine) (any, error) {
				err := sleep(c, time.Hour)
				d.say("the victim gets %v", err)
				_ = sleep(c, 2*s)
				d.say("the victim has cleaned up")
				return nil, err
			})
			_ = sleep(c, s)
			cancels(t, "a task that sleeps", c, victim, true)
			d.say("cancelled")
			cancels(t, "a task that has ended", c, victim, false)
			_, err := join(c, victim)
			t.ErrorIs("the error of a Join of a cancelled task", err, kernel.ErrCancelled)
			var failed *kernel.TaskError
			t.True("which is a *TaskError, too", errors.As(err, &failed))
			return nil, sleep(c, 2*time.Hour)
		})
		d.reads("what is said", "the victim gets "+kernel.ErrCancelled.Error()+" at 1s", "the victim has cleaned up at 3s", "cancelled at 3s")
	})
}

// TestCancelASleeper checks that to cancel one of several that sleep disturbs none of the others, and that a Sleep takes its time however short it is.
func TestCancelASleeper(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run(nil, nil, func(c *coroutine) (any, error) {
			var all []*task
			for i := range 5 {
				all = append(all, spawn(t, c, d.sleeps(fmt.Sprint("sleeper ", i), time.Duration(i+1)*s, nil, nil)))
			}
			_ = sleep(c, 1)
			d.say("cancelling")
			cancels(t, "one of several that sleep", c, all[3], true)
			return nil, sleep(c, 10*s)
		})
		d.reads("what five sleepers say, of which one is cancelled", "cancelling at 1ns", "sleeper 3 is cancelled at 1ns", "sleeper 0 wakes at 1s", "sleeper 1 wakes at 2s", "sleeper 2 wakes at 3s", "sleeper 4 wakes at 5s")
	})
}

// TestCancelIsPending checks that a task that is ready learns of a Cancel at its next blocking trap, which asks for nothing then, and not at Spawn or Self.
func TestCancelIsPending(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		for _, asks := range []struct {
			name string
			trap func(c *coroutine, q *kernel.Queue, other *task) error
		}{
			{"Sleep", func(c *coroutine, _ *kernel.Queue, _ *task) error { return sleep(c, time.Hour) }},
			{"Sleep(0)", func(c *coroutine, _ *kernel.Queue, _ *task) error { return sleep(c, 0) }},
			{"Get", func(c *coroutine, q *kernel.Queue, _ *task) error { _, err := get(c, q); return err }},
			{"Put", func(c *coroutine, q *kernel.Queue, _ *task) error { return put(c, q, "more") }},
			{"Join", func(c *coroutine, _ *kernel.Queue, other *task) error { _, err := join(c, other); return err }},
			{"Cancel", func(c *coroutine, _ *kernel.Queue, other *task) error {
				_, err := c.Trap(kernel.Cancel{Task: other})
				return err
			}},
		} {
			name, trap := asks.name, asks.trap
			d.run(nil, nil, func(c *coroutine) (any, error) {
				q := kernel.NewQueue(0)
				_ = put(c, q, "an item")
				bystander := spawn(t, c, d.sleeps("the bystander", s, nil, nil))
				victim := spawn(t, c, func(c *coroutine) (any, error) {
					spawn(t, c, func(*coroutine) (any, error) { return nil, nil })
					_, err := c.Trap(kernel.Self{})
					t.ErrorIs("the error of Self in a task that is cancelled", err, nil)
					t.ErrorIs("the error of the first blocking trap, "+name+", in a task that was cancelled before it began", trap(c, q, bystander), kernel.ErrCancelled)
					t.ErrorIs("the error of the next one", sleep(c, s/2), nil)
					return nil, nil
				})
				cancels(t, "a task that has not begun", c, victim, true)
				item, _ := get(c, q)
				t.Equal("the item in the queue behind a "+name+" that asked for nothing", item, any("an item"))
				_, err := join(c, bystander)
				t.ErrorIs("the error of a task that a "+name+" was about which asked for nothing", err, nil)
				return nil, nil
			})
			d.reads("what is said", "the bystander wakes at 1s")
		}
	})
}

// TestOnce checks that a task which has got ErrCancelled is not disturbed any more, however often it is cancelled, and that all who cancel it wait for its end.
func TestOnce(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run(nil, nil, func(c *coroutine) (any, error) {
			victim := spawn(t, c, func(c *coroutine) (any, error) {
				t.ErrorIs("the error of the Sleep that was interrupted", sleep(c, time.Hour), kernel.ErrCancelled)
				for range 3 {
					t.ErrorIs("the error of a Sleep after that", sleep(c, s), nil)
				}
				d.say("the victim ends well")
				return "well", nil
			})
			for i := range 2 {
				spawn(t, c, func(c *coroutine) (any, error) {
					_ = sleep(c, time.Duration(i+1)*s)
					cancels(t, "a task that others cancel, too", c, victim, true)
					d.say("canceller %d goes on", i)
					return nil, nil
				})
			}
			_ = sleep(c, 3*s+s/2)
			cancels(t, "a task that was cancelled twice", c, victim, true)
			result, err := join(c, victim)
			t.ErrorIs("the error of a Join of a task that was cancelled and ended well", err, nil)
			t.Equal("its result", result, any("well"))
			return nil, nil
		})
		d.reads("what is said", "the victim ends well at 4s", "canceller 0 goes on at 4s", "canceller 1 goes on at 4s")
	})
}

// TestWhoIsCancelledLeaves checks that what a cancelled task waited for goes to others: an item, room, an end.
func TestWhoIsCancelledLeaves(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run(nil, nil, func(c *coroutine) (any, error) {
			q := kernel.NewQueue(1)
			waits := func(name string) kernel.Fn {
				return func(c *coroutine) (any, error) {
					item, err := get(c, q)
					d.say("%s has %v, %v", name, item, err)
					return nil, nil
				}
			}
			first := spawn(t, c, waits("first"))
			spawn(t, c, waits("second"))
			_ = sleep(c, s)
			cancels(t, "a task that waits for an item", c, first, true)
			_ = put(c, q, "the item")
			_ = sleep(c, s)

			_ = put(c, q, "a")
			full := spawn(t, c, func(c *coroutine) (any, error) { return nil, put(c, q, "never") })
			spawn(t, c, func(c *coroutine) (any, error) { return nil, put(c, q, "b") })
			_ = sleep(c, s)
			cancels(t, "a task that waits for room", c, full, true)
			item, _ := get(c, q)
			next, _ := get(c, q)
			t.Equal("the items, where one of two that waited for room was cancelled", fmt.Sprint(item, next), "ab")

			slow := spawn(t, c, d.sleeps("slow", 5*s, nil, nil))
			joins := spawn(t, c, func(c *coroutine) (any, error) { _, err := join(c, slow); return nil, err })
			again := spawn(t, c, func(c *coroutine) (any, error) { return c.Trap(kernel.Cancel{Task: joins}) })
			_ = sleep(c, s)
			_, err := join(c, joins)
			t.ErrorIs("the error of a task that was cancelled in a Join", err, kernel.ErrCancelled)
			answer, err := join(c, again)
			t.Equal("the answer to the Cancel of it", fmt.Sprint(answer, err), "true <nil>")
			_, err = join(c, slow)
			t.ErrorIs("the error of the task that it had joined", err, nil)
			return nil, nil
		})
		d.reads("what is said", "first has <nil>, "+kernel.ErrCancelled.Error()+" at 1s", "second has the item, <nil> at 1s", "slow wakes at 8s")
	})
}

// TestWhatWasGivenStays checks that a task which was given an item and is cancelled before its turn keeps the item, and learns of it later.
func TestWhatWasGivenStays(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run(nil, nil, func(c *coroutine) (any, error) {
			q := kernel.NewQueue(0)
			waits := spawn(t, c, func(c *coroutine) (any, error) {
				item, err := get(c, q)
				d.say("has %v, %v", item, err)
				err = sleep(c, s)
				d.say("then %v", err)
				return nil, nil
			})
			_ = sleep(c, s)
			_ = put(c, q, "the item")
			cancels(t, "a task that was just given an item", c, waits, true)
			return nil, nil
		})
		d.reads("what is said", "has the item, <nil> at 1s", "then "+kernel.ErrCancelled.Error()+" at 1s")
	})
}

// TestSelf checks that a task cannot wait for its own end.
func TestSelf(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run(nil, nil, func(c *coroutine) (any, error) {
			self, _ := c.Trap(kernel.Self{})
			me, ok := self.(*task)
			if !ok {
				t.Fatalf("the answer to Self is no *Task but %v", self)
			}
			_, err := join(c, me)
			t.ErrorIs("the error of a Join of oneself", err, kernel.ErrSelf)
			_, err = c.Trap(kernel.Cancel{Task: me})
			t.ErrorIs("the error of a Cancel of oneself", err, kernel.ErrSelf)
			t.ErrorIs("the error of a Sleep after that", sleep(c, s), nil)
			return nil, nil
		})
	})
}

// TestTheRestIsCancelled checks that what is left when the first task has ended is cancelled, in the order of spawning, and waited for.
func TestTheRestIsCancelled(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run("done", nil, func(c *coroutine) (any, error) {
			spawn(t, c, d.sleeps("a", time.Hour, nil, nil))
			spawn(t, c, func(c *coroutine) (any, error) {
				_ = sleep(c, time.Hour)
				_ = sleep(c, 2*s)
				d.say("b has cleaned up")
				return nil, nil
			})
			spawn(t, c, d.sleeps("c", time.Hour, nil, nil))
			spawn(t, c, d.sleeps("d", s, nil, nil))
			_ = sleep(c, s+s/2)
			spawn(t, c, func(c *coroutine) (any, error) {
				d.say("e begins")
				_, err := get(c, kernel.NewQueue(0))
				d.say("e gets %v", err)
				return nil, err
			})
			d.say("the first task ends")
			return "done", nil
		})
		d.say("Run returns")
		d.reads("what is said", "d wakes at 1s", "the first task ends at 1.5s", "e begins at 1.5s", "e gets "+kernel.ErrCancelled.Error()+" at 1.5s",
			"a is cancelled at 1.5s", "c is cancelled at 1.5s", "b has cleaned up at 3.5s", "Run returns at 3.5s")
	})
}

// TestDeadlock checks that Run fails where every task waits and none sleeps, after all of them were cancelled.
func TestDeadlock(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		d.run(nil, kernel.ErrDeadlock, func(c *coroutine) (any, error) {
			self, _ := c.Trap(kernel.Self{})
			me, _ := self.(*task)
			other := spawn(t, c, func(c *coroutine) (any, error) {
				_, err := join(c, me)
				d.say("the other one gets %v", err)
				return nil, err
			})
			_, err := join(c, other)
			d.say("the first one gets %v", err)
			return nil, nil
		})
		d.reads("what two tasks say that join each other", "the first one gets "+kernel.ErrCancelled.Error()+" at 0s", "the other one gets "+kernel.ErrCancelled.Error()+" at 0s")
		d.run(nil, kernel.ErrDeadlock, func(c *coroutine) (any, error) { return get(c, kernel.NewQueue(1)) })
	})
}

// TestManyTasks checks that thousands of tasks sleep and wake in their order.
func TestManyTasks(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		const many = 2000
		var order []int
		d.run(nil, nil, func(c *coroutine) (any, error) {
			var all []*task
			for i := range many {
				all = append(all, spawn(t, c, func(c *coroutine) (any, error) {
					err := sleep(c, time.Duration((i*7919)%many+1)*time.Millisecond)
					order = append(order, (i*7919)%many)
					return nil, err
				}))
			}
			for _, other := range all {
				if _, err := join(c, other); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		sorted := len(order) == many
		for i, n := range order {
			sorted = sorted && i == n
		}
		t.True("2000 tasks wake in the order in which they are due", sorted)
	})
}
