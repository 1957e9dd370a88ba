package lostupdate_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/python-concurrency/kata/katas/gil/lostupdate"
	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/sim/gil"
)

// The instructions, in short. Every call of step returns 1.
var (
	load  = gil.Instruction{Op: gil.LoadGlobal}
	call  = gil.Instruction{Op: gil.Call, Arg: 1}
	add   = gil.Instruction{Op: gil.BinaryOp}
	store = gil.Instruction{Op: gil.StoreGlobal}
	pop   = gil.Instruction{Op: gil.PopTop}
	jump  = gil.Instruction{Op: gil.JumpBackward}
)

func number(n int) gil.Instruction { return gil.Instruction{Op: gil.LoadConst, Arg: n} }

// plusStep is counter += step().
var plusStep = gil.Code{load, call, add, store}

// statement is Python with its code.
type statement struct {
	python string
	code   gil.Code
	// today: it can lose with checks after calls and jumps; always: with checks after every instruction.
	today, always bool
	// because is why that is the right answer for today.
	because string
}

var statements = []statement{
	{"counter += step()", plusStep, true, true,
		"the call, with its check, lies between load and store"},
	{"counter += 1", gil.Code{load, number(1), add, store}, false, true,
		"no call and no jump lies between load and store"},
	{"for …: counter += 1", gil.Code{load, number(1), add, store, jump}, false, true,
		"the check of the jump comes after the store"},
	{"for …: counter += step()", gil.Code{load, call, add, store, jump}, true, true,
		"the call, with its check, lies between load and store"},
	{"counter = step() + counter", gil.Code{call, load, add, store}, false, true,
		"the call is over when counter is loaded"},
	{"counter = step()", gil.Code{call, store}, false, false,
		"counter is not loaded at all"},
	{"counter = 7", gil.Code{number(7), store}, false, false,
		"counter is not loaded at all"},
	{"counter = counter", gil.Code{load, store}, false, true,
		"no call and no jump lies between load and store"},
	{"step()", gil.Code{call, pop}, false, false,
		"counter is not touched"},
	{"counter += 1; step(); counter += 1", gil.Code{load, number(1), add, store, call, pop, load, number(1), add, store}, false, true,
		"the call lies between two whole updates"},
	{"counter += 1; counter += step()", gil.Code{load, number(1), add, store, load, call, add, store}, true, true,
		"in the second update the call lies between load and store"},
	{"counter += step(); counter = 7", gil.Code{load, call, add, store, number(7), store}, true, true,
		"between the two statements counter is too low, whatever comes later"},
	{"counter = counter + 1 + step()", gil.Code{load, number(1), add, call, add, store}, true, true,
		"the sum on the stack during the call is made of the value that was loaded"},
	{"counter = counter + (2 + step())", gil.Code{load, number(2), call, add, add, store}, true, true,
		"during the call the loaded value lies on the stack, further down"},
	{"counter = 2 + (counter + step())", gil.Code{number(2), load, call, add, add, store}, true, true,
		"during the call the loaded value lies on the stack, though it was not the first to get there"},
	{"counter = counter + (step() + counter)", gil.Code{load, call, load, add, add, store}, true, true,
		"the second load does not renew what the first one put on the stack"},
	{"counter = step() + counter + counter", gil.Code{call, load, add, load, add, store}, false, true,
		"the call is over when counter is loaded for the first time"},
	{"counter + step(); counter += 1", gil.Code{load, call, add, pop, load, number(1), add, store}, false, true,
		"the sum that is old after the call is dropped and never stored"},
	{"counter + step(); counter = 7", gil.Code{load, call, add, pop, number(7), store}, false, false,
		"the sum that is old after the call is dropped and never stored"},
	{"counter += (step(), 1)[1], as short as can be", gil.Code{load, call, pop, number(1), add, store}, true, true,
		"POP_TOP drops what step returned; what was loaded before is still on the stack"},
	{"counter = (step(), counter)[0], as short as can be", gil.Code{call, load, pop, store}, false, false,
		"POP_TOP drops what was loaded"},
	{"step(); counter = counter + step()", gil.Code{call, pop, load, call, add, store}, true, true,
		"the second call lies between load and store"},
	{"pass", gil.Code{}, false, false,
		"there is nothing to lose"},
}

// TestLostUpdate checks that the schedule loses every update of counter += step() but one, for two and more threads.
func TestLostUpdate(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, threads := range []int{2, 3, 4, 9} {
			schedule := lostupdate.LostUpdate(threads)
			run, err := gil.Program{Code: plusStep, Threads: threads}.Replay(schedule)
			if err != nil {
				t.Fatalf("LostUpdate(%d): %v cannot be run: %v", threads, schedule, err)
			}
			if run.Counter != 1 {
				t.Fatalf("LostUpdate(%d): on the schedule %v counter ends at %d, must be 1; who loads after another has stored sees that update", threads, schedule, run.Counter)
			}
		}
	})
}

// TestCanLoseToday checks which statements can lose an update with checks after calls and jumps, as since Python 3.10.
func TestCanLoseToday(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, s := range statements {
			if got := lostupdate.CanLose(slices.Clone(s.code), gil.CallsAndJumps); got != s.today {
				t.Fatalf("%s, %v: CanLose says %v, but %s%s", s.python, gil.CallsAndJumps, got, s.because, witness(s, gil.CallsAndJumps))
			}
		}
	})
}

// TestCanLoseEverywhere checks which statements can lose an update with checks after every instruction, as nearly so up to 3.9.
func TestCanLoseEverywhere(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, s := range statements {
			got := lostupdate.CanLose(slices.Clone(s.code), gil.EveryInstruction)
			if got == s.always {
				continue
			}
			why := "a value from counter that is on the stack at any check is old"
			if !s.always {
				why = "nothing that comes from counter is ever stored"
			}
			t.Fatalf("%s, %v: CanLose says %v, but %s%s", s.python, gil.EveryInstruction, got, why, witness(s, gil.EveryInstruction))
		}
	})
}

// witness is a schedule on which two threads lose an update, for the end of a sentence.
func witness(s statement, checks gil.Checks) string {
	p := gil.Program{Code: s.code, Threads: 2, Checks: checks}
	want, err := p.Replay(nil)
	if err != nil {
		return ""
	}
	outcomes, _ := p.Explore()
	for _, o := range outcomes {
		if o.Counter != want.Counter {
			return fmt.Sprintf("; on the schedule %v two threads end with counter at %d instead of %d", o.Schedule, o.Counter, want.Counter)
		}
	}
	return ""
}

// TestCanLoseLongCode checks that CanLose reads code of thousands of instructions, and finds the one bad place in it.
func TestCanLoseLongCode(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const lines = 2000
		safe := slices.Repeat(gil.Code{call, load, add, store}, lines)
		t.Equal(fmt.Sprintf("CanLose of %d times counter = step() + counter", lines), lostupdate.CanLose(safe, gil.CallsAndJumps), false)
		bad := slices.Concat(safe, plusStep, safe)
		t.Equal("CanLose of the same with one counter += step() in the middle", lostupdate.CanLose(bad, gil.CallsAndJumps), true)
	})
}

// TestWithLockKeepsTheCode checks that WithLock adds Acquire and Release, changes nothing else, and keeps the jump last.
func TestWithLockKeepsTheCode(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, s := range statements {
			locked := lostupdate.WithLock(slices.Clone(s.code))
			kept := slices.DeleteFunc(slices.Clone(locked), isLock)
			if !slices.Equal(kept, s.code) {
				t.Equal(fmt.Sprintf("%s: what WithLock returns, without Acquire and Release", s.python), kept, s.code)
				return
			}
			if err := locked.Validate(); err != nil {
				t.Fatalf("%s: WithLock returns [%v], which is not valid: %v", s.python, locked, err)
			}
		}
		if locked := lostupdate.WithLock(gil.Code{jump}); locked.Validate() != nil {
			t.Errorf("for …: pass: WithLock returns [%v], which is not valid: %v", locked, locked.Validate())
		}
	})
}

func isLock(in gil.Instruction) bool { return in.Op == gil.Acquire || in.Op == gil.Release }

// TestWithLockLeavesTheCallersCode checks that WithLock does not write into the slice it is given, nor behind its end.
func TestWithLockLeavesTheCallersCode(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		looped := gil.Code{load, call, add, store, jump}
		for _, length := range []int{len(looped) - 1, len(looped)} {
			// A slice with room behind its end, which belongs to somebody else.
			whole := slices.Concat(looped, slices.Repeat(gil.Code{number(42)}, 8))
			before := slices.Clone(whole)
			lostupdate.WithLock(whole[:length])
			if !slices.Equal(whole, before) {
				t.Equal("the caller's code after WithLock, with what lies behind its end", whole, before)
				return
			}
		}
	})
}

// TestWithLockLosesNothing checks on every schedule that locked threads lose no update and do not wait for ever.
func TestWithLockLosesNothing(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, checks := range []gil.Checks{gil.CallsAndJumps, gil.EveryInstruction} {
			for _, s := range statements {
				locked := lostupdate.WithLock(slices.Clone(s.code))
				p := gil.Program{Code: locked, Threads: 2, Checks: checks}
				if slices.Contains(locked, jump) {
					p.Rounds = 2
				}
				if !losesNothing(t, s, p) {
					return
				}
			}
		}
		locked := lostupdate.WithLock(slices.Clone(plusStep))
		losesNothing(t, statements[0], gil.Program{Code: locked, Threads: 3})
	})
}

// losesNothing holds a program to the outcome of its statement run without any switch, on every schedule.
func losesNothing(t *lab.T, s statement, p gil.Program) bool {
	t.Helper()
	plain := p
	plain.Code = s.code
	want, err := plain.Replay(nil)
	if err != nil {
		t.Fatalf("%s: the test's own code does not run: %v", s.python, err)
	}
	outcomes, err := p.Explore()
	if err != nil {
		t.Fatalf("%s: what WithLock returns, [%v], cannot be run: %v", s.python, p.Code, err)
	}
	for _, o := range outcomes {
		switch {
		case o.Err != nil:
			t.Errorf("%s, made [%v] by WithLock: on the schedule %v %d threads end in: %v", s.python, p.Code, o.Schedule, p.Threads, o.Err)
			return false
		case o.Counter != want.Counter:
			t.Errorf("%s, made [%v] by WithLock, %v: on the schedule %v %d threads end with counter at %d instead of %d", s.python, p.Code, p.Checks, o.Schedule, p.Threads, o.Counter, want.Counter)
			return false
		}
	}
	return true
}

// returns is a step that returns n.
func returns(n int) func() int { return func() int { return n } }

// TestCounterAdds checks that Add calls step once and adds what it returns, and that counters do not share a value.
func TestCounterAdds(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c, other := lostupdate.NewCounter(), lostupdate.NewCounter()
		t.Equal("the Value of a new counter", c.Value(), 0)
		sum := 0
		for _, n := range []int{1, 5, 0, -3, 1 << 40} {
			calls := 0
			c.Add(func() int { calls++; return n })
			sum += n
			if !t.Equal("how often Add called step", calls, 1) ||
				!t.Equal(fmt.Sprintf("the Value after %d was added", n), c.Value(), sum) {
				return
			}
		}
		t.Equal("the Value of another counter", other.Value(), 0)
	})
}

// TestStepUsesTheCounter checks that nothing is lost, and nobody waits, when step itself adds to the counter.
func TestStepUsesTheCounter(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := lostupdate.NewCounter()
		calls, within := 0, 0
		c.Add(func() int {
			if calls++; calls == 1 {
				c.Add(returns(10))
				within = c.Value()
			}
			return 1
		})
		t.Equal("how often Add called step", calls, 1)
		t.Equal("the Value that step sees after it has added 10 itself", within, 10)
		if got := c.Value(); got != 11 {
			t.Errorf("step added 10 and then returned 1, and the counter stands at %d, must be 11: what is loaded before step runs is old when it is stored", got)
		}
	})
}

// TestNobodyWaitsForStep checks that others can Add and ask for the Value while a step takes long.
func TestNobodyWaitsForStep(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := lostupdate.NewCounter()
		running, goOn, added := make(chan bool), make(chan bool), make(chan bool)
		calls := 0
		go func() {
			c.Add(func() int {
				calls++
				if calls == 1 {
					running <- true
					<-goOn
				}
				return 1
			})
			added <- true
		}()
		<-running
		c.Add(returns(10))
		t.Equal("the Value while another Add's step still runs", c.Value(), 10)
		goOn <- true
		<-added
		t.Equal("how often the slow step was called", calls, 1)
		t.Equal("the Value when the slow step's Add has returned", c.Value(), 11)
	})
}

// errNoStep is what a step panics with.
var errNoStep = errors.New("no step")

// TestStepPanics checks that a panic in step reaches who called Add, adds nothing, and leaves the counter usable.
func TestStepPanics(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := lostupdate.NewCounter()
		c.Add(returns(5))
		var recovered any
		func() {
			defer func() { recovered = recover() }()
			c.Add(func() int { panic(errNoStep) })
		}()
		t.Equal("what the caller of Add recovers when step panics", recovered, any(errNoStep))
		t.Equal("the Value after a step has panicked", c.Value(), 5)
		c.Add(returns(1))
		t.Equal("the Value after one more Add", c.Value(), 6)
	})
}

// TestValueWhileAdding checks that Value may be called while another goroutine adds.
func TestValueWhileAdding(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		c := lostupdate.NewCounter()
		var done sync.WaitGroup
		done.Go(func() { c.Add(returns(1)) })
		v := 0
		done.Go(func() { v = c.Value() })
		done.Wait()
		if v != 0 && v != 1 {
			t.Errorf("Value said %d while 1 was being added to 0", v)
		}
		t.Equal("the Value in the end", c.Value(), 1)
	})
}

// TestTwoAdd checks that no update is lost, whoever of two goroutines comes in between the steps of the other.
func TestTwoAdd(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		c := lostupdate.NewCounter()
		var done sync.WaitGroup
		for _, n := range []int{1, 10} {
			done.Go(func() { c.Add(returns(n)) })
		}
		done.Wait()
		t.Equal("the Value after Add of 1 and Add of 10 at the same time", c.Value(), 11)
	})
}

// TestManyAtOnce checks that no update is lost when many goroutines add at the same time.
func TestManyAtOnce(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const goroutines, rounds = 32, 20
		c := lostupdate.NewCounter()
		start := make(chan bool)
		var done sync.WaitGroup
		for range goroutines {
			done.Go(func() {
				<-start
				for range rounds {
					c.Add(returns(1))
				}
			})
		}
		close(start)
		done.Wait()
		if got, want := c.Value(), goroutines*rounds; got != want {
			t.Errorf("%d goroutines added 1 %d times each, and the counter stands at %d, must be %d: %d updates are lost; somebody got in between a load and its store", goroutines, rounds, got, want, want-got)
		}
	})
}
