package deferred_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/python-concurrency/kata/katas/events/deferred"
	"github.com/python-concurrency/kata/katas/lab"
)

type promise = deferred.Deferred

var (
	errBoom = errors.New("boom")
	errBang = errors.New("bang")
)

// diary is what the steps of a test write.
type diary struct {
	t    *lab.T
	said []string
}

func (d *diary) say(format string, args ...any) {
	d.said = append(d.said, fmt.Sprintf(format, args...))
}

// reads holds the diary to what must be in it, and empties it.
func (d *diary) reads(what string, want ...string) {
	d.t.Helper()
	d.t.Equal(what, strings.Join(d.said, "; "), strings.Join(want, "; "))
	d.said = nil
}

// returns is a callback that writes what it gets, and returns this.
func (d *diary) returns(name string, result any, err error) func(any) (any, error) {
	return func(got any) (any, error) { d.say("%s gets %v", name, got); return result, err }
}

// handles is an errback that writes what it gets, and returns this.
func (d *diary) handles(name string, result any, err error) func(error) (any, error) {
	return func(got error) (any, error) { d.say("%s gets the error %v", name, got); return result, err }
}

// ends adds a last step that writes what comes out of the chain.
func (d *diary) ends(p *promise, name string) {
	p.AddCallbacks(
		func(got any) (any, error) { d.say("%s ends with %v", name, got); return got, nil },
		func(err error) (any, error) { d.say("%s ends with the error %v", name, err); return nil, nil },
	)
}

// fires holds the error of Callback or Errback.
func fires(t *lab.T, what string, err, want error) {
	t.Helper()
	t.ErrorIs("the error of "+what, err, want)
}

// virtual runs a test with a diary. Nothing waits here; the bubble sees to it that nobody starts a goroutine.
func virtual(t *testing.T, body func(t *lab.T, d *diary)) {
	t.Helper()
	lab.Virtual(t, func(t *lab.T) { body(t, &diary{t: t}) })
}

// TestAChain checks that a result goes through the callbacks in their order, each with what the one before returned, when the Deferred is fired and not before.
func TestAChain(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		p := deferred.New(nil)
		t.True("AddCallbacks returns its Deferred", p.AddCallback(d.returns("first", "b", nil)).AddCallback(d.returns("second", "c", nil)) == p)
		d.ends(p, "the chain")
		d.reads("what steps write before the Deferred is fired")
		fires(t, "Callback", p.Callback("a"), nil)
		d.reads("what steps write when it is fired with a", "first gets a", "second gets b", "the chain ends with c")
	})
}

// TestErrorsAndBack checks that an error goes to the next errback, that what it returns goes to the next callback, and that steps without the one or the other pass on what comes.
func TestErrorsAndBack(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		p := deferred.New(nil)
		p.AddErrback(d.handles("an errback before any error", "never", nil))
		p.AddCallback(d.returns("first", "dropped", errBoom))
		p.AddCallback(d.returns("a callback behind an error", "never", nil))
		p.AddErrback(d.handles("second", nil, errBang))
		p.AddErrback(d.handles("third", "well", nil))
		p.AddErrback(d.handles("an errback behind a result", "never", nil))
		p.AddCallbacks(nil, nil)
		p.AddCallback(d.returns("fourth", nil, nil))
		d.ends(p, "the chain")
		fires(t, "Callback", p.Callback("a"), nil)
		d.reads("what steps write", "first gets a", "second gets the error boom", "third gets the error bang", "fourth gets well", "the chain ends with <nil>")

		p = deferred.New(nil)
		p.AddCallbacks(d.returns("a callback", "never", nil), d.handles("its errback", "mended", nil))
		d.ends(p, "the chain")
		fires(t, "Errback", p.Errback(errBoom), nil)
		d.reads("what steps write where the Deferred is fired with an error", "its errback gets the error boom", "the chain ends with mended")
	})
}

// TestOneStep checks that of one step either the callback or the errback is called, so that the errback does not get the error of the callback beside it.
func TestOneStep(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		p := deferred.New(nil)
		p.AddCallbacks(d.returns("the callback", nil, errBoom), d.handles("the errback beside it", "mended", nil))
		d.ends(p, "the chain")
		fires(t, "Callback", p.Callback("a"), nil)
		d.reads("what steps write where a callback fails", "the callback gets a", "the chain ends with the error boom")
		p = deferred.New(nil)
		p.AddCallbacks(d.returns("the callback beside it", "never", nil), d.handles("the errback", "mended", nil))
		d.ends(p, "the chain")
		fires(t, "Errback", p.Errback(errBoom), nil)
		d.reads("what steps write where an errback mends", "the errback gets the error boom", "the chain ends with mended")
	})
}

// TestAddedLater checks that a step which is added when the chain has come to its end is taken at once, with what the last one returned.
func TestAddedLater(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		p := deferred.Succeed("a")
		p.AddCallback(d.returns("first", "b", nil))
		d.reads("what is written when a step is added to a Deferred that was fired", "first gets a")
		p.AddCallback(d.returns("second", nil, errBoom))
		p.AddErrback(d.handles("third", "c", nil))
		d.reads("what is written when two more are added", "second gets b", "third gets the error boom")
		deferred.Fail(errBang).AddErrback(d.handles("an errback", nil, nil))
		d.reads("what is written when a step is added to a Deferred that has failed", "an errback gets the error bang")
	})
}

// TestFiredOnce checks that a Deferred can be fired once, by whichever of the two, and that another time changes nothing.
func TestFiredOnce(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		for _, first := range []string{"Callback", "Errback"} {
			p := deferred.New(nil)
			fire := map[string]func() error{"Callback": func() error { return p.Callback("a") }, "Errback": func() error { return p.Errback(errBoom) }}
			fires(t, first, fire[first](), nil)
			fires(t, "Callback after "+first, p.Callback("again"), deferred.ErrAlreadyCalled)
			fires(t, "Errback after "+first, p.Errback(errBang), deferred.ErrAlreadyCalled)
			d.ends(p, first)
			want := map[string]string{"Callback": "Callback ends with a", "Errback": "Errback ends with the error boom"}
			d.reads("what comes out where it is fired three times", want[first])
		}
	})
}

// TestStepsAreNotNested checks that what a callback adds to its own chain comes behind what is there, and that a chain cannot be fired by its own step.
func TestStepsAreNotNested(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		p := deferred.New(nil)
		p.AddCallback(func(got any) (any, error) {
			d.say("first gets %v", got)
			p.AddCallback(d.returns("third", "d", nil))
			fires(t, "Callback in a step of the same Deferred", p.Callback("again"), deferred.ErrAlreadyCalled)
			d.say("first returns")
			return "b", nil
		})
		p.AddCallback(d.returns("second", "c", nil))
		fires(t, "Callback", p.Callback("a"), nil)
		d.ends(p, "the chain")
		d.reads("what steps write where the first one adds the third", "first gets a", "first returns", "second gets b", "third gets c", "the chain ends with d")

		late := deferred.Succeed("a")
		late.AddCallback(func(got any) (any, error) {
			late.AddCallback(d.returns("inner", "c", nil))
			d.say("outer returns")
			return "b", nil
		})
		d.reads("what steps write where a step that is taken at once adds another one", "outer returns", "inner gets b")
	})
}

// TestADeferredPausesTheChain checks that a chain waits for a Deferred that a step returns, and goes on with its result or its error.
func TestADeferredPausesTheChain(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		for _, fails := range []bool{false, true} {
			p, inner := deferred.New(nil), deferred.New(nil)
			p.AddCallback(d.returns("first", inner, nil))
			p.AddCallbacks(d.returns("second", "c", nil), d.handles("second", "mended", nil))
			d.ends(p, "the chain")
			fires(t, "Callback", p.Callback("a"), nil)
			d.reads("what steps write until the chain is paused", "first gets a")
			p.AddCallback(d.returns("one that is added meanwhile", "d", nil))
			fires(t, "a second Callback of a chain that is paused", p.Callback("again"), deferred.ErrAlreadyCalled)
			d.reads("what steps write while the chain is paused")
			if fails {
				fires(t, "Errback of the inner one", inner.Errback(errBoom), nil)
				d.reads("what steps write when the inner one fails", "second gets the error boom", "the chain ends with mended", "one that is added meanwhile gets mended")
				t.ErrorIs("the error that nobody has handled, of an inner one that has handed it over", inner.Unhandled(), nil)
			} else {
				fires(t, "Callback of the inner one", inner.Callback("b"), nil)
				d.reads("what steps write when the inner one is fired", "second gets b", "the chain ends with c", "one that is added meanwhile gets c")
			}
			d.ends(inner, "the inner one")
			d.reads("what the inner one has left", "the inner one ends with <nil>")
		}
	})
}

// TestAFiredDeferredPausesNothing checks that the chain goes on at once where the Deferred that a step returns was fired, also where an errback returns it, and that an error beside it counts.
func TestAFiredDeferredPausesNothing(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		p := deferred.New(nil)
		p.AddCallback(d.returns("first", deferred.Succeed("b"), nil))
		p.AddCallback(d.returns("second", deferred.Fail(errBoom), nil))
		p.AddErrback(d.handles("third", deferred.Succeed("mended"), nil))
		d.ends(p, "the chain")
		fires(t, "Callback", p.Callback("a"), nil)
		d.reads("what steps write", "first gets a", "second gets b", "third gets the error boom", "the chain ends with mended")

		waits := deferred.New(nil)
		p = deferred.Succeed("a")
		p.AddCallback(d.returns("first", waits, errBang))
		d.ends(p, "the chain")
		d.reads("what steps write where one returns an error, and a Deferred beside it", "first gets a", "the chain ends with the error bang")
	})
}

// TestDeferredsNest checks that a chain waits for the end of another chain, whatever that waits for, and however deep that goes.
func TestDeferredsNest(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		outer, middle, inner := deferred.New(nil), deferred.New(nil), deferred.New(nil)
		outer.AddCallback(d.returns("outer", middle, nil))
		d.ends(outer, "the outer chain")
		middle.AddCallback(d.returns("middle", inner, nil))
		middle.AddCallback(d.returns("the end of middle", "c", nil))
		fires(t, "Callback of the outer one", outer.Callback("a"), nil)
		fires(t, "Callback of the middle one", middle.Callback("b"), nil)
		d.reads("what steps write until all wait for the inner one", "outer gets a", "middle gets b")
		fires(t, "Callback of the inner one", inner.Callback("i"), nil)
		d.reads("what steps write then", "the end of middle gets i", "the outer chain ends with c")

		first, second := deferred.New(nil), deferred.New(nil)
		second.AddCallback(d.returns("second", first, nil))
		fires(t, "Callback", second.Callback("a"), nil)
		third := deferred.Succeed("x") // it waits for one that was fired and waits itself
		third.AddCallback(d.returns("third", second, nil))
		d.ends(third, "the third")
		d.reads("what steps write where a chain waits for one that is paused", "second gets a", "third gets x")
		fires(t, "Callback of the first", first.Callback("f"), nil)
		d.reads("what comes out in the end", "the third ends with f")

		shared := deferred.New(nil) // two wait for it: what it has it hands over once
		one := deferred.Succeed("x").AddCallback(func(any) (any, error) { return shared, nil })
		d.ends(one, "who waits first")
		two := deferred.Succeed("y").AddCallback(func(any) (any, error) { return shared, nil })
		d.ends(two, "who waits second")
		fires(t, "Callback of the one that two wait for", shared.Callback("s"), nil)
		d.reads("what two chains get that wait for the same one", "who waits first ends with s", "who waits second ends with <nil>")

		p := deferred.Succeed(0)
		for i := range 1000 {
			p = deferred.Succeed(i).AddCallback(func(any) (any, error) { return p, nil }).AddCallback(func(n any) (any, error) { return n.(int) + 1, nil })
		}
		d.ends(p, "a chain of a thousand")
		d.reads("what comes out of a thousand Deferreds, each of which waits for the one before", "a chain of a thousand ends with 1000")
	})
}

// TestUnhandled checks that an error at the end of a chain is there until an errback takes it, and that none is told of while a chain waits.
func TestUnhandled(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		p := deferred.New(nil)
		t.ErrorIs("Unhandled of one that was not fired", p.Unhandled(), nil)
		fires(t, "Errback", p.Errback(errBoom), nil)
		t.ErrorIs("Unhandled of one that has failed", p.Unhandled(), errBoom)
		p.AddCallback(d.returns("never", nil, nil))
		t.ErrorIs("Unhandled after a callback was added", p.Unhandled(), errBoom)
		p.AddErrback(d.handles("an errback", nil, errBang))
		t.ErrorIs("Unhandled after an errback that fails itself", p.Unhandled(), errBang)
		inner := deferred.New(nil)
		p.AddErrback(d.handles("another", inner, nil))
		t.ErrorIs("Unhandled while the chain waits", p.Unhandled(), nil)
		fires(t, "Callback of the inner one", inner.Callback("b"), nil)
		t.ErrorIs("Unhandled after all of them were handled", p.Unhandled(), nil)
		t.ErrorIs("Unhandled of one that has succeeded", deferred.Succeed("a").Unhandled(), nil)
		d.reads("what the errbacks write", "an errback gets the error boom", "another gets the error bang")

		again := deferred.Fail(errBoom)
		again.AddErrback(func(error) (any, error) {
			t.ErrorIs("Unhandled while an errback runs", again.Unhandled(), nil)
			return nil, nil
		})
	})
}

// TestCancel checks that one without a canceller fails with ErrCancelled, that who was to fire it may do so once, in vain, and no more.
func TestCancel(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		for _, late := range []string{"Callback", "Errback"} {
			p := deferred.New(nil)
			d.ends(p, "the chain")
			p.Cancel()
			d.reads("what comes out when it is cancelled", "the chain ends with the error "+deferred.ErrCancelled.Error())
			p.Cancel()
			p.AddErrback(d.handles("never", nil, nil))
			if late == "Callback" {
				fires(t, "the first Callback after Cancel", p.Callback("late"), nil)
			} else {
				fires(t, "the first Errback after Cancel", p.Errback(errBoom), nil)
			}
			fires(t, "the second Callback after Cancel", p.Callback("late"), deferred.ErrAlreadyCalled)
			fires(t, "an Errback after that", p.Errback(errBoom), deferred.ErrAlreadyCalled)
			d.reads("what comes out of what is late")
			p.AddCallbacks(d.returns("a step behind it", nil, nil), d.handles("a step behind it", nil, nil))
			d.reads("what a step gets that is added after what was late", "a step behind it gets <nil>")
			d.ends(p, "a step that is added then")
			d.reads("what a step gets that is added after a late "+late, "a step that is added then ends with <nil>")
		}
		p := deferred.Succeed("a")
		p.Cancel()
		d.ends(p, "one that was fired")
		fires(t, "Callback of one that was fired and then cancelled", p.Callback("b"), deferred.ErrAlreadyCalled)
		d.reads("what becomes of one that is cancelled after it was fired", "one that was fired ends with a")
	})
}

// TestTheCanceller checks that the canceller is called once, with its Deferred, that it may fire that itself, and that nobody else may afterwards.
func TestTheCanceller(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		for what, c := range map[string]struct {
			cancel func(p *promise)
			ends   string
		}{
			"does nothing": {func(*promise) {}, "the chain ends with the error " + deferred.ErrCancelled.Error()},
			"fires it":     {func(p *promise) { fires(t, "Callback by the canceller", p.Callback("partial"), nil) }, "the chain ends with partial"},
			"fails it":     {func(p *promise) { fires(t, "Errback by the canceller", p.Errback(errBoom), nil) }, "the chain ends with the error boom"},
		} {
			var p *promise
			p = deferred.New(func(got *promise) {
				d.say("called")
				t.True("the canceller gets its Deferred", got == p)
				c.cancel(got)
			})
			d.ends(p, "the chain")
			p.Cancel()
			p.Cancel()
			d.reads("what happens to one that is cancelled twice, whose canceller "+what, "called", c.ends)
			fires(t, "Callback after a canceller was called that "+what, p.Callback("late"), deferred.ErrAlreadyCalled)
		}
		p := deferred.New(func(*promise) { d.say("called") })
		fires(t, "Callback", p.Callback("a"), nil)
		p.Cancel()
		d.reads("what the canceller of one writes that was fired before")
	})
}

// TestCancelWhileItWaits checks that to cancel a chain that is paused cancels what it waits for, and that the chain goes on with what comes of that.
func TestCancelWhileItWaits(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		inner := deferred.New(func(p *promise) {
			d.say("the inner one is cancelled")
			fires(t, "Callback by the canceller", p.Callback("partial"), nil)
		})
		middle := deferred.Succeed("m").AddCallback(func(any) (any, error) { return inner, nil })
		outer := deferred.New(func(*promise) { d.say("never: it was fired") })
		outer.AddCallback(func(any) (any, error) { return middle, nil })
		d.ends(outer, "the outer one")
		fires(t, "Callback", outer.Callback("a"), nil)
		outer.Cancel()
		d.reads("what happens when the outer one is cancelled", "the inner one is cancelled", "the outer one ends with partial")
		outer.Cancel()
		d.reads("what happens when it is cancelled once more")

		waits := deferred.New(nil)
		outer = deferred.Succeed("a").AddCallback(func(any) (any, error) { return waits, nil })
		d.ends(outer, "the outer one")
		outer.Cancel()
		d.reads("what comes out where the inner one has no canceller", "the outer one ends with the error "+deferred.ErrCancelled.Error())
		fires(t, "the late Callback of the inner one", waits.Callback("late"), nil)
	})
}

// TestCancelledInAStep checks that a late result is swallowed also where it comes in a step of the cancelled chain.
func TestCancelledInAStep(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		p := deferred.New(nil)
		p.AddErrback(func(error) (any, error) {
			fires(t, "Callback while the errback of the cancelled chain runs", p.Callback("late"), nil)
			return "mended", nil
		})
		d.ends(p, "the chain")
		p.Cancel()
		d.reads("what comes out", "the chain ends with mended")
		fires(t, "another Callback", p.Callback("late"), deferred.ErrAlreadyCalled)
	})
}

// TestGatherResults checks that the results come together, in the order of the list, when the last one is there, and that each stays what it was.
func TestGatherResults(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		a, b, c := deferred.New(nil), deferred.Succeed("b"), deferred.New(nil)
		gathered := deferred.GatherResults([]*promise{a, b, c})
		d.ends(gathered, "all")
		fires(t, "Callback of the third", c.Callback("c"), nil)
		d.reads("what comes before all are there")
		fires(t, "Callback of the first", a.Callback("a"), nil)
		d.reads("what comes when all are there", "all ends with [a b c]")
		for name, p := range map[string]*promise{"a": a, "b": b, "c": c} {
			d.ends(p, name)
			d.reads("what a step gets that is added later", name+" ends with "+name)
		}
		d.ends(deferred.GatherResults(nil), "none")
		d.reads("what comes of an empty list", "none ends with []")
		var got any
		deferred.GatherResults(nil).AddCallback(func(result any) (any, error) { got = result; return nil, nil })
		list, ok := got.([]any)
		t.True("the result of an empty list is an empty []any", ok && len(list) == 0)
	})
}

// TestGatheredFailures checks that the first error comes at once, with its place, that later ones are taken, and that results after it change nothing.
func TestGatheredFailures(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		a, b, c := deferred.New(nil), deferred.New(nil), deferred.New(nil)
		gathered := deferred.GatherResults([]*promise{a, b, c})
		var first *deferred.FirstError
		times := 0
		gathered.AddErrback(func(err error) (any, error) {
			times++
			t.True("the error is a *FirstError", errors.As(err, &first))
			t.ErrorIs("what is in it", err, errBoom)
			return "mended", nil
		})
		fires(t, "Errback of the third", c.Errback(errBoom), nil)
		if t.Equal("how often the gathered one has failed, when the third has", times, 1) && first != nil {
			t.Equal("the place of the first error", first.Index, 2)
		}
		fires(t, "Errback of the first", a.Errback(errBang), nil)
		fires(t, "Callback of the second", b.Callback("b"), nil)
		d.ends(gathered, "the gathered one")
		d.ends(b, "the second")
		d.ends(a, "the first")
		d.reads("what comes out in the end", "the gathered one ends with mended", "the second ends with b", "the first ends with <nil>")
		for _, p := range []*promise{a, b, c} {
			t.ErrorIs("the error that nobody has handled, of one that was gathered", p.Unhandled(), nil)
		}
	})
}

// TestCancelTheGathered checks that to cancel the gathered one cancels all that it waits for.
func TestCancelTheGathered(t *testing.T) {
	virtual(t, func(t *lab.T, d *diary) {
		done := deferred.Succeed("done")
		a, b := deferred.New(func(*promise) { d.say("a is cancelled") }), deferred.New(func(*promise) { d.say("b is cancelled") })
		gathered := deferred.GatherResults([]*promise{done, a, b})
		var got error
		gathered.AddErrback(func(err error) (any, error) { got = err; return nil, nil })
		gathered.Cancel()
		d.reads("who is cancelled", "a is cancelled", "b is cancelled")
		t.ErrorIs("the error of the gathered one", got, deferred.ErrCancelled)
		gathered.Cancel()
		d.reads("who is cancelled once more")

		partial := func(p *promise) { fires(t, "Callback by the canceller", p.Callback("partial"), nil) }
		gathered = deferred.GatherResults([]*promise{deferred.New(partial), deferred.New(partial)})
		d.ends(gathered, "the gathered one")
		gathered.Cancel()
		d.reads("what comes out where the cancellers fire with a result", "the gathered one ends with [partial partial]")

		late := deferred.New(nil)
		gathered = deferred.GatherResults([]*promise{late})
		gathered.AddErrback(func(error) (any, error) { return nil, nil })
		gathered.Cancel()
		fires(t, "the late Callback of one that was gathered and cancelled", late.Callback("late"), nil)
		fires(t, "Callback of the gathered one", gathered.Callback("again"), deferred.ErrAlreadyCalled)
	})
}
