package switching_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/greenthreads/switching"
	"github.com/python-concurrency/kata/katas/lab"
)

// boom and bang are exceptions.
var (
	boom = errors.New("boom")
	bang = errors.New("bang")
)

// known are the errors that what arrives is told by.
var known = []struct {
	name string
	err  error
}{
	{"ErrGreenletExit", switching.ErrGreenletExit},
	{"ErrDifferentThread", switching.ErrDifferentThread},
	{"boom", boom},
	{"bang", bang},
}

// named is an error by the names of all that it is.
func named(err error) string {
	var is []string
	for _, k := range known {
		if errors.Is(err, k.err) {
			is = append(is, k.name)
		}
	}
	if len(is) == 0 {
		return fmt.Sprintf("the error %q", err)
	}
	return strings.Join(is, " and ")
}

// told is what arrived, in one phrase.
func told(value any, err error) string {
	if err == nil {
		if e, ok := value.(error); ok {
			return named(e) + " as a value"
		}
		return fmt.Sprint(value)
	}
	if value != nil {
		return fmt.Sprintf("raises %s, with the value %v beside it", named(err), value)
	}
	return "raises " + named(err)
}

// arrives holds what a Switch or Throw returns to what it must be: arrives(t, "Switch(g, 1)", "2")(th.Switch(g, 1)).
func arrives(t *lab.T, what, want string) func(any, error) {
	t.Helper()
	return func(value any, err error) {
		t.Helper()
		t.Equal("what "+what+" returns", told(value, err), want)
	}
}

// diary is what the greenlets of a test write. It has no lock: a switch orders all that is before it and after it.
type diary struct{ entries []string }

func (d *diary) write(format string, args ...any) {
	d.entries = append(d.entries, fmt.Sprintf(format, args...))
}

// reads holds the diary to what must have been written since the last look.
func (d *diary) reads(t *lab.T, what, want string) {
	t.Helper()
	t.Equal(what, strings.Join(d.entries, ", "), want)
	d.entries = nil
}

// run is what a greenlet runs.
type run = func(value any) (any, error)

// returns is a function that writes down what it was called with, and returns.
func (d *diary) returns(name string, value any, err error) run {
	return func(got any) (any, error) {
		d.write("%s called with %v", name, told(got, nil))
		return value, err
	}
}

// waits is a function that switches to a greenlet once and writes down what arrives. It returns its own value, or the
// exception.
func (d *diary) waits(name string, th *switching.Thread, to *switching.Greenlet) run {
	return func(got any) (any, error) {
		d.write("%s called with %v", name, told(got, nil))
		got, err := th.Switch(to, name+" waits")
		d.write("%s has %s", name, told(got, err))
		return name + "'s value", err
	}
}

// TestFirstSwitch checks that a greenlet begins with the first switch to it, that its function is called with what was sent, and that its result goes to its parent.
func TestFirstSwitch(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		th := switching.NewThread()
		g := th.New(d.returns("g", "bye", nil), nil)
		d.reads(t, "what has run before the first switch", "")
		t.Equal("Dead before the first switch", g.Dead(), false)
		arrives(t, "the first Switch to a greenlet that returns", "bye")(th.Switch(g, "hello"))
		d.reads(t, "what has run", "g called with hello")
		t.Equal("Dead of a greenlet that has returned", g.Dead(), true)
		arrives(t, "the first Switch to a greenlet that returns nil", "<nil>")(th.Switch(th.New(d.returns("g", nil, nil), nil), nil))
		d.reads(t, "what has run", "g called with <nil>")
	})
}

// TestValuesGoBothWays checks that what is sent is what the Switch returns in which the other one stands.
func TestValuesGoBothWays(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		th := switching.NewThread()
		main := th.Current()
		g := th.New(func(value any) (any, error) {
			for range 9 {
				n, ok := value.(int)
				if !ok {
					break
				}
				var err error
				if value, err = th.Switch(main, n*n); err != nil {
					return nil, err
				}
			}
			return "that was no number", nil
		}, nil)
		for n := 2; n < 6; n++ {
			arrives(t, fmt.Sprintf("Switch(g, %d) to a greenlet that squares", n), fmt.Sprint(n*n))(th.Switch(g, n))
			t.Equal("Dead of a greenlet that has switched away", g.Dead(), false)
		}
		arrives(t, "Switch(g, nil), at which it returns", "that was no number")(th.Switch(g, nil))
	})
}

// TestASwitchIsNoCall checks that a greenlet that ends does not return to who has switched to it, and that a Switch returns what somebody else sends.
func TestASwitchIsNoCall(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		th := switching.NewThread()
		var a, b *switching.Greenlet
		a = th.New(func(any) (any, error) { return d.waits("a", th, b)(nil) }, nil)
		b = th.New(func(got any) (any, error) { return d.waits("b", th, a)(got) }, nil)
		arrives(t, "Switch(a) of the main greenlet, where a switches to b, b back to a, and a ends", "a's value")(th.Switch(a, nil))
		d.reads(t, "what happened", "a called with <nil>, b called with a waits, a has b waits")
		arrives(t, "Switch(b, \"late\"), where b still stands in its switch to a", "b's value")(th.Switch(b, "late"))
		d.reads(t, "what happened then", "b has late")

		b = th.New(d.returns("b", "b's value", nil), nil)
		a = th.New(d.waits("a", th, b), nil)
		arrives(t, "Switch(a) of the main greenlet, where a switches to b and b ends", "b's value")(th.Switch(a, "go"))
		d.reads(t, "what happened: the parent of b goes on, and a waits", "a called with go, b called with a waits")
		arrives(t, "Switch(a, \"at last\"), where a still stands in its switch to b, which is dead", "a's value")(th.Switch(a, "at last"))
		d.reads(t, "what happened then", "a has at last")
	})
}

// TestRound checks that three greenlets can switch to each other in a round, so that each gets what the one before it sends.
func TestRound(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		th := switching.NewThread()
		main := th.Current()
		var gs [3]*switching.Greenlet
		for i := range gs {
			gs[i] = th.New(func(value any) (any, error) {
				for range 9 {
					n, _ := value.(int)
					d.write("%c%d", 'a'+i, n)
					to := gs[(i+1)%3]
					if n == 7 {
						to = main
					}
					var err error
					if value, err = th.Switch(to, n+1); err != nil {
						return nil, err
					}
				}
				return "too often", nil
			}, nil)
		}
		arrives(t, "Switch(a, 1), where a, b and c pass on one more each, in a round, up to 8", "8")(th.Switch(gs[0], 1))
		d.reads(t, "who got what", "a1, b2, c3, a4, b5, c6, a7")
		for _, g := range gs {
			arrives(t, "Throw(ErrGreenletExit) into each of them in the end", "ErrGreenletExit as a value")(th.Throw(g, switching.ErrGreenletExit))
		}
	})
}

// TestTheEndGoesToTheParent checks that the value of a greenlet goes to its parent, whoever has switched to it.
func TestTheEndGoesToTheParent(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		th := switching.NewThread()
		parent := th.New(d.waits("parent", th, th.Current()), nil)
		arrives(t, "Switch(parent)", "parent waits")(th.Switch(parent, 1))
		child := th.New(d.returns("child", "child's value", nil), parent)
		arrives(t, "Switch(child), where child ends, its parent goes on, and that ends", "parent's value")(th.Switch(child, 2))
		d.reads(t, "what happened", "parent called with 1, child called with 2, parent has child's value")
		t.True("both are dead", parent.Dead() && child.Dead())

		child = th.New(d.returns("child", "child's value", nil), parent)
		arrives(t, "Switch(child), where the parent of child is dead: its value goes on to the parent of that", "child's value")(th.Switch(child, 3))
		child = th.New(d.returns("child", nil, boom), child)
		arrives(t, "Switch(child), where child returns an error and its parent and the one above are dead", "raises boom")(th.Switch(child, 4))
	})
}

// TestCurrentAndParents checks that Current is who runs, that a greenlet's parent is the one that made it unless another is named, and that the main one has none.
func TestCurrentAndParents(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		th := switching.NewThread()
		main := th.Current()
		t.True("a new thread has a current greenlet", main != nil)
		t.True("the parent of the main greenlet is nil", main.Parent() == nil)
		t.Equal("Dead of the main greenlet", main.Dead(), false)
		var outer, inner, other *switching.Greenlet
		outer = th.New(func(any) (any, error) {
			t.True("in a greenlet Current is that one", th.Current() == outer)
			inner = th.New(func(any) (any, error) {
				t.True("in a greenlet that a greenlet has switched to Current is that one", th.Current() == inner)
				return nil, nil
			}, nil)
			other = th.New(func(any) (any, error) { return nil, nil }, main)
			t.True("a new greenlet is not the current one", th.Current() == outer)
			t.True("the parent of a greenlet that a greenlet makes is that one", inner.Parent() == outer)
			t.True("the parent of a greenlet is the one that New was given", other.Parent() == main)
			th.Switch(inner, nil)
			t.True("when its child has ended Current is the parent", th.Current() == outer)
			th.Switch(main, nil)
			return nil, nil
		}, nil)
		t.True("the parent of a greenlet that the main one makes is the main one", outer.Parent() == main)
		th.Switch(outer, nil)
		t.True("where a greenlet has switched to the main one Current is the main one", th.Current() == main)
		th.Switch(outer, nil)
		t.True("where a greenlet has ended Current is its parent", th.Current() == main)
		t.True("the parent of a dead greenlet is who it was", outer.Parent() == main && inner.Parent() == outer)
	})
}

// TestErrors checks that the error of a greenlet is an exception in its parent, which may catch it, or passes it on to its own.
func TestErrors(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		th := switching.NewThread()
		arrives(t, "Switch to a greenlet that returns an error", "raises boom")(th.Switch(th.New(d.returns("g", "dropped", boom), nil), 1))
		d.reads(t, "what happened", "g called with 1")

		for _, catches := range []bool{true, false} {
			parent := th.New(func(any) (any, error) {
				child := th.New(d.returns("child", nil, boom), nil)
				value, err := th.Switch(child, 2)
				d.write("parent has %s", told(value, err))
				t.Equal("Dead of a greenlet that has returned an error", child.Dead(), true)
				if catches {
					err = nil
				}
				return "caught", err
			}, nil)
			want := "raises boom"
			if catches {
				want = "caught"
			}
			arrives(t, "Switch to a greenlet whose child returns an error", want)(th.Switch(parent, 1))
			d.reads(t, "what happened", "child called with 2, parent has raises boom")
		}
	})
}

// TestSwitchToTheDead checks that what is sent to a dead greenlet arrives at its nearest parent that lives, be that the caller or another one.
func TestSwitchToTheDead(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		th := switching.NewThread()
		dead := th.New(d.returns("dead", nil, nil), nil)
		th.Switch(dead, nil)
		d.entries = nil
		for _, value := range []any{1, nil, "x"} {
			t.Takes("Switch to a dead greenlet whose parent is the caller", lab.Exactly(0), func() {
				arrives(t, "Switch to a dead greenlet whose parent is the caller", fmt.Sprint(value))(th.Switch(dead, value))
			})
		}

		g := th.New(d.waits("g", th, dead), nil)
		arrives(t, "Switch(g), where g switches to a dead greenlet whose parent is the caller", "g waits")(th.Switch(g, 1))
		d.reads(t, "what happened: g stands in that switch", "g called with 1")
		arrives(t, "Switch(g, 2)", "g's value")(th.Switch(g, 2))
		d.reads(t, "what happened", "g has 2")

		var child, grandchild *switching.Greenlet
		child = th.New(func(any) (any, error) {
			grandchild = th.New(d.returns("grandchild", "first", nil), nil)
			arrives(t, "Switch(grandchild)", "first")(th.Switch(grandchild, nil))
			arrives(t, "Switch(grandchild) again: it is dead, and its parent is the caller", "again")(th.Switch(grandchild, "again"))
			return "child's value", nil
		}, nil)
		arrives(t, "Switch(child)", "child's value")(th.Switch(child, nil))
		arrives(t, "Switch to a dead greenlet whose parent is dead", "up")(th.Switch(grandchild, "up"))
		d.reads(t, "what happened: the dead are not called again", "grandchild called with <nil>")
		t.True("who is dead stays dead", dead.Dead() && g.Dead() && child.Dead() && grandchild.Dead())
	})
}

// TestTheParentBegins checks that a parent that has not begun begins with what its child leaves, and dies of an exception.
func TestTheParentBegins(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		th := switching.NewThread()
		parent := th.New(d.returns("parent", "parent's value", nil), nil)
		child := th.New(d.returns("child", "child's value", nil), parent)
		arrives(t, "Switch(child), where its parent has not begun", "parent's value")(th.Switch(child, 1))
		d.reads(t, "what happened", "child called with 1, parent called with child's value")
		t.True("both are dead", parent.Dead() && child.Dead())

		parent = th.New(d.returns("parent", nil, nil), nil)
		child = th.New(d.returns("child", nil, boom), parent)
		arrives(t, "Switch(child), where child returns an error and its parent has not begun", "raises boom")(th.Switch(child, 1))
		d.reads(t, "what happened: the parent never begins", "child called with 1")
		t.Equal("Dead of the parent, which could not catch it", parent.Dead(), true)

		parent = th.New(d.returns("parent", "parent's value", nil), nil)
		child = th.New(d.returns("child", nil, switching.ErrGreenletExit), parent)
		arrives(t, "Switch(child), where child ends with ErrGreenletExit and its parent has not begun", "parent's value")(th.Switch(child, 1))
		d.reads(t, "what happened", "child called with 1, parent called with ErrGreenletExit as a value")

		parent = th.New(d.waits("parent", th, th.Current()), nil)
		child = th.New(d.returns("child", "child's value", nil), parent)
		arrives(t, "Throw(ErrGreenletExit) into a child that has not begun, as its parent", "parent waits")(th.Throw(child, switching.ErrGreenletExit))
		d.reads(t, "what happened: the exit arrives as a value, with which the parent begins", "parent called with ErrGreenletExit as a value")
		arrives(t, "Switch to that child, which is dead: it goes to the parent", "parent's value")(th.Switch(child, 3))
		d.reads(t, "what happened", "parent has 3")

		middle := th.New(d.returns("middle", nil, nil), th.New(d.returns("top", "top's value", nil), nil))
		child = th.New(d.returns("child", nil, nil), middle)
		arrives(t, "Throw(boom) into a greenlet that has not begun, as its parent and the one above", "raises boom")(th.Throw(child, boom))
		t.True("all three are dead", child.Dead() && middle.Dead() && middle.Parent().Dead())
		d.reads(t, "which functions were called", "")
	})
}

// TestThrow checks that an exception arrives where the greenlet stands, and that what it does not catch goes to its parent.
func TestThrow(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		th := switching.NewThread()
		main := th.Current()
		g := th.New(func(value any) (any, error) {
			value, err := th.Switch(main, "ready")
			for i := 0; i < 9 && !errors.Is(err, bang); i++ {
				d.write("g has %s", told(value, err))
				value, err = th.Switch(main, "still here")
			}
			return "dropped", err
		}, nil)
		arrives(t, "Switch(g)", "ready")(th.Switch(g, nil))
		arrives(t, "Throw(g, boom), where g catches it", "still here")(th.Throw(g, boom))
		arrives(t, "Switch(g, 5) after it", "still here")(th.Switch(g, 5))
		arrives(t, "Throw(g, boom) after that", "still here")(th.Throw(g, boom))
		d.reads(t, "what g has seen", "g has raises boom, g has 5, g has raises boom")
		t.Equal("Dead of a greenlet that has caught an exception", g.Dead(), false)
		arrives(t, "Throw(g, bang), which g does not catch", "raises bang")(th.Throw(g, bang))
		t.Equal("Dead of a greenlet that has not caught one", g.Dead(), true)

		g = th.New(d.waits("g", th, main), nil)
		arrives(t, "Switch(g)", "g waits")(th.Switch(g, nil))
		thrower := th.New(func(any) (any, error) {
			value, err := th.Throw(g, boom)
			d.write("thrower has %s", told(value, err))
			return "thrower's value", nil
		}, nil)
		arrives(t, "Switch to a greenlet that throws boom into g, which does not catch it", "raises boom")(th.Switch(thrower, nil))
		d.reads(t, "what happened: the parent of g has it, and the thrower waits", "g called with <nil>, g has raises boom")
		arrives(t, "Switch to the thrower, who stands in its Throw", "thrower's value")(th.Switch(thrower, "well"))
		d.reads(t, "what happened", "thrower has well")
	})
}

// TestThrowWhereNobodyCatches checks that what is thrown into a greenlet that has not begun or is dead goes on to its parent, without a function being called.
func TestThrowWhereNobodyCatches(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		th := switching.NewThread()
		main := th.Current()
		g := th.New(d.returns("g", nil, nil), nil)
		arrives(t, "Throw(boom) into a greenlet that has not begun", "raises boom")(th.Throw(g, boom))
		t.Equal("Dead of it after that", g.Dead(), true)
		arrives(t, "Throw(bang) into it, now that it is dead", "raises bang")(th.Throw(g, bang))
		arrives(t, "Switch(1) to it, now that it is dead", "1")(th.Switch(g, 1))
		g = th.New(d.returns("g", nil, nil), nil)
		for range 2 {
			arrives(t, "Throw(ErrGreenletExit) into a greenlet that has not begun, and again when it is dead", "ErrGreenletExit as a value")(th.Throw(g, switching.ErrGreenletExit))
			t.Equal("Dead of it after that", g.Dead(), true)
		}
		both := errors.Join(switching.ErrGreenletExit, bang)
		arrives(t, "Throw into a dead greenlet of an error that wraps ErrGreenletExit and bang", "ErrGreenletExit and bang as a value")(th.Throw(g, both))
		arrives(t, "Throw into one that has not begun of an error that wraps ErrGreenletExit and bang", "ErrGreenletExit and bang as a value")(th.Throw(th.New(d.returns("g", nil, nil), nil), both))
		d.reads(t, "which functions were called", "")

		for _, c := range []struct {
			into      string
			exception error
			want, did string
		}{
			{"one", boom, "raises boom", "parent has raises boom"},
			{"the child of one", boom, "raises boom", "parent has raises boom"},
			{"one", switching.ErrGreenletExit, "parent's value", "parent has ErrGreenletExit as a value"},
			{"the child of one", switching.ErrGreenletExit, "parent's value", "child called with ErrGreenletExit as a value, parent has 8"},
		} {
			parent := th.New(d.waits("parent", th, main), nil)
			arrives(t, "Switch(parent)", "parent waits")(th.Switch(parent, 1))
			target := th.New(d.returns("child", 8, nil), parent)
			if c.into != "one" {
				target = th.New(d.returns("grandchild", nil, nil), target)
			}
			arrives(t, "Throw("+named(c.exception)+") into "+c.into+" that has not begun, below a greenlet that waits", c.want)(th.Throw(target, c.exception))
			d.reads(t, "what happened", "parent called with 1, "+c.did)
			t.True("all of them are dead", target.Dead() && target.Parent().Dead() && parent.Dead())
		}

		g = th.New(d.returns("g", nil, nil), nil)
		for _, state := range []string{"has not begun", "is dead"} {
			thrower := th.New(func(any) (any, error) {
				value, err := th.Throw(g, boom)
				d.write("thrower has %s", told(value, err))
				return "thrower's value", nil
			}, nil)
			arrives(t, "Switch to a greenlet that throws boom into one that "+state+": the parent of that one has it, and the thrower waits", "raises boom")(th.Switch(thrower, nil))
			arrives(t, "Switch to the thrower, who stands in its Throw", "thrower's value")(th.Switch(thrower, 6))
			d.reads(t, "what happened", "thrower has 6")
		}
	})
}

// TestSelf checks that what a greenlet sends to itself, or throws, arrives at once.
func TestSelf(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		th := switching.NewThread()
		self := func(who string) {
			me := th.Current()
			t.Takes("three switches to itself", lab.Exactly(0), func() {
				arrives(t, "Switch(1) of "+who+" to itself", "1")(th.Switch(me, 1))
				arrives(t, "Throw(boom) of "+who+" into itself", "raises boom")(th.Throw(me, boom))
				arrives(t, "Throw(ErrGreenletExit) of "+who+" into itself, which it can catch as any other", "raises ErrGreenletExit")(th.Throw(me, switching.ErrGreenletExit))
			})
			t.True("it is still the current one", th.Current() == me && !me.Dead())
		}
		self("the main greenlet")
		arrives(t, "Switch to a greenlet that switches to itself", "done")(th.Switch(th.New(func(any) (any, error) {
			self("a greenlet")
			return "done", nil
		}, nil), nil))
	})
}

// TestThrowIntoTheMainOne checks that the main greenlet can be thrown into as any other, and outlives it.
func TestThrowIntoTheMainOne(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		th := switching.NewThread()
		main := th.Current()
		for _, exception := range []error{boom, switching.ErrGreenletExit} {
			g := th.New(func(any) (any, error) {
				value, err := th.Throw(main, exception)
				d.write("g has %s", told(value, err))
				return "g's value", nil
			}, nil)
			arrives(t, "Switch to a greenlet that throws "+named(exception)+" into the main one", "raises "+named(exception))(th.Switch(g, nil))
			t.True("the main greenlet lives, and is the current one", !main.Dead() && th.Current() == main)
			arrives(t, "Switch(g, 1), where g stands in its Throw", "g's value")(th.Switch(g, 1))
			d.reads(t, "what g got", "g has 1")
		}
	})
}

// TestGreenletExit checks that ErrGreenletExit asks a greenlet to end, and is a value for its parent and no exception.
func TestGreenletExit(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		both := errors.Join(switching.ErrGreenletExit, bang)
		for _, ends := range []struct {
			how   string
			throw error
			of    func(err error) (any, error)
			want  string
		}{
			{"lets it through", switching.ErrGreenletExit, func(err error) (any, error) { return "dropped", err }, "ErrGreenletExit as a value"},
			{"lets it through, where it wraps bang", both, func(err error) (any, error) { return nil, err }, "ErrGreenletExit and bang as a value"},
			{"wraps it", switching.ErrGreenletExit, func(err error) (any, error) { return nil, errors.Join(err, boom) }, "ErrGreenletExit and boom as a value"},
			{"returns a value", switching.ErrGreenletExit, func(error) (any, error) { return "last words", nil }, "last words"},
			{"returns another error", switching.ErrGreenletExit, func(error) (any, error) { return nil, boom }, "raises boom"},
			{"returns it although something else was thrown", boom, func(error) (any, error) { return nil, switching.ErrGreenletExit }, "ErrGreenletExit as a value"},
		} {
			var d diary
			th := switching.NewThread()
			main := th.Current()
			g := th.New(func(any) (any, error) {
				defer d.write("cleans up")
				value, err := th.Switch(main, "waits")
				d.write("has %s", told(value, err))
				return ends.of(err)
			}, nil)
			arrives(t, "Switch(g)", "waits")(th.Switch(g, nil))
			arrives(t, "Throw("+named(ends.throw)+"), where the greenlet "+ends.how, ends.want)(th.Throw(g, ends.throw))
			d.reads(t, "what the greenlet did", "has raises "+named(ends.throw)+", cleans up")
			t.Equal("Dead of it", g.Dead(), true)
		}

		var d diary
		th := switching.NewThread()
		parent := th.New(d.waits("parent", th, th.Current()), nil)
		th.Switch(parent, nil)
		child := th.New(d.waits("child", th, th.Current()), parent)
		th.Switch(child, nil)
		d.entries = nil
		arrives(t, "Throw(ErrGreenletExit) into a greenlet whose parent waits: the parent is not killed by it", "parent's value")(th.Throw(child, switching.ErrGreenletExit))
		d.reads(t, "what happened", "child has raises ErrGreenletExit, parent has ErrGreenletExit as a value")
	})
}

// TestOneRuns checks that nobody runs beside the current greenlet, be it asleep, and that a switch takes no time.
func TestOneRuns(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		th := switching.NewThread()
		main := th.Current()
		var running atomic.Int32
		works := func(name string) {
			end := t.Timeline().Start(name)
			if running.Add(1) > 1 {
				t.Errorf("%s runs while another greenlet of its thread does", name)
			}
			time.Sleep(time.Second + 7*time.Nanosecond)
			running.Add(-1)
			end()
		}
		var a, b *switching.Greenlet
		worker := func(name string, to **switching.Greenlet) run {
			return func(any) (any, error) {
				works(name)
				_, err := th.Switch(*to, nil)
				works(name)
				return nil, err
			}
		}
		a, b = th.New(worker("a", &b), nil), th.New(worker("b", &main), nil)
		t.Takes("five seconds and 35ns of work by three greenlets", lab.Exactly(5*time.Second+35*time.Nanosecond), func() {
			th.Switch(a, nil)
			works("main")
			th.Switch(a, nil)
			th.Switch(b, nil)
		})
		t.True("both have ended", a.Dead() && b.Dead())
	})
}

// TestStandingStillCostsNothing checks that a greenlet that stands still, and a main one that does, wait a year without a look at anything.
func TestStandingStillCostsNothing(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const year = 365 * 24 * time.Hour
		var d diary
		th := switching.NewThread()
		g := th.New(d.waits("g", th, th.Current()), nil)
		arrives(t, "Switch(g)", "g waits")(th.Switch(g, 1))
		time.Sleep(year)
		sleeper := th.New(func(any) (any, error) { time.Sleep(year); return "slept", nil }, nil)
		arrives(t, "Switch to a greenlet that sleeps a year", "slept")(th.Switch(sleeper, nil))
		arrives(t, "Switch to a greenlet that has stood still for two years", "g's value")(th.Switch(g, 2))
	})
}

// tree is walked by a function that switches in its depths: no generator can, without a yield from at each step.
type tree struct {
	left, right *tree
	key         int
}

func balanced(from, to int) *tree {
	if from == to {
		return nil
	}
	middle := (from + to) / 2
	return &tree{left: balanced(from, middle), key: middle, right: balanced(middle+1, to)}
}

func (n *tree) walk(visit func(key int)) {
	if n != nil {
		n.left.walk(visit)
		visit(n.key)
		n.right.walk(visit)
	}
}

// TestFromTheDepths checks that a function may switch at any depth of its calls, and goes on there.
func TestFromTheDepths(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const n = 30
		th := switching.NewThread()
		main := th.Current()
		walker := func() *switching.Greenlet {
			return th.New(func(any) (any, error) {
				balanced(0, n).walk(func(key int) { th.Switch(main, key) })
				return "end", nil
			}, nil)
		}
		first, second := walker(), walker()
		for key := range n {
			arrives(t, fmt.Sprintf("Switch number %d to a greenlet that walks a tree of %d keys", key+1, n), fmt.Sprint(key))(th.Switch(first, nil))
			arrives(t, fmt.Sprintf("Switch number %d to another one that does", key+1), fmt.Sprint(key))(th.Switch(second, nil))
		}
		arrives(t, "the Switch after the last key", "end")(th.Switch(first, nil))
		arrives(t, "the Switch after the last key of the other one", "end")(th.Switch(second, nil))
	})
}

// TestMany checks that greenlets can be nested deeply, and that the values of all come up from parent to parent.
func TestMany(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const n = 100
		th := switching.NewThread()
		var nested func(value any) (any, error)
		nested = func(value any) (any, error) {
			depth, _ := value.(int)
			if depth == n {
				return 0, nil
			}
			below, err := th.Switch(th.New(nested, nil), depth+1)
			sum, _ := below.(int)
			return sum + depth, err
		}
		arrives(t, fmt.Sprintf("Switch to a greenlet that adds up what %d nested ones return", n), fmt.Sprint(n*(n-1)/2))(th.Switch(th.New(nested, nil), 0))
	})
}

// TestForgotten checks that a greenlet that has not begun, or is dead, holds no goroutine.
func TestForgotten(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		th := switching.NewThread()
		for range 10 {
			th.New(d.returns("g", nil, nil), nil)
			th.Switch(th.New(d.returns("g", nil, nil), nil), nil)
			th.Switch(th.New(d.returns("g", nil, boom), nil), nil)
			th.Throw(th.New(d.returns("g", nil, nil), nil), boom)
			g := th.New(d.waits("g", th, th.Current()), nil)
			th.Switch(g, nil)
			th.Throw(g, switching.ErrGreenletExit)
		}
		switching.NewThread().New(d.returns("g", nil, nil), nil)
	})
}

// TestDifferentThread checks that a switch to another thread's greenlet is refused at once, in whatever state that is, and changes nothing.
func TestDifferentThread(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var theirs diary
		type other struct {
			what string
			g    *switching.Greenlet
		}
		handed, tried, done := make(chan []other), make(chan bool), make(chan bool)
		go func() {
			defer close(done)
			th := switching.NewThread()
			main := th.Current()
			waiting, dead := th.New(theirs.waits("waiting", th, main), nil), th.New(theirs.returns("dead", nil, nil), nil)
			fresh := th.New(theirs.returns("fresh", "fresh's value", nil), nil)
			th.Switch(waiting, 1)
			th.Switch(dead, 2)
			var running *switching.Greenlet
			running = th.New(func(any) (any, error) {
				handed <- []other{
					{"that waits", waiting}, {"that is dead", dead}, {"that has not begun", fresh}, {"that runs", running}, {"that is the main one", main},
				}
				<-tried
				return "ran on", nil
			}, nil)
			arrives(t, "Switch to the greenlet that ran while another thread tried to switch to it", "ran on")(th.Switch(running, nil))
			t.True("the states of the other thread's greenlets have not changed", !waiting.Dead() && dead.Dead() && !fresh.Dead() && th.Current() == main)
			arrives(t, "Switch to the one that waited meanwhile", "waiting's value")(th.Switch(waiting, 3))
			arrives(t, "Switch to the one that had not begun", "fresh's value")(th.Switch(fresh, 4))
			theirs.reads(t, "what the greenlets of the other thread did", "waiting called with 1, dead called with 2, waiting has 3, fresh called with 4")
		}()
		others := <-handed
		th := switching.NewThread()
		main := th.Current()
		tries := func(from string) {
			me := th.Current()
			for _, o := range others {
				arrives(t, "Switch, "+from+", to a greenlet of another thread "+o.what, "raises ErrDifferentThread")(th.Switch(o.g, "never to arrive"))
				arrives(t, "Throw, "+from+", into a greenlet of another thread "+o.what, "raises ErrDifferentThread")(th.Throw(o.g, switching.ErrGreenletExit))
				t.True("after it the current greenlet is who it was", th.Current() == me)
			}
		}
		t.Takes("switches to another thread's greenlets", lab.Exactly(0), func() {
			tries("of the main greenlet")
			th.Switch(th.New(func(any) (any, error) {
				tries("of a greenlet")
				return nil, nil
			}, nil), nil)
		})
		t.True("the main greenlet is the current one in the end", th.Current() == main)
		close(tried)
		<-done
	})
}

// TestThreadsRunTogether checks that two threads run at the same time and share nothing, not even their current greenlet.
func TestThreadsRunTogether(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var all sync.WaitGroup
		t.Takes("two threads of which each has a greenlet that works for a second", lab.Exactly(time.Second), func() {
			for i := range 2 {
				all.Go(func() {
					th := switching.NewThread()
					var g *switching.Greenlet
					g = th.New(func(value any) (any, error) {
						time.Sleep(time.Second)
						t.True("in a greenlet Current of its thread is that one", th.Current() == g)
						return value, nil
					}, nil)
					arrives(t, "Switch to a greenlet that returns what it is sent", fmt.Sprint(i))(th.Switch(g, i))
				})
			}
			all.Wait()
		})
	})
}

// TestHandingOver checks that no switch is lost and none comes early, where a greenlet is switched to while it is still on its way to stand still.
func TestHandingOver(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var d diary
		th := switching.NewThread()
		main := th.Current()
		var a, b *switching.Greenlet
		step := 0
		on := func(name string, to **switching.Greenlet) run {
			return func(value any) (any, error) {
				for range 2 {
					step++
					d.write("%s%d:%v", name, step, value)
					var err error
					if value, err = th.Switch(*to, step); err != nil {
						return nil, err
					}
				}
				return name, nil
			}
		}
		a, b = th.New(on("a", &b), nil), th.New(on("b", &a), nil)
		arrives(t, "Switch(a), where a and b switch to each other twice and a ends", "a")(th.Switch(a, 0))
		d.write("main")
		t.True("the main greenlet is the current one then", th.Current() == main)
		arrives(t, "Switch(b), where b has stood in its switch to a", "b")(th.Switch(b, 9))
		d.reads(t, "who ran, in which order, and with what", "a1:0, b2:1, a3:2, b4:3, main")
		t.True("both are dead", a.Dead() && b.Dead())
	})
}

// TestNothingRunsOnInTheDead checks that when a parent goes on its child is dead and does nothing any more.
func TestNothingRunsOnInTheDead(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var d diary
		th := switching.NewThread()
		main := th.Current()
		g := th.New(func(value any) (any, error) {
			d.write("ends")
			return value, boom
		}, nil)
		arrives(t, "Switch to a greenlet that returns an error", "raises boom")(th.Switch(g, 1))
		t.True("the greenlet is dead, and the main one is the current one", g.Dead() && th.Current() == main)
		d.reads(t, "what it has written by then", "ends")
		again := th.New(d.returns("again", "done", nil), g)
		arrives(t, "Switch to a child of the dead one", "done")(th.Switch(again, 2))
		t.True("that is dead then, and the main one is the current one", again.Dead() && th.Current() == main)
	})
}

// TestExitBesideWaiting checks that greenlets that are killed while others wait end one after another, each before its parent goes on.
func TestExitBesideWaiting(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var d diary
		th := switching.NewThread()
		main := th.Current()
		waits := func(name string) run {
			return func(any) (any, error) {
				_, err := th.Switch(main, nil)
				d.write("%s ends", name)
				return nil, err
			}
		}
		a := th.New(waits("a"), nil)
		b := th.New(waits("b"), a)
		th.Switch(a, nil)
		th.Switch(b, nil)
		arrives(t, "Throw(ErrGreenletExit) into b, whose parent a waits", "<nil>")(th.Throw(b, switching.ErrGreenletExit))
		d.reads(t, "who has ended", "b ends, a ends")
		t.True("both are dead, and the main greenlet is the current one", a.Dead() && b.Dead() && th.Current() == main)
	})
}

// TestTwoThreadsMeet checks that two threads that try to switch to each other's greenlets, while these run, are both refused.
func TestTwoThreadsMeet(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var handed [2]chan *switching.Greenlet
		for i := range handed {
			handed[i] = make(chan *switching.Greenlet, 1)
		}
		var all sync.WaitGroup
		for i := range 2 {
			all.Go(func() {
				th := switching.NewThread()
				main := th.Current()
				g := th.New(func(value any) (any, error) {
					value, err := th.Switch(main, value)
					return value, err
				}, nil)
				handed[i] <- g
				other := <-handed[1-i]
				arrives(t, "Switch to a greenlet of this thread", "1")(th.Switch(g, 1))
				arrives(t, "Switch to a greenlet of another thread, which runs", "raises ErrDifferentThread")(th.Switch(other, 2))
				arrives(t, "the next Switch to a greenlet of this thread", "3")(th.Switch(g, 3))
			})
		}
		all.Wait()
	})
}
