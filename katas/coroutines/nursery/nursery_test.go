package nursery_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/coroutines/nursery"
	"github.com/python-concurrency/kata/katas/lab"
)

type (
	scope = nursery.Scope
	group = nursery.Nursery
)

var (
	errBoom = errors.New("boom")
	errBang = errors.New("bang")
)

const s = time.Second

// leaves are the errors that came together, by name and in the order of their names: "bang, boom".
func leaves(err error) string {
	var names []string
	var visit func(err error)
	visit = func(err error) {
		if several, ok := err.(interface{ Unwrap() []error }); ok {
			for _, part := range several.Unwrap() {
				visit(part)
			}
			return
		}
		names = append(names, name(err))
	}
	if err != nil {
		visit(err)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func name(err error) string {
	switch {
	case err == nil:
		return "nil"
	case errors.Is(err, nursery.ErrCancelled):
		return "Cancelled"
	default:
		return err.Error()
	}
}

// got holds an error to the errors that it is to be made of; "" is no error.
func got(t *lab.T, what string, err error, want string) {
	t.Helper()
	if want == "" {
		t.ErrorIs("the error of "+what, err, nil)
		return
	}
	t.Equal("what the error of "+what+" is made of", leaves(err), want)
}

// run runs main in a scope that nobody cancels, and wants no error.
func run(t *lab.T, main func(root *scope)) {
	t.Helper()
	ran := false
	err := nursery.Run(func(root *scope) error {
		main(root)
		ran = true
		return nil
	})
	got(t, "Run", err, "")
	t.True("Run has run its main", ran)
}

// takes wants body to take exactly d.
func takes(t *lab.T, what string, d time.Duration, body func()) {
	t.Helper()
	t.Takes(what, lab.Exactly(d), body)
}

// after does something later in the test's time.
func after(d time.Duration, do func()) { go func() { time.Sleep(d); do() }() }

// sleeps is a task that sleeps, and then ends with an error if it was not cancelled.
func sleeps(d time.Duration, err error) func(*scope) error {
	return func(s *scope) error {
		if cancelled := s.Sleep(d); cancelled != nil {
			return cancelled
		}
		return err
	}
}

// TestRun checks that Run runs its main in a scope that is not cancelled, and returns its error.
func TestRun(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		takes(t, "Run, with a Sleep of one second, one of zero and one of less", s, func() {
			got(t, "Run", nursery.Run(func(root *scope) error {
				got(t, "Checkpoint where nothing is cancelled", root.Checkpoint(), "")
				got(t, "Sleep(1s)", root.Sleep(s), "")
				got(t, "Sleep(0)", root.Sleep(0), "")
				got(t, "Sleep(-1s)", root.Sleep(-s), "")
				return errBoom
			}), "boom")
		})
	})
}

// TestCancel checks that Cancel ends a Sleep at once, that the scope catches it, and that what comes after the scope is not cancelled.
func TestCancel(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(root *scope) {
			takes(t, "a scope with a Sleep of an hour that is cancelled after a second", s, func() {
				caught, err := root.Open(nursery.Options{}, func(inner *scope) error {
					after(s, inner.Cancel)
					return inner.Sleep(time.Hour)
				})
				t.True("Open says that it has caught the cancellation", caught)
				got(t, "Open", err, "")
			})
			takes(t, "a Sleep of a second behind the scope that was cancelled", s, func() { got(t, "Sleep behind the scope", root.Sleep(s), "") })
			takes(t, "two scopes, one behind the other, that are cancelled", 0, func() {
				for range 2 {
					caught, err := root.Open(nursery.Options{}, func(inner *scope) error {
						inner.Cancel()
						inner.Cancel()
						return inner.Checkpoint()
					})
					t.True("Open says that it has caught the cancellation", caught)
					got(t, "Open", err, "")
				}
			})
		})
	})
}

// TestItStays checks that every checkpoint tells of a cancellation, and not the first one only.
func TestItStays(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(root *scope) {
			takes(t, "a scope that is cancelled and cleans up with three sleeps of an hour", 0, func() {
				caught, _ := root.Open(nursery.Options{}, func(inner *scope) error {
					inner.Cancel()
					for i := range 3 {
						got(t, fmt.Sprintf("Sleep number %d in a scope that is cancelled", i+1), inner.Sleep(time.Hour), "Cancelled")
						got(t, fmt.Sprintf("Checkpoint number %d in a scope that is cancelled", i+1), inner.Checkpoint(), "Cancelled")
						got(t, fmt.Sprintf("Sleep(0) number %d in a scope that is cancelled", i+1), inner.Sleep(0), "Cancelled")
						_, err := inner.Open(nursery.Options{}, func(deep *scope) error { return deep.Sleep(time.Hour) })
						got(t, "a scope that is opened in one that is cancelled", err, "Cancelled")
					}
					return inner.Checkpoint()
				})
				t.True("Open says that it has caught the cancellation", caught)
			})
		})
	})
}

// TestNothingIsCaught checks that a scope which is cancelled and comes to no checkpoint any more runs to its end and catches nothing.
func TestNothingIsCaught(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(root *scope) {
			for _, want := range []error{nil, errBoom} {
				caught, err := root.Open(nursery.Options{}, func(inner *scope) error {
					inner.Cancel()
					return want
				})
				t.True("a scope that was cancelled and came to no checkpoint has caught nothing", !caught)
				t.ErrorIs("the error of Open whose body has not been stopped", err, want)
			}
			caught, err := root.Open(nursery.Options{}, func(inner *scope) error { return nursery.ErrCancelled })
			t.True("a scope that was not cancelled catches nothing", !caught)
			got(t, "Open, where nobody has cancelled anything and the body says so", err, "Cancelled")
		})
	})
}

// TestADeadline checks that a scope is cancelled when its deadline comes, at once if that is past, and not when it was left before.
func TestADeadline(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(root *scope) {
			for _, d := range []time.Duration{2 * s, 0, -s} {
				takes(t, fmt.Sprintf("a Sleep of ten seconds with a deadline in %v", d), max(d, 0), func() {
					caught, err := nursery.MoveOnAfter(root, d, func(inner *scope) error { return inner.Sleep(10 * s) })
					t.True("the scope has caught its deadline", caught)
					got(t, "the scope", err, "")
				})
			}
			caught, err := nursery.MoveOnAfter(root, 2*s, func(inner *scope) error { return inner.Sleep(s) })
			t.True("a scope that is left before its deadline has caught nothing", !caught)
			got(t, "a scope that is left before its deadline", err, "")
			takes(t, "a Sleep of five seconds in which the deadline of a scope comes that was left", 5*s, func() { got(t, "that Sleep", root.Sleep(5*s), "") })
			caught, _ = nursery.MoveOnAfter(root, s, func(inner *scope) error { time.Sleep(2 * s); return nil })
			t.True("a scope that comes to no checkpoint after its deadline has caught nothing", !caught)
			caught, _ = nursery.MoveOnAfter(root, 5*s, func(inner *scope) error { inner.Cancel(); return inner.Sleep(9 * s) })
			t.True("a scope with a deadline that is cancelled before catches that", caught)
		})
	})
}

// TestDeadlinesNest checks that of nested scopes the one that is cancelled catches, and no other, whichever deadline comes first.
func TestDeadlinesNest(t *testing.T) {
	for _, c := range []struct {
		outer, inner, takes time.Duration
		outerCaught         bool
	}{{s, 5 * s, s, true}, {5 * s, s, s, false}} {
		lab.Virtual(t, func(t *lab.T) {
			run(t, func(root *scope) {
				what := fmt.Sprintf("a Sleep of an hour in a deadline of %v in one of %v", c.inner, c.outer)
				var innerCaught, behind bool
				takes(t, what, c.takes, func() {
					outerCaught, err := nursery.MoveOnAfter(root, c.outer, func(outer *scope) error {
						var err error
						innerCaught, err = nursery.MoveOnAfter(outer, c.inner, func(inner *scope) error { return inner.Sleep(time.Hour) })
						behind = outer.Checkpoint() == nil
						return err
					})
					t.Equal("whether the outer scope catches: "+what, outerCaught, c.outerCaught)
					got(t, "the outer scope", err, "")
				})
				t.Equal("whether the inner scope catches: "+what, innerCaught, !c.outerCaught)
				t.Equal("whether the outer scope goes on behind the inner one: "+what, behind, !c.outerCaught)
			})
		})
	}
}

// TestTheOutermostWins checks that where several nested scopes are cancelled the outermost one catches, in whatever order they were.
func TestTheOutermostWins(t *testing.T) {
	for _, outerFirst := range []bool{true, false} {
		lab.Virtual(t, func(t *lab.T) {
			run(t, func(root *scope) {
				caught, err := root.Open(nursery.Options{}, func(outer *scope) error {
					caught, err := outer.Open(nursery.Options{}, func(middle *scope) error {
						caught, err := middle.Open(nursery.Options{}, func(inner *scope) error {
							if outerFirst {
								outer.Cancel()
							}
							inner.Cancel()
							err := inner.Sleep(s)
							outer.Cancel()
							return err
						})
						t.True("the innermost scope catches nothing where the outermost is cancelled too", !caught)
						return err
					})
					t.True("a scope between them catches nothing", !caught)
					got(t, "a scope between them", err, "Cancelled")
					return err
				})
				t.True("the outermost scope that is cancelled catches", caught)
				got(t, "the outermost scope", err, "")
			})
		})
	}
}

// TestAShield checks that a shield keeps out the cancellation of the scopes around it, that it does not keep out its own, and that it ends with its scope.
func TestAShield(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(root *scope) {
			var shielded, own, deep bool
			takes(t, "a scope that is cancelled and then does two seconds of work behind a shield, and one that ends by the shield's own deadline", 3*s, func() {
				caught, err := root.Open(nursery.Options{}, func(outer *scope) error {
					outer.Cancel()
					shielded, _ = outer.Open(nursery.Options{Shield: true}, func(inner *scope) error {
						got(t, "Sleep behind a shield", inner.Sleep(s), "")
						deep, _ = inner.Open(nursery.Options{}, func(deep *scope) error {
							got(t, "Sleep in a scope inside of a shielded one", deep.Sleep(s), "")
							return nil
						})
						return nil
					})
					got(t, "Checkpoint between two shields, in a scope that is cancelled", outer.Checkpoint(), "Cancelled")
					var err error
					own, err = outer.Open(nursery.Options{Shield: true, Deadline: time.Now().Add(s)}, func(inner *scope) error { return inner.Sleep(time.Hour) })
					got(t, "a shielded scope that is cancelled itself", err, "")
					return outer.Sleep(time.Hour)
				})
				t.True("the outer scope catches, behind the shields", caught)
				got(t, "the outer scope", err, "")
			})
			t.True("a shielded scope that was not cancelled itself has caught nothing", !shielded && !deep)
			t.True("a shielded scope catches its own deadline, although the scope around it is cancelled as well", own)
		})
	})
}

// TestANurseryWaits checks that tasks run at the same time, and that a nursery is not left before all of them and its body have ended.
func TestANurseryWaits(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(root *scope) {
			for _, body := range []time.Duration{0, 2 * s, 9 * s} {
				ended := 0
				bound := lab.Exactly(max(3*s, body)).Sequential(6*s+body, "the three tasks")
				t.Takes(fmt.Sprintf("a nursery with tasks of one, two and three seconds and a body of %v", body), bound, func() {
					err := root.Nursery(func(n *group) error {
						results := make(chan int, 3)
						for i := range 3 {
							t.Takes("Start", lab.Exactly(0), func() {
								got(t, "Start", n.Start(func(task *scope) error {
									err := task.Sleep(time.Duration(i+1) * s)
									results <- i
									return err
								}), "")
							})
						}
						err := n.Scope.Sleep(body)
						for range 3 {
							<-results
							ended++
						}
						return err
					})
					got(t, "Nursery", err, "")
				})
				t.Equal("how many tasks have ended when the nursery is left", ended, 3)
			}
			takes(t, "a nursery with an empty body and a task of two seconds", 2*s, func() {
				got(t, "Nursery", root.Nursery(func(n *group) error { return n.Start(sleeps(2*s, nil)) }), "")
			})
			got(t, "Nursery without tasks", root.Nursery(func(n *group) error { return nil }), "")
		})
	})
}

// TestOneFails checks that the first error of a task cancels the other tasks and the body, and that it comes out as a Group, alone.
func TestOneFails(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(root *scope) {
			takes(t, "a nursery with two tasks and a body of an hour, and one that fails after a second", s, func() {
				err := root.Nursery(func(n *group) error {
					_ = n.Start(sleeps(time.Hour, nil))
					_ = n.Start(sleeps(s, errBoom))
					_ = n.Start(sleeps(time.Hour, errBang))
					return n.Scope.Sleep(time.Hour)
				})
				got(t, "Nursery", err, "boom")
				var g *nursery.Group
				t.True("the error of Nursery is a *Group, also where there is one only", errors.As(err, &g) && err == error(g))
				t.ErrorIs("the error of Nursery, looked into", err, errBoom)
			})
			takes(t, "a nursery whose body fails, with a task of an hour", 0, func() {
				err := root.Nursery(func(n *group) error {
					_ = n.Start(sleeps(time.Hour, nil))
					return errBang
				})
				got(t, "Nursery whose body fails", err, "bang")
				var g *nursery.Group
				t.True("the error of the body comes in a *Group, too", errors.As(err, &g))
			})
			takes(t, "a Sleep of a second behind two nurseries that have failed", s, func() { got(t, "that Sleep", root.Sleep(s), "") })
		})
	})
}

// TestErrorsComeTogether checks that errors which come up while the others clean up are not lost, and that the nursery waits for the cleaning.
func TestErrorsComeTogether(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(root *scope) {
			takes(t, "a nursery in which one fails after a second and another one cleans up for three", 4*s, func() {
				err := root.Nursery(func(n *group) error {
					_ = n.Start(sleeps(s, errBoom))
					_ = n.Start(func(task *scope) error {
						got(t, "Sleep in a task whose sibling has failed", task.Sleep(time.Hour), "Cancelled")
						_, err := task.Open(nursery.Options{Shield: true}, func(inner *scope) error { return inner.Sleep(3 * s) })
						got(t, "cleaning up behind a shield", err, "")
						return errBang
					})
					_ = n.Start(func(task *scope) error {
						return fmt.Errorf("the third: %w", task.Sleep(time.Hour))
					})
					return n.Scope.Sleep(time.Hour)
				})
				got(t, "Nursery", err, "bang, boom")
			})
		})
	})
}

// TestCancellingANursery checks that a nursery whose scope is cancelled ends without an error, and keeps errors that are none of the cancellation.
func TestCancellingANursery(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(root *scope) {
			takes(t, "a nursery that is cancelled after a second", s, func() {
				got(t, "Nursery", root.Nursery(func(n *group) error {
					_ = n.Start(sleeps(time.Hour, nil))
					_ = n.Start(sleeps(time.Hour, nil))
					after(s, n.Scope.Cancel)
					return nil
				}), "")
			})
			got(t, "Nursery that is cancelled, and whose task fails in cleaning up", root.Nursery(func(n *group) error {
				n.Scope.Cancel()
				return n.Start(func(task *scope) error {
					if task.Sleep(time.Hour) != nil {
						return errBoom
					}
					return nil
				})
			}), "boom")
		})
	})
}

// TestCancelledFromOutside checks that a cancellation from around goes to all tasks and through the nursery to the scope that was cancelled, and that other errors stay.
func TestCancelledFromOutside(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(root *scope) {
			takes(t, "a nursery with tasks of an hour in a deadline of two seconds", 2*s, func() {
				var inside error
				caught, err := nursery.MoveOnAfter(root, 2*s, func(outer *scope) error {
					inside = outer.Nursery(func(n *group) error {
						_ = n.Start(sleeps(time.Hour, nil))
						_ = n.Start(func(task *scope) error {
							return errors.Join(task.Sleep(time.Hour), errBang)
						})
						_ = n.Start(func(task *scope) error {
							if task.Sleep(time.Hour) != nil {
								return errBoom
							}
							return nil
						})
						return nil
					})
					return inside
				})
				got(t, "Nursery, from around of which the cancellation comes", inside, "Cancelled, Cancelled, bang, boom")
				t.True("the scope with the deadline catches", caught)
				got(t, "the scope with the deadline, which takes out what is Cancelled and leaves the rest", err, "bang, boom")
			})
			caught, err := nursery.MoveOnAfter(root, s, func(outer *scope) error {
				return outer.Nursery(func(n *group) error { return n.Start(sleeps(time.Hour, nil)) })
			})
			t.True("a scope catches the cancellation of a nursery's tasks", caught)
			got(t, "a scope around a nursery of which nothing is left but Cancelled", err, "")
		})
	})
}

// TestATaskBelongsToItsNursery checks that a task runs in the scope of its nursery, and not in the one where Start was called.
func TestATaskBelongsToItsNursery(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(root *scope) {
			takes(t, "a nursery with a task of five seconds that was started in a deadline of one second", 5*s, func() {
				err := root.Nursery(func(n *group) error {
					caught, err := nursery.MoveOnAfter(n.Scope, s, func(inner *scope) error {
						_ = n.Start(func(task *scope) error {
							err := task.Sleep(5 * s)
							got(t, "Sleep of a task that was started inside of a scope that is cancelled meanwhile", err, "")
							return err
						})
						return inner.Sleep(time.Hour)
					})
					t.True("the scope that the task was started in catches its deadline", caught)
					return err
				})
				got(t, "Nursery", err, "")
			})
		})
	})
}

// TestTasksStartTasks checks that a task may start another one as long as the nursery is open, that one is started in a cancelled nursery too, and that a nursery that was left is closed.
func TestTasksStartTasks(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(root *scope) {
			var n *group
			var ran atomic.Int32
			takes(t, "a nursery with a task that starts a task that starts a task, of a second each", 3*s, func() {
				var starts func(left int) func(*scope) error
				starts = func(left int) func(*scope) error {
					return func(task *scope) error {
						err := task.Sleep(s)
						ran.Add(1)
						if left > 0 {
							got(t, "Start by a task", n.Start(starts(left-1)), "")
						}
						return err
					}
				}
				got(t, "Nursery", root.Nursery(func(opened *group) error {
					n = opened
					return n.Start(starts(2))
				}), "")
			})
			t.Equal("how many tasks have run", ran.Load(), int32(3))
			for range 2 {
				t.ErrorIs("the error of Start after the nursery was left", n.Start(func(*scope) error { ran.Add(1); return nil }), nursery.ErrClosed)
			}

			late := make(chan string, 2)
			got(t, "Nursery that is cancelled before its task is started", root.Nursery(func(n *group) error {
				n.Scope.Cancel()
				got(t, "Start in a nursery that is cancelled", n.Start(func(task *scope) error {
					late <- "begun"
					err := task.Checkpoint()
					late <- name(err)
					return err
				}), "")
				return nil
			}), "")
			if t.Equal("how far a task that is started in a cancelled nursery has come when that is left", len(late), 2) {
				t.Equal("what becomes of a task that is started in a cancelled nursery", <-late+", then "+<-late, "begun, then Cancelled")
			}
			t.Equal("how many tasks of the first nursery have run", ran.Load(), int32(3))
		})
	})
}

// TestNurseriesNest checks that an error goes out from nursery to nursery, and ends in each what is left of it.
func TestNurseriesNest(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(root *scope) {
			takes(t, "a nursery in a task of a nursery, in which a task fails after two seconds", 2*s, func() {
				err := root.Nursery(func(outer *group) error {
					_ = outer.Start(sleeps(time.Hour, nil))
					_ = outer.Start(func(task *scope) error {
						return task.Nursery(func(inner *group) error {
							_ = inner.Start(sleeps(time.Hour, nil))
							_ = inner.Start(sleeps(2*s, errBoom))
							return nil
						})
					})
					return outer.Scope.Sleep(time.Hour)
				})
				got(t, "the outer Nursery", err, "boom")
			})
		})
	})
}

// TestWhatIsTakenOut checks that a scope which catches takes everything Cancelled out of an error, however deep, and nothing else.
func TestWhatIsTakenOut(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		run(t, func(root *scope) {
			cancelled := nursery.ErrCancelled
			for _, c := range []struct {
				what   string
				err    error
				caught bool
				want   string
			}{
				{"Cancelled, wrapped", fmt.Errorf("while reading: %w", cancelled), true, ""},
				{"a Group of Cancelled only", &nursery.Group{Errors: []error{cancelled, cancelled}}, true, ""},
				{"Groups in Groups", &nursery.Group{Errors: []error{&nursery.Group{Errors: []error{cancelled, errBoom}}, &nursery.Group{Errors: []error{cancelled}}, errBang}}, true, "bang, boom"},
				{"errors that were joined", errors.Join(errBoom, errors.Join(cancelled)), true, "boom"},
				{"a Group without Cancelled", &nursery.Group{Errors: []error{errBoom, errBang}}, false, "bang, boom"},
				{"another error", errBoom, false, "boom"},
			} {
				caught, err := root.Open(nursery.Options{}, func(inner *scope) error {
					inner.Cancel()
					return c.err
				})
				t.Equal("whether a cancelled scope catches something of "+c.what, caught, c.caught)
				got(t, "a cancelled scope whose body returns "+c.what, err, c.want)
			}
		})
	})
}

// TestTwoFailAtOnce checks on every schedule that the errors of two tasks come together, and that nobody is left behind.
func TestTwoFailAtOnce(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		run(t, func(root *scope) {
			err := root.Nursery(func(n *group) error {
				_ = n.Start(func(*scope) error { return errBoom })
				_ = n.Start(func(*scope) error { return errBang })
				return nil
			})
			got(t, "Nursery", err, "bang, boom")
		})
	})
}

// TestAFailureBesideACheckpoint checks on every schedule that a task learns of its sibling's failure, whenever it comes to its checkpoint, and that it does not count as an error.
func TestAFailureBesideACheckpoint(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		run(t, func(root *scope) {
			err := root.Nursery(func(n *group) error {
				_ = n.Start(func(*scope) error { return errBoom })
				return n.Scope.Sleep(s)
			})
			got(t, "Nursery", err, "boom")
		})
	})
}

// TestStartBesideTheEnd checks on every schedule that a task which is started when the body ends is either refused or waited for.
func TestStartBesideTheEnd(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		run(t, func(root *scope) {
			var ran atomic.Int32
			answer := make(chan error, 1)
			got(t, "Nursery", root.Nursery(func(n *group) error {
				go func() { answer <- n.Start(func(*scope) error { ran.Add(1); return nil }) }()
				return nil
			}), "")
			left := ran.Load()
			err := <-answer
			t.True("the error of Start is ErrClosed or nil", err == nil || errors.Is(err, nursery.ErrClosed))
			t.Equal("whether the task had run when the nursery was left, where Start has taken it", left == 1, err == nil)
		})
	})
}

// TestCancelFromAround checks on every schedule that a cancellation from another goroutine is caught by its own scope alone.
func TestCancelFromAround(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		run(t, func(root *scope) {
			var inner bool
			outer, err := root.Open(nursery.Options{}, func(outer *scope) (err error) {
				go outer.Cancel()
				inner, err = outer.Open(nursery.Options{}, func(in *scope) error { return in.Sleep(s) })
				return err
			})
			got(t, "the outer scope", err, "")
			t.True("the inner scope, which nobody has cancelled, catches nothing", !inner)
			t.True("the outer scope catches", outer)
		})
	})
}
