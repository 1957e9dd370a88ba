package hub_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/gevent/hub"
	"github.com/python-concurrency/kata/katas/lab"
)

const s = time.Second

// process is a hub and what its greenlets have said. One of them runs at a time, so that needs no lock.
type process struct {
	*hub.Hub
	t     *lab.T
	said  []string
	start time.Time
}

// runs runs a main greenlet to the end of its hub, and holds what was said to what should have been.
func runs(t *lab.T, what string, main func(p *process), want ...string) {
	t.Helper()
	p := &process{Hub: hub.New(), t: t, start: time.Now()}
	p.Run(func() { main(p) })
	t.Equal(what, strings.Join(p.said, ", "), strings.Join(want, ", "))
}

// say writes down what a greenlet says, with the time that has passed.
func (p *process) say(what string) {
	p.said = append(p.said, fmt.Sprintf("%s %v", what, time.Since(p.start)))
}

// tell says what a wait has returned.
func (p *process) tell(who string, err error) {
	switch {
	case err == nil:
		p.say(who + ": nil")
	case errors.Is(err, hub.ErrGreenletExit):
		p.say(who + ": GreenletExit")
	case errors.Is(err, hub.ErrLoopExit):
		p.say(who + ": LoopExit")
	default:
		p.say(who + ": " + err.Error())
	}
}

// TestSpawn checks that what is spawned runs when the one that spawns waits, not before, and in the order in which it was spawned.
func TestSpawn(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what main says that spawns two greenlets and then sleeps for no time, and what they say", func(p *process) {
			p.Spawn(func() { p.say("a") })
			p.Spawn(func() { p.say("b") })
			p.say("main")
			p.tell("main", p.Sleep(0))
		}, "main 0s", "a 0s", "b 0s", "main: nil 0s")
	})
}

// TestSleep checks that greenlets sleep at the same time, and that each goes on when its own time has passed.
func TestSleep(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what four greenlets say that sleep", func(p *process) {
			for _, seconds := range []time.Duration{3, 1, 2} {
				p.Spawn(func() { p.tell((seconds * s).String(), p.Sleep(seconds*s)) })
			}
			p.tell("main", p.Sleep(4*s))
		}, "1s: nil 1s", "2s: nil 2s", "3s: nil 3s", "main: nil 4s")
	})
}

// TestAShortSleep checks that a Sleep takes its time, however short that is.
func TestAShortSleep(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what main says that sleeps a nanosecond", func(p *process) { p.tell("main", p.Sleep(1)) }, "main: nil 1ns")
	})
}

// TestSleepOfNothing checks that sleeps of zero or less let the others run, turn by turn, and hold up no timer.
func TestSleepOfNothing(t *testing.T) {
	for _, d := range []time.Duration{0, -s} {
		lab.Virtual(t, func(t *lab.T) {
			runs(t, fmt.Sprintf("what two greenlets say that do Sleep(%v) in between", d), func(p *process) {
				for _, name := range []string{"a", "b"} {
					p.Spawn(func() {
						for range 3 {
							p.tell(name, p.Sleep(d))
						}
					})
				}
				p.tell("main", p.Sleep(s))
			}, "a: nil 0s", "b: nil 0s", "a: nil 0s", "b: nil 0s", "a: nil 0s", "b: nil 0s", "main: nil 1s")
		})
	}
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what a greenlet says that sleeps 1.5 seconds beside one that computes a second, again and again, with Sleep(0) in between", func(p *process) {
			p.Spawn(func() { p.tell("sleeper", p.Sleep(3*s/2)) })
			for range 4 {
				time.Sleep(s)
				_ = p.Sleep(0)
			}
			p.say("main")
		}, "sleeper: nil 3s", "main 4s")
	})
}

// TestComputing checks that a greenlet which computes, or blocks by itself, holds up all others.
func TestComputing(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what a greenlet says that sleeps one second, where another one blocks the thread for five", func(p *process) {
			p.Spawn(func() { p.tell("sleeper", p.Sleep(s)) })
			p.Spawn(func() { time.Sleep(5 * s); p.say("computed") })
			p.tell("main", p.Sleep(6*s))
		}, "computed 5s", "sleeper: nil 5s", "main: nil 6s")
	})
}

// TestJoin checks that Join waits for the end of a greenlet or for its timeout, and does not wait where there is nothing to wait for.
func TestJoin(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what main says that joins a greenlet of three seconds", func(p *process) {
			g := p.Spawn(func() { p.tell("g", p.Sleep(3*s)) })
			t.True("a greenlet that has not begun has not ended", !g.Ready())
			p.tell("timeout 1s", g.Join(s))
			t.True("after a Join whose timeout has passed the greenlet has not ended", !g.Ready())
			p.Spawn(func() { p.tell("another", g.Join(hub.Forever)) })
			p.tell("forever", g.Join(hub.Forever))
			t.True("after a Join without timeout the greenlet has ended", g.Ready())
			_ = p.Sleep(0)
			p.Spawn(func() { p.say("spawned") })
			p.tell("again", g.Join(hub.Forever))
			p.tell("again 5s", g.Join(5*s))
			_ = p.Sleep(0)
		}, "timeout 1s: nil 1s", "g: nil 3s", "forever: nil 3s", "another: nil 3s", "again: nil 3s", "again 5s: nil 3s", "spawned 3s")
	})
}

// TestAWaitThatIsOver checks that what an earlier wait waited for does not end a later one.
func TestAWaitThatIsOver(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what main says that joins for five seconds a greenlet of one, and then sleeps ten", func(p *process) {
			p.tell("join", p.Spawn(func() { _ = p.Sleep(s) }).Join(5*s))
			p.tell("sleep", p.Sleep(10*s))
		}, "join: nil 1s", "sleep: nil 11s")
		runs(t, "what main says that joins for one second a greenlet of five, and then sleeps ten", func(p *process) {
			p.tell("join", p.Spawn(func() { _ = p.Sleep(5 * s) }).Join(s))
			p.tell("sleep", p.Sleep(10*s))
		}, "join: nil 1s", "sleep: nil 11s")
		runs(t, "what a greenlet says that is killed in a wait for an event, which is set while it sleeps", func(p *process) {
			e := p.NewEvent()
			g := p.Spawn(func() { p.tell("wait", e.Wait()); p.tell("sleep", p.Sleep(10*s)) })
			_ = p.Sleep(s)
			g.Kill()
			_ = p.Sleep(s)
			e.Set()
			_ = g.Join(hub.Forever)
		}, "wait: GreenletExit 1s", "sleep: nil 11s")
		runs(t, "what a greenlet says that is killed in a sleep of five seconds, and then sleeps ten", func(p *process) {
			g := p.Spawn(func() { p.tell("first", p.Sleep(5*s)); p.tell("second", p.Sleep(10*s)) })
			_ = p.Sleep(s)
			g.Kill()
			_ = g.Join(hub.Forever)
		}, "first: GreenletExit 1s", "second: nil 11s")
	})
}

// TestKill checks that Kill does not wait, that the wait of the greenlet returns GreenletExit, and what it does to one that has not begun or has ended.
func TestKill(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what is said where a sleeping greenlet is killed", func(p *process) {
			g := p.Spawn(func() { p.tell("g", p.Sleep(5*s)) })
			_ = p.Sleep(s)
			g.Kill()
			p.say("killed")
			t.True("Kill does not wait: the greenlet has not had its turn yet", !g.Ready())
			p.tell("main", g.Join(hub.Forever))
		}, "killed 1s", "g: GreenletExit 1s", "main: nil 1s")
		runs(t, "what is said where a greenlet is killed that has not begun", func(p *process) {
			g := p.Spawn(func() { p.say("it has begun") })
			g.Kill()
			t.True("a greenlet that is killed before it has begun has ended", g.Ready())
			p.tell("main", g.Join(hub.Forever))
			g.Kill()
			_ = p.Sleep(s)
			p.say("end")
		}, "main: nil 0s", "end 1s")
		runs(t, "what is said where a greenlet is killed that another one waits for, before it has begun", func(p *process) {
			var g *hub.Greenlet
			waiter := p.Spawn(func() { p.tell("waiter", g.Join(hub.Forever)) })
			p.Spawn(func() { g.Kill() })
			g = p.Spawn(func() { p.say("it has begun") })
			p.tell("main", waiter.Join(5*s))
		}, "waiter: nil 0s", "main: nil 0s")
		runs(t, "what is said where a greenlet is killed that has ended", func(p *process) {
			g := p.Spawn(func() {})
			_ = p.Sleep(0)
			g.Kill()
			p.tell("main", p.Sleep(s))
		}, "main: nil 1s")
	})
}

// TestKillAtTheNextWait checks that a greenlet which kills itself goes on until it waits, that a Join which need not wait is no wait, and that it is killed once.
func TestKillAtTheNextWait(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what a greenlet says that kills itself", func(p *process) {
			ended := p.Spawn(func() {})
			_ = p.Sleep(0)
			set := p.NewEvent()
			set.Set()
			var g *hub.Greenlet
			g = p.Spawn(func() {
				g.Kill()
				p.say("alive")
				p.tell("join", ended.Join(hub.Forever))
				p.tell("event", set.Wait())
				p.tell("first", p.Sleep(2*s))
				p.tell("second", p.Sleep(3*s))
			})
			_ = g.Join(hub.Forever)
		}, "alive 0s", "join: nil 0s", "event: nil 0s", "first: GreenletExit 0s", "second: nil 3s")
	})
}

// TestTimeout checks that a Timeout ends the wait in which its greenlet is, whatever that waits for, and no other greenlet's.
func TestTimeout(t *testing.T) {
	for _, what := range []string{"a Sleep", "a Join", "a Wait for an event"} {
		wait := func(p *process) error {
			switch what {
			case "a Sleep":
				return p.Sleep(10 * s)
			case "a Join":
				return p.Spawn(func() { _ = p.Sleep(10 * s) }).Join(hub.Forever)
			}
			return p.NewEvent().Wait()
		}
		lab.Virtual(t, func(t *lab.T) {
			runs(t, "what is said where one of two greenlets has a Timeout of two seconds, in "+what, func(p *process) {
				p.Spawn(func() { p.tell("another", p.Sleep(3*s)) })
				timeout := p.StartTimeout(2 * s)
				err := wait(p)
				t.True("the wait returns the very Timeout that was started", err == error(timeout))
				p.tell("main", err)
				timeout.Cancel()
				p.tell("main", p.Sleep(4*s))
			}, "main: timeout 2s", "another: nil 3s", "main: nil 6s")
		})
	}
}

// TestCancel checks that a Timeout which was cancelled is never returned, also where its time had passed before.
func TestCancel(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what main says that cancels a Timeout of two seconds after one", func(p *process) {
			timeout := p.StartTimeout(2 * s)
			p.tell("first", p.Sleep(s))
			timeout.Cancel()
			timeout.Cancel()
			p.tell("second", p.Sleep(5*s))
		}, "first: nil 1s", "second: nil 6s")
		runs(t, "what main says that computes five seconds within a Timeout of two, cancels it and waits", func(p *process) {
			timeout := p.StartTimeout(2 * s)
			time.Sleep(5 * s)
			timeout.Cancel()
			p.tell("sleep", p.Sleep(s))
		}, "sleep: nil 6s")
		runs(t, "what main says that computes five seconds, gets the inner one of two Timeouts of two seconds, and cancels both", func(p *process) {
			outer, inner := p.StartTimeout(2*s), p.StartTimeout(2*s)
			time.Sleep(5 * s)
			err := p.Sleep(s)
			t.True("the first wait returns one of the Timeouts", err == error(outer) || err == error(inner))
			inner.Cancel()
			outer.Cancel()
			p.tell("sleep", p.Sleep(s))
		}, "sleep: nil 6s")
	})
}

// TestCancelLeavesTheOthers checks that Cancel of one Timeout leaves the other exceptions of the same greenlet as they are.
func TestCancelLeavesTheOthers(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what main says that computes five seconds within two Timeouts, and cancels the inner one", func(p *process) {
			outer, inner := p.StartTimeout(2*s), p.StartTimeout(3*s)
			time.Sleep(5 * s)
			inner.Cancel()
			err := p.Sleep(s)
			t.True("the wait returns the outer Timeout, which nobody has cancelled", err == error(outer))
			p.tell("main", err)
		}, "main: timeout 5s")
		runs(t, "what main says that computes five seconds within two Timeouts, gets the outer one, and cancels only that", func(p *process) {
			outer, inner := p.StartTimeout(2*s), p.StartTimeout(3*s)
			time.Sleep(5 * s)
			t.True("the first wait returns the Timeout whose time passed first", p.Sleep(s) == error(outer))
			outer.Cancel()
			err := p.Sleep(s)
			t.True("the second wait returns the Timeout that was kept", err == error(inner))
			p.tell("main", err)
		}, "main: timeout 5s")
		runs(t, "what a greenlet says that kills itself and cancels a Timeout", func(p *process) {
			var g *hub.Greenlet
			g = p.Spawn(func() {
				timeout := p.StartTimeout(2 * s)
				g.Kill()
				timeout.Cancel()
				p.tell("g", p.Sleep(5*s))
			})
			_ = g.Join(hub.Forever)
		}, "g: GreenletExit 0s")
	})
}

// TestTimeoutWhileComputing checks that a Timeout does not interrupt what computes, and comes at the next wait, which need not wait for it.
func TestTimeoutWhileComputing(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what main says that computes five seconds within a Timeout of two, and then sleeps", func(p *process) {
			_ = p.StartTimeout(2 * s)
			time.Sleep(5 * s)
			p.say("computed")
			p.tell("first", p.Sleep(4*s))
			p.tell("second", p.Sleep(4*s))
		}, "computed 5s", "first: timeout 5s", "second: nil 9s")
	})
}

// TestTwoTimeouts checks that each of two Timeouts is returned when its own time has passed, so that who has several knows which it was.
func TestTwoTimeouts(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what main says that has a Timeout of three seconds, and in it one of one", func(p *process) {
			outer := p.StartTimeout(3 * s)
			inner := p.StartTimeout(s)
			err := p.Sleep(10 * s)
			t.True("the first wait returns the inner Timeout", err == error(inner))
			p.tell("first", err)
			err = p.Sleep(10 * s)
			t.True("the second wait returns the outer Timeout", err == error(outer))
			p.tell("second", err)
		}, "first: timeout 1s", "second: timeout 3s")
	})
}

// TestTimeoutOfTheDead checks that a Timeout whose greenlet has ended reaches nobody.
func TestTimeoutOfTheDead(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what main says where a greenlet has started a Timeout and has ended", func(p *process) {
			p.Spawn(func() { _ = p.StartTimeout(s) })
			p.tell("main", p.Sleep(3*s))
		}, "main: nil 3s")
	})
}

// TestEvent checks that Set lets all go on that wait, in their order and not before the one that sets waits itself, and that a set event is not waited for.
func TestEvent(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what is said where two greenlets wait for an event", func(p *process) {
			e := p.NewEvent()
			for _, name := range []string{"a", "b"} {
				p.Spawn(func() { p.tell(name, e.Wait()) })
			}
			_ = p.Sleep(2 * s)
			e.Set()
			p.say("set")
			e.Set()
			_ = p.Sleep(0)
			p.Spawn(func() { p.say("spawned") })
			p.tell("main", e.Wait())
			_ = p.Sleep(0)
		}, "set 2s", "a: nil 2s", "b: nil 2s", "main: nil 2s", "spawned 2s")
	})
}

// TestLoopExit checks that main is told when nothing can ever happen any more, not before, and that it can go on then.
func TestLoopExit(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what main says that waits for an event which nobody sets", func(p *process) {
			p.tell("main", p.NewEvent().Wait())
		}, "main: LoopExit 0s")
		runs(t, "what is said where main and another greenlet wait for ever, and a third sleeps", func(p *process) {
			e := p.NewEvent()
			g := p.Spawn(func() { p.tell("g", e.Wait()) })
			p.Spawn(func() { p.tell("sleeper", p.Sleep(3*s)) })
			timeout := p.StartTimeout(20 * s)
			timeout.Cancel()
			p.tell("main", g.Join(hub.Forever))
			p.tell("main", p.Sleep(2*s))
			t.True("the other greenlet still waits", !g.Ready())
			e.Set()
			p.tell("main", g.Join(hub.Forever))
			p.tell("main", p.NewEvent().Wait())
		}, "sleeper: nil 3s", "main: LoopExit 3s", "main: nil 5s", "g: nil 5s", "main: nil 5s", "main: LoopExit 5s")
	})
}

// TestLoopExitIsNotLate checks that a Sleep, a Join and a Timeout that are over hold up no LoopExit.
func TestLoopExitIsNotLate(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what main says that waits for ever after a Sleep which was killed and a Join which did not need its timeout", func(p *process) {
			e := p.NewEvent()
			g := p.Spawn(func() { p.tell("sleeper", p.Sleep(50*s)); _ = e.Wait() })
			_ = p.Sleep(s)
			g.Kill()
			p.tell("join", p.Spawn(func() {}).Join(60*s))
			p.tell("main", e.Wait())
		}, "sleeper: GreenletExit 1s", "join: nil 1s", "main: LoopExit 1s")
	})
}

// TestTheEndOfMain checks that the end of main is the end of all: what waits gets GreenletExit, at every wait, and what has not begun does not begin.
func TestTheEndOfMain(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs(t, "what is said where main ends while another greenlet sleeps, and a third has not begun", func(p *process) {
			p.Spawn(func() { p.tell("sleeper", p.Sleep(5*s)); p.tell("sleeper", p.Sleep(5*s)) })
			_ = p.Sleep(s)
			p.Spawn(func() { p.say("it has begun") })
			p.say("end")
		}, "end 1s", "sleeper: GreenletExit 1s", "sleeper: GreenletExit 1s")
		runs(t, "what is said where main ends while another greenlet waits, which spawns a third then", func(p *process) {
			p.Spawn(func() {
				p.tell("waiter", p.NewEvent().Wait())
				p.Spawn(func() { p.say("spawned at the end") })
				p.tell("waiter", p.Sleep(0))
			})
			_ = p.Sleep(s)
		}, "waiter: GreenletExit 1s", "waiter: GreenletExit 1s")
		runs(t, "what is said where main ends when an event has been set that another greenlet waits for", func(p *process) {
			e := p.NewEvent()
			p.Spawn(func() { p.tell("waiter", e.Wait()) })
			_ = p.Sleep(s)
			e.Set()
		}, "waiter: GreenletExit 1s")
	})
}

// TestRunEndsWithTheLastGreenlet checks that Run waits for no timer when all greenlets have ended.
func TestRunEndsWithTheLastGreenlet(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		t.Takes("a Run whose main sleeps one second, beside a Sleep and a Timeout of fifty", lab.Exactly(s), func() {
			h := hub.New()
			h.Run(func() {
				h.Spawn(func() { _ = h.Sleep(50 * s) })
				_ = h.StartTimeout(50 * s)
				_ = h.Sleep(s)
			})
		})
	})
}

// TestHubOnEverySchedule checks on every schedule that one greenlet runs at a time, and that what each writes the next one sees.
func TestHubOnEverySchedule(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		runs(t, "what two greenlets say, one of which is killed", func(p *process) {
			e := p.NewEvent()
			g := p.Spawn(func() { p.tell("g", e.Wait()); e.Set() })
			_ = p.Sleep(0)
			g.Kill()
			p.tell("main", e.Wait())
		}, "g: GreenletExit 0s", "main: nil 0s")
	})
}
