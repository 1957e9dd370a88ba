package monkey_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/gevent/monkey"
	"github.com/python-concurrency/kata/katas/lab"
)

const s = time.Second

var errBoom = errors.New("boom")

// python is a process: a hub, a patcher, and the two modules of the standard library.
type python struct {
	t         *lab.T
	hub       *monkey.Hub
	patcher   *monkey.Patcher
	time      *monkey.Module
	threading *monkey.Module
	// said is what greenlets have said, in that order. One of them runs at a time, so it needs no lock.
	said  []string
	start time.Time
}

func newPython(t *lab.T) *python {
	hub := monkey.NewHub()
	return &python{t: t, hub: hub, patcher: monkey.New(hub), time: monkey.TimeModule(), threading: monkey.ThreadingModule(), start: time.Now()}
}

// say writes down what a greenlet says, with the seconds that have passed.
func (p *python) say(what string) {
	p.said = append(p.said, fmt.Sprintf("%s at %v", what, time.Since(p.start)))
}

// heard holds what was said to what should have been.
func (p *python) heard(what string, want ...string) {
	p.t.Helper()
	p.t.Equal(what, strings.Join(p.said, ", "), strings.Join(want, ", "))
}

// run runs greenlets to their end.
func (p *python) run(fns ...func()) {
	for _, fn := range fns {
		p.hub.Spawn(fn)
	}
	p.hub.Run()
}

// patchAll patches, and holds the patcher to its word.
func (p *python) patchAll() {
	p.t.Helper()
	p.t.ErrorIs("the error of PatchAll", p.patcher.PatchAll(p.time, p.threading), nil)
}

// sleep is time.sleep, asked of the module now, as "import time; time.sleep(d)" does.
func (p *python) sleep(d time.Duration) { p.imported("sleep")(d) }

// imported is what "from time import sleep" leaves in hand.
func (p *python) imported(name string) func(time.Duration) {
	p.t.Helper()
	value, _ := p.time.Get(name)
	sleep, ok := value.(func(time.Duration))
	if !ok {
		p.t.Fatalf("time.%s is no func(time.Duration), it is a %T", name, value)
	}
	return sleep
}

// newLock is threading.Lock(), asked of the module now.
func (p *python) newLock() monkey.Lock {
	p.t.Helper()
	value, _ := p.threading.Get("Lock")
	lock, ok := value.(func() monkey.Lock)
	if !ok {
		p.t.Fatalf("threading.Lock is no func() Lock, it is a %T", value)
	}
	return lock()
}

// TestSleepLetsOthersRun checks that Sleep parks its greenlet for exactly its time, and that others run and sleep meanwhile.
func TestSleepLetsOthersRun(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		sleeps := func(name string, d time.Duration) func() {
			return func() {
				p.say(name + " begins")
				p.patcher.Sleep(d)
				p.say(name + " goes on")
			}
		}
		p.run(sleeps("a", 3*s), sleeps("b", s), sleeps("c", 2*s))
		p.heard("what three greenlets say that sleep for three, one and two seconds",
			"a begins at 0s", "b begins at 0s", "c begins at 0s", "b goes on at 1s", "c goes on at 2s", "a goes on at 3s")
	})
}

// TestAShortSleep checks that a Sleep takes its time, however short that is.
func TestAShortSleep(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		t.Takes("a Sleep of one nanosecond", lab.Exactly(1), func() { p.run(func() { p.patcher.Sleep(1) }) })
	})
}

// TestSleepOfNothing checks that a Sleep of zero or less lets those run that are ready, once, and takes no time.
func TestSleepOfNothing(t *testing.T) {
	for _, d := range []time.Duration{0, -s} {
		lab.Virtual(t, func(t *lab.T) {
			p := newPython(t)
			counts := func(name string) func() {
				return func() {
					for i := range 3 {
						p.say(fmt.Sprint(name, i))
						p.patcher.Sleep(d)
					}
				}
			}
			p.run(counts("a"), counts("b"))
			p.heard(fmt.Sprintf("what two greenlets say that do Sleep(%v) in between", d), "a0 at 0s", "b0 at 0s", "a1 at 0s", "b1 at 0s", "a2 at 0s", "b2 at 0s")
		})
	}
}

// TestSleepIsNotWokenEarly checks that a greenlet that is woken by somebody else sleeps on for the rest of its time.
func TestSleepIsNotWokenEarly(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		var sleeper *monkey.Greenlet
		p.run(func() {
			sleeper = p.hub.Current()
			p.patcher.Sleep(5 * s)
			p.say("the first sleep ends")
			p.patcher.Sleep(5 * s)
			p.say("the second sleep ends")
		}, func() {
			for range 7 {
				p.patcher.Sleep(s)
				sleeper.Wake()
			}
		})
		p.heard("what a greenlet says that sleeps five seconds twice and is woken every second", "the first sleep ends at 5s", "the second sleep ends at 10s")
	})
}

// TestPatchItem checks that a name is bound anew, that what it was bound to first is put away, and that another patch does not change that.
func TestPatchItem(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		m := monkey.NewModule("socket", map[string]any{"recv": "blocks", "send": "blocks too", "none": nil})
		original := func(name, want string) {
			t.Helper()
			got, err := p.patcher.GetOriginal(m, name)
			t.ErrorIs("the error of GetOriginal for "+name, err, nil)
			t.Equal("the original of "+name, fmt.Sprint(got), want)
		}
		bound := func(name, want string) {
			t.Helper()
			got, _ := m.Get(name)
			t.Equal("what "+name+" is bound to", fmt.Sprint(got), want)
		}
		original("recv", "blocks")
		t.True("a name that nobody has patched is not patched", !p.patcher.IsObjectPatched(m, "recv"))
		for _, value := range []string{"cooperates", "cooperates better"} {
			p.patcher.PatchItem(m, "recv", value)
			bound("recv", value)
			original("recv", "blocks")
			t.True("a name that was patched is patched", p.patcher.IsObjectPatched(m, "recv"))
		}
		bound("send", "blocks too")
		original("send", "blocks too")
		t.True("a name beside it is not patched", !p.patcher.IsObjectPatched(m, "send"))

		p.patcher.PatchItem(m, "none", "some")
		p.patcher.PatchItem(m, "none", "more")
		original("none", "<nil>")
	})
}

// TestWhatHasNoOriginal checks that a name that was not bound has no original, even when it is patched twice, and that one that is not bound at all is an AttributeError.
func TestWhatHasNoOriginal(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		m := monkey.NewModule("socket", unbound())
		_, err := p.patcher.GetOriginal(m, "recv")
		t.ErrorIs("the error of GetOriginal for a name that is not bound", err, monkey.ErrAttribute)
		p.patcher.PatchItem(m, "recv", "new")
		t.True("a name that was not bound before is not counted as patched", !p.patcher.IsObjectPatched(m, "recv"))
		got, err := p.patcher.GetOriginal(m, "recv")
		t.ErrorIs("the error of GetOriginal for a name that PatchItem has bound first", err, nil)
		t.Equal("what GetOriginal returns for it", got, any("new"))
		p.patcher.PatchItem(m, "recv", "newer")
		got, _ = p.patcher.GetOriginal(m, "recv")
		t.Equal("its original after another patch, before which it was bound", got, any("new"))
	})
}

// unbound is an empty module's names.
func unbound() map[string]any { return map[string]any{} }

// TestModulesOfOneName checks that what is put away belongs to the module and not to its name, and to one patcher.
func TestModulesOfOneName(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		first, second := monkey.NewModule("m", map[string]any{"f": 1}), monkey.NewModule("m", map[string]any{"f": 2})
		p.patcher.PatchItem(first, "f", 10)
		t.True("a module that has the name of a patched one is not patched", !p.patcher.IsObjectPatched(second, "f"))
		p.patcher.PatchItem(second, "f", 20)
		for m, want := range map[*monkey.Module]int{first: 1, second: 2} {
			got, _ := p.patcher.GetOriginal(m, "f")
			t.Equal("the original of a module's name, where another module is called the same", got, any(want))
		}
		t.True("another patcher has patched nothing", !monkey.New(p.hub).IsObjectPatched(first, "f"))
	})
}

// TestPatchModule checks that all names are bound anew, or none where one is not there, and that others are left alone.
func TestPatchModule(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		names := func() map[string]any { return map[string]any{"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6} }
		with := map[string]any{"a": 10, "b": 20, "c": 30, "d": 40, "e": 50, "missing": 70}
		for range 50 { // a map has no order: the missing name may come first by chance
			m := monkey.NewModule("m", names())
			err := p.patcher.PatchModule(m, with)
			t.ErrorIs("the error of PatchModule where one name is missing", err, monkey.ErrAttribute)
			for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
				got, _ := m.Get(name)
				t.Equal("what "+name+" is bound to where PatchModule has refused", got, names()[name])
				t.True("where PatchModule has refused no name is patched", !p.patcher.IsObjectPatched(m, name))
			}
			_, bound := m.Get("missing")
			t.True("where PatchModule has refused the missing name is still missing", !bound)
			if t.Failed() {
				return
			}
		}
		m := monkey.NewModule("m", names())

		delete(with, "missing")
		t.ErrorIs("the error of PatchModule where all names are there", p.patcher.PatchModule(m, with), nil)
		for name, want := range with {
			got, _ := m.Get(name)
			t.Equal("what "+name+" is bound to", got, want)
			original, _ := p.patcher.GetOriginal(m, name)
			t.Equal("the original of "+name, original, names()[name])
			t.True(name+" is patched", p.patcher.IsObjectPatched(m, name))
		}
		got, _ := m.Get("f")
		t.Equal("what a name is bound to that is not among those", got, any(6))
		t.True("a name that is not among those is not patched", !p.patcher.IsObjectPatched(m, "f"))
		t.Equal("the map that PatchModule was given", len(with), 5)
	})
}

// TestPatchAll checks that code which asks the module cooperates once it is patched, whenever it was written, and blocked all before.
func TestPatchAll(t *testing.T) {
	for _, patched := range []bool{false, true} {
		lab.Virtual(t, func(t *lab.T) {
			p := newPython(t)
			library := func() { p.sleep(2 * s) } // import time; time.sleep(2)
			what, bound := "two greenlets that sleep two seconds each, in time.sleep as it is", lab.Exactly(4*s)
			if patched {
				p.patchAll()
				what, bound = "two greenlets that sleep two seconds each, in time.sleep after PatchAll", lab.Exactly(2*s).Sequential(4*s, "the two sleeps")
			}
			t.Takes(what, bound, func() { p.run(library, library) })
			t.Equal("whether time.sleep is patched", p.patcher.IsObjectPatched(p.time, "sleep"), patched)
			t.Equal("whether threading.Lock is patched", p.patcher.IsObjectPatched(p.threading, "Lock"), patched)
			_, bound2 := p.time.Get("monotonic")
			t.True("time.monotonic is still bound, and not patched", bound2 && !p.patcher.IsObjectPatched(p.time, "monotonic"))
		})
	}
}

// TestWhoImportedBefore checks that who has taken the function out of its module before the patch keeps the one that blocks, and who takes it out later has the other one.
func TestWhoImportedBefore(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		early := p.imported("sleep") // from time import sleep
		p.patchAll()
		late := p.imported("sleep")
		t.Takes("two sleeps of two seconds by who has imported sleep before PatchAll", lab.Exactly(4*s), func() {
			p.run(func() { early(2 * s) }, func() { early(2 * s) })
		})
		t.Takes("two sleeps of two seconds by who has imported sleep after PatchAll", lab.Exactly(2*s).Sequential(4*s, "the two sleeps"), func() {
			p.run(func() { late(2 * s) }, func() { late(2 * s) })
		})
		p.start, p.said = time.Now(), nil
		p.run(func() { early(3 * s) }, func() { late(s); p.say("it wakes") })
		p.heard("what a greenlet says that sleeps for one second while another one blocks the thread for three", "it wakes at 4s")
	})
}

// TestPatchingTwice checks that to patch once more changes nothing: the original is still the one that blocks, and sleeping still cooperates.
func TestPatchingTwice(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		p.patchAll()
		p.patchAll()
		t.Takes("two sleeps of two seconds after PatchAll, twice", lab.Exactly(2*s).Sequential(4*s, "the two sleeps"), func() {
			p.run(func() { p.sleep(2 * s) }, func() { p.sleep(2 * s) })
		})
		value, err := p.patcher.GetOriginal(p.time, "sleep")
		t.ErrorIs("the error of GetOriginal for time.sleep", err, nil)
		original, ok := value.(func(time.Duration))
		if !ok {
			t.Fatalf("the original of time.sleep is a %T", value)
		}
		t.Takes("two sleeps of two seconds in the original of time.sleep, which blocks", lab.Exactly(4*s), func() {
			p.run(func() { original(2 * s) }, func() { original(2 * s) })
		})
		lock, _ := p.patcher.GetOriginal(p.threading, "Lock")
		newLock, ok := lock.(func() monkey.Lock)
		if !ok {
			t.Fatalf("the original of threading.Lock is a %T", lock)
		}
		t.Equal("the type of a lock from the original of threading.Lock", fmt.Sprintf("%T", newLock()), fmt.Sprintf("%T", monkeyLock()))
	})
}

// monkeyLock is a lock of a module that nobody has patched.
func monkeyLock() monkey.Lock {
	value, _ := monkey.ThreadingModule().Get("Lock")
	return value.(func() monkey.Lock)()
}

// TestPatchAllOrNothing checks that PatchAll patches neither module where one lacks what is to be patched: a lock that blocks beside a sleep that does not would hang.
func TestPatchAllOrNothing(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		empty := func(name string) *monkey.Module { return monkey.NewModule(name, unbound()) }
		for _, without := range []string{"time.sleep", "threading.Lock"} {
			p := newPython(t)
			if without == "time.sleep" {
				p.time = empty("time")
			} else {
				p.threading = empty("threading")
			}
			t.ErrorIs("the error of PatchAll without "+without, p.patcher.PatchAll(p.time, p.threading), monkey.ErrAttribute)
			t.True("nothing is patched without "+without, !p.patcher.IsObjectPatched(p.time, "sleep") && !p.patcher.IsObjectPatched(p.threading, "Lock"))
			_, sleep := p.time.Get("sleep")
			_, lock := p.threading.Get("Lock")
			t.True("nothing is bound that was not there, without "+without, sleep == (without != "time.sleep") && lock == (without != "threading.Lock"))
		}
	})
}

// TestALock checks that a lock is taken by one greenlet at a time, is free after Release, and refuses a Release too many.
func TestALock(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		p.patchAll()
		lock, other := p.newLock(), p.newLock()
		t.ErrorIs("the error of Release of a new lock", lock.Release(), monkey.ErrUnlocked)
		p.run(func() {
			t.True("TryAcquire takes a free lock", lock.TryAcquire())
			t.True("TryAcquire does not take a lock twice", !lock.TryAcquire())
			t.True("another lock is free meanwhile", other.TryAcquire())
			p.sleep(3 * s)
			t.ErrorIs("the error of Release by its holder", lock.Release(), nil)
			t.ErrorIs("the error of a second Release", lock.Release(), monkey.ErrUnlocked)
			t.True("after Release TryAcquire takes the lock again", lock.TryAcquire())
			t.ErrorIs("the error of the last Release", lock.Release(), nil)
		}, func() {
			p.sleep(s)
			t.Takes("a TryAcquire while another greenlet has the lock", lab.Exactly(0), func() {
				t.True("TryAcquire does not take what another greenlet has", !lock.TryAcquire())
			})
		})
		lock.Acquire()
		t.True("Acquire has taken the lock, also where no greenlet runs", !lock.TryAcquire())
		t.ErrorIs("the error of Release where no greenlet runs", lock.Release(), nil)
	})
}

// TestALockLetsOthersRun checks that who waits for a lock lets the others run, its holder above all, and that all get it in the end.
func TestALockLetsOthersRun(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		p.patchAll()
		lock, holds := p.newLock(), 0
		takes := func(name string) func() {
			return func() {
				lock.Acquire()
				holds++
				t.Equal("how many greenlets have the lock", holds, 1)
				p.sleep(2 * s)
				holds--
				p.say(name)
				t.ErrorIs("the error of Release", lock.Release(), nil)
			}
		}
		p.run(takes("a"), takes("b"), takes("c"), func() {
			for range 2 {
				p.sleep(3 * s / 2)
				p.say("ticks")
			}
		})
		p.heard("what three greenlets say that have a lock for two seconds each, beside one that ticks",
			"ticks at 1.5s", "a at 2s", "ticks at 3s", "b at 4s", "c at 6s")
	})
}

// TestALockIsNotTakenByMistake checks that a greenlet that waits for a lock and is woken by somebody else goes on waiting, and still gets it once.
func TestALockIsNotTakenByMistake(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		p.patchAll()
		lock := p.newLock()
		var waiter *monkey.Greenlet
		p.run(func() {
			lock.Acquire()
			p.sleep(3 * s)
			p.say("released")
			t.ErrorIs("the error of Release", lock.Release(), nil)
		}, func() {
			waiter = p.hub.Current()
			lock.Acquire()
			p.say("taken")
			p.sleep(s)
			t.ErrorIs("the error of the second Release", lock.Release(), nil)
			p.sleep(5 * s)
			p.say("slept")
		}, func() {
			for range 2 {
				p.sleep(s)
				waiter.Wake()
			}
			p.sleep(s + s/2) // 3.5 s
			lock.Acquire()
			p.say("taken by the third")
			t.ErrorIs("the error of the third Release", lock.Release(), nil)
		})
		p.heard("what happens to a lock for which a greenlet waits that is woken without need", "released at 3s", "taken at 3s", "taken by the third at 4s", "slept at 9s")
		t.True("the lock is free in the end", lock.TryAcquire())
	})
}

// TestNoReleaseIsLost checks that a lock which somebody takes and frees in between still comes to who waits for it.
func TestNoReleaseIsLost(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		p.patchAll()
		lock := p.newLock()
		p.run(func() {
			lock.Acquire()
			p.sleep(s)
			t.ErrorIs("the error of Release", lock.Release(), nil)
			if lock.TryAcquire() { // before the one that waits has its turn
				p.sleep(s)
				t.ErrorIs("the error of the second Release", lock.Release(), nil)
			}
			p.say("through")
		}, func() {
			lock.Acquire()
			p.say("taken")
			t.ErrorIs("the error of the third Release", lock.Release(), nil)
		}, func() {
			lock.Acquire()
			p.say("taken too")
			t.ErrorIs("the error of the last Release", lock.Release(), nil)
		})
		all := " " + strings.Join(p.said, ", ")
		t.True("both greenlets that wait have got the lock in the end; they say "+all, strings.Contains(all, " taken at") && strings.Contains(all, " taken too at"))
	})
}

// TestApply checks that what cannot be patched runs beside the greenlets, and that its result comes back.
func TestApply(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		compress := func() (any, error) { // a C extension: it has never heard of a hub
			time.Sleep(5 * s)
			return "compressed", errBoom
		}
		ticks := func() {
			for range 2 {
				p.patcher.Sleep(s)
				p.say("ticks")
			}
		}
		p.run(func() {
			_, _ = compress()
			p.say("done")
		}, ticks)
		p.heard("what is said where a greenlet calls C code that blocks for five seconds", "done at 5s", "ticks at 6s", "ticks at 7s")

		p.said, p.start = nil, time.Now()
		p.run(func() {
			value, err := p.patcher.Apply(compress)
			p.say("done")
			t.Equal("the value that Apply returns", value, any("compressed"))
			t.ErrorIs("the error that Apply returns", err, errBoom)
		}, ticks)
		p.heard("what is said where it calls the same by Apply", "ticks at 1s", "ticks at 2s", "done at 5s")
	})
}

// TestAppliesOverlap checks that several calls of Apply run at the same time, that none returns early, and that one that is over at once is not waited for for ever.
func TestAppliesOverlap(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		p := newPython(t)
		applies := func(d time.Duration) func() {
			return func() {
				written := 0
				_, err := p.patcher.Apply(func() (any, error) { time.Sleep(d); written = 1; return nil, nil })
				t.ErrorIs("the error of Apply", err, nil)
				t.Equal("what fn has written when Apply returns", written, 1)
				p.say(d.String())
			}
		}
		var third *monkey.Greenlet
		p.run(applies(3*s), applies(0), applies(2*s), func() {
			third = p.hub.Current()
			applies(4 * s)()
		}, func() {
			p.patcher.Sleep(s)
			third.Wake()
		})
		p.heard("when four calls of Apply return, of which one is woken without need", "0s at 0s", "2s at 2s", "3s at 3s", "4s at 4s")
	})
}

// TestTwoHubs checks that patchers with hubs of their own do not disturb each other.
func TestTwoHubs(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		t.Takes("two processes at the same time, each with three sleeps of one second in three greenlets", lab.Exactly(s).Sequential(2*s, "the two processes"), func() {
			done := make(chan struct{})
			for range 2 {
				go func() {
					defer func() { done <- struct{}{} }()
					p := newPython(t)
					p.patchAll()
					p.run(func() { p.sleep(s) }, func() { p.sleep(s) }, func() { p.sleep(s) })
				}()
			}
			<-done
			<-done
		})
	})
}

// TestApplyOnEverySchedule checks on every schedule that Apply returns, with its result, whoever is quicker.
func TestApplyOnEverySchedule(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		p := newPython(t)
		count := 0
		for i := range 2 {
			p.hub.Spawn(func() {
				value, _ := p.patcher.Apply(func() (any, error) { return i + 1, nil })
				t.Equal("the value that Apply returns", value, any(i+1))
				count++
			})
		}
		p.hub.Run()
		t.Equal("how many calls of Apply have returned", count, 2)
	})
}

// TestWakesOnEverySchedule checks on every schedule that a wake from another thread takes no lock and ends no Apply.
func TestWakesOnEverySchedule(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		p := newPython(t)
		lock := p.patcher.NewLock()
		holds := 0
		takes := func() {
			g := p.hub.Current()
			woken := make(chan struct{})
			go func() { defer close(woken); g.Wake() }()
			lock.Acquire()
			holds++
			t.Equal("how many greenlets have the lock", holds, 1)
			p.patcher.Sleep(0)
			holds--
			t.ErrorIs("the error of Release", lock.Release(), nil)
			value, _ := p.patcher.Apply(func() (any, error) { <-woken; return 7, nil })
			t.Equal("the value that Apply returns", value, any(7))
		}
		p.run(takes, takes)
	})
}
