package generator_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/coroutines/generator"
	"github.com/python-concurrency/kata/katas/lab"
)

// boom and bang are exceptions.
var (
	boom = errors.New("boom")
	bang = errors.New("bang")
)

// known are the errors that an answer is told by.
var known = []struct {
	name string
	err  error
}{
	{"ErrGeneratorExit", generator.ErrGeneratorExit},
	{"ErrAlreadyExecuting", generator.ErrAlreadyExecuting},
	{"ErrJustStarted", generator.ErrJustStarted},
	{"ErrIgnoredExit", generator.ErrIgnoredExit},
	{"ErrRaisedStopIteration", generator.ErrRaisedStopIteration},
	{"boom", boom},
	{"bang", bang},
}

// told is what a call answered, in one phrase: a value, or the errors that its error is.
func told(value any, err error) string {
	if err == nil {
		return fmt.Sprint(value)
	}
	var is []string
	var stop *generator.StopIteration
	switch {
	case !errors.As(err, &stop):
	case stop == nil:
		is = append(is, "a nil *StopIteration inside an error")
	default:
		is = append(is, fmt.Sprintf("StopIteration(%v)", stop.Value))
	}
	for _, k := range known {
		if errors.Is(err, k.err) {
			is = append(is, k.name)
		}
	}
	if len(is) == 0 {
		is = append(is, fmt.Sprintf("the error %q", err))
	}
	if value != nil {
		is = append(is, fmt.Sprintf("the value %v beside the error", value))
	}
	return strings.Join(is, " and ")
}

// answers holds the answer of a call to what it must be: answers(t, "Next", "1")(g.Next()).
func answers(t *lab.T, what, want string) func(any, error) {
	t.Helper()
	return func(value any, err error) {
		t.Helper()
		t.Equal("what "+what+" returns", told(value, err), want)
	}
}

// diary is what a body and its callers write. It has no lock: a call orders all that happens before it, in it and after it.
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

// odd is a time that nobody who looks in regular steps hits.
const odd = time.Second + 7*time.Nanosecond

// body is a generator function.
type body = func(y *generator.Yielder) (any, error)

// counts yields the numbers up to n and returns "done". It lets exceptions through.
func counts(n int) body {
	return func(y *generator.Yielder) (any, error) {
		for i := range n {
			if _, err := y.Yield(i + 1); err != nil {
				return nil, err
			}
		}
		return "done", nil
	}
}

// echoes yields "ready" and then each thing that is sent to it, and writes into the diary how it ends.
func echoes(d *diary, name string) body {
	return func(y *generator.Yielder) (any, error) {
		d.write("%s begins", name)
		sent, err := y.Yield("ready")
		for ; err == nil && sent != "stop"; sent, err = y.Yield(sent) {
			d.write("%s got %v", name, sent)
		}
		d.write("%s ends with %s", name, told(nil, err))
		return name + "'s value", err
	}
}

// calls are the four ways to have a body go on.
var calls = []struct {
	name string
	call func(g *generator.Generator) (any, error)
}{
	{"Next", (*generator.Generator).Next},
	{"Send(1)", func(g *generator.Generator) (any, error) { return g.Send(1) }},
	{"Throw(boom)", func(g *generator.Generator) (any, error) { return g.Throw(boom) }},
	{"Close", (*generator.Generator).Close},
}

// together runs all at the same time and waits for them.
func together(calls ...func()) {
	var all sync.WaitGroup
	for _, call := range calls {
		all.Go(call)
	}
	all.Wait()
}

// TestNext checks that each Next returns what the body yields next, then a StopIteration with what it has returned, and ones with nil for ever after.
func TestNext(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		g := generator.New(counts(3))
		for i, want := range []string{"1", "2", "3", "StopIteration(done)", "StopIteration(<nil>)", "StopIteration(<nil>)"} {
			answers(t, fmt.Sprintf("Next number %d of a body that yields 1, 2 and 3 and returns \"done\"", i+1), want)(g.Next())
		}
		answers(t, "Next of a body that returns at once", "StopIteration(done)")(generator.New(counts(0)).Next())
		g = generator.New(func(y *generator.Yielder) (any, error) {
			_, err := y.Yield(nil)
			return nil, err
		})
		answers(t, "Next of a body that yields nil", "<nil>")(g.Next())
		answers(t, "Next of a body that returns nil", "StopIteration(<nil>)")(g.Next())
	})
}

// TestRunsOnlyInsideACall checks that nothing of the body runs before the first Next and between two of them, and that Next waits for the body.
func TestRunsOnlyInsideACall(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		g := generator.New(func(y *generator.Yielder) (any, error) {
			for _, step := range []string{"one", "two"} {
				d.write("works on %s", step)
				time.Sleep(odd)
				if _, err := y.Yield(step); err != nil {
					return nil, err
				}
				d.write("is done with %s", step)
			}
			return nil, nil
		})
		time.Sleep(time.Minute)
		d.reads(t, "what the body has done before the first Next", "")
		t.Takes("Next, for which the body works a second and 7ns", lab.Exactly(odd), func() { answers(t, "the first Next", "one")(g.Next()) })
		time.Sleep(time.Minute)
		d.reads(t, "what the body has done after the first Next", "works on one")
		t.Takes("Next, for which the body works a second and 7ns", lab.Exactly(odd), func() { answers(t, "the second Next", "two")(g.Next()) })
		time.Sleep(time.Minute)
		d.reads(t, "what the body has done since then, after the second Next", "is done with one, works on two")
		t.Takes("Next, for which the body has nothing to do", lab.Exactly(0), func() { answers(t, "the third Next", "StopIteration(<nil>)")(g.Next()) })
		d.reads(t, "what the body has done since then, at its end", "is done with two")
	})
}

// TestSend checks that Yield returns what the call after it sends, and that Next sends nil.
func TestSend(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		average := func(y *generator.Yielder) (any, error) {
			total, n := 0, 0
			var mean any
			for {
				sent, err := y.Yield(mean)
				if err != nil {
					return nil, err
				}
				number, ok := sent.(int)
				if !ok {
					return n, nil
				}
				total += number
				n++
				mean = total / n
			}
		}
		g := generator.New(average)
		answers(t, "Next, which runs a body that averages to its first Yield", "<nil>")(g.Next())
		answers(t, "Send(10) to a body that averages", "10")(g.Send(10))
		answers(t, "Send(30) to a body that averages", "20")(g.Send(30))
		answers(t, "Send(5) to a body that averages", "15")(g.Send(5))
		answers(t, "Next, whose nil has a body return how many numbers it has averaged", "StopIteration(3)")(g.Next())
		answers(t, "Send(1) to a closed generator", "StopIteration(<nil>)")(g.Send(1))

		g = generator.New(average)
		answers(t, "Send(nil), which may begin", "<nil>")(g.Send(nil))
		answers(t, "Send(4) after it", "4")(g.Send(4))
		answers(t, "Send(nil)", "StopIteration(1)")(g.Send(nil))
	})
}

// TestSendToAJustStarted checks that a value sent before the first Yield is refused, and that the generator is as it was.
func TestSendToAJustStarted(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		g := generator.New(echoes(&d, "body"))
		for range 2 {
			answers(t, "Send(1) to a generator that has not begun", "ErrJustStarted")(g.Send(1))
			d.reads(t, "what the body has done by then", "")
		}
		answers(t, "the Next after it", "ready")(g.Next())
		answers(t, "a Send(2) after that", "2")(g.Send(2))
		d.reads(t, "what the body has done in the end", "body begins, body got 2")
		answers(t, "Send(\"stop\")", "StopIteration(body's value)")(g.Send("stop"))
	})
}

// TestTheBodyRaises checks that an error of the body is the answer of the call in which it comes, and that the generator is closed by it.
func TestTheBodyRaises(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, k := range known {
			for yields := range 2 {
				g := generator.New(func(y *generator.Yielder) (any, error) {
					for range yields {
						y.Yield("a value")
					}
					return "dropped", k.err
				})
				for range yields {
					answers(t, "Next", "a value")(g.Next())
				}
				answers(t, "the Next for which the body returns the error "+k.name, k.name)(g.Next())
				answers(t, "the Next after it", "StopIteration(<nil>)")(g.Next())
			}
		}
	})
}

// TestThrow checks that Yield returns what is thrown, with nil as its value, and that the body may catch it, or not.
func TestThrow(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		g := generator.New(func(y *generator.Yielder) (any, error) {
			for {
				sent, err := y.Yield("still here")
				d.write("Yield returned %v and %s", sent, told(nil, err))
				if errors.Is(err, bang) {
					return "enough", nil
				}
			}
		})
		answers(t, "Next", "still here")(g.Next())
		for range 2 {
			answers(t, "Throw(boom) where the body catches it and yields again", "still here")(g.Throw(boom))
			d.reads(t, "what the body saw of Throw(boom)", "Yield returned <nil> and boom")
		}
		answers(t, "the Next after it", "still here")(g.Next())
		d.reads(t, "what the body saw of it: an exception is thrown once", "Yield returned <nil> and <nil>")
		answers(t, "Send(7)", "still here")(g.Send(7))
		answers(t, "Throw(boom) after it", "still here")(g.Throw(boom))
		d.reads(t, "what the body saw of both: what was sent is sent once", "Yield returned 7 and <nil>, Yield returned <nil> and boom")
		answers(t, "Throw(bang) where the body catches it and returns", "StopIteration(enough)")(g.Throw(bang))
		answers(t, "Next after that", "StopIteration(<nil>)")(g.Next())

		for _, ends := range []struct {
			how, want string
			of        func(err error) error
		}{
			{"lets it through", "boom", func(err error) error { return err }},
			{"returns another error", "bang", func(error) error { return bang }},
			{"returns one that wraps it", "boom and bang", func(err error) error { return errors.Join(err, bang) }},
			{"returns ErrGeneratorExit", "ErrGeneratorExit", func(error) error { return generator.ErrGeneratorExit }},
		} {
			g := generator.New(func(y *generator.Yielder) (any, error) {
				_, err := y.Yield("a value")
				return "dropped", ends.of(err)
			})
			answers(t, "Next", "a value")(g.Next())
			answers(t, "Throw(boom) where the body "+ends.how, ends.want)(g.Throw(boom))
			answers(t, "Next after that", "StopIteration(<nil>)")(g.Next())
		}
	})
}

// TestThrowWhereNobodyCatches checks that what is thrown into a created or closed generator comes straight back, and that none of its body runs.
func TestThrowWhereNobodyCatches(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, exception := range []error{boom, generator.ErrGeneratorExit} {
			var d diary
			g := generator.New(echoes(&d, "body"))
			want := told(nil, exception)
			answers(t, "Throw("+want+") into a generator that has not begun", want)(g.Throw(exception))
			answers(t, "the Next after it", "StopIteration(<nil>)")(g.Next())
			answers(t, "a Send(1) after that", "StopIteration(<nil>)")(g.Send(1))
			d.reads(t, "what the body has done", "")
		}
		g := generator.New(counts(0))
		g.Next()
		for range 2 {
			answers(t, "Throw(boom) into a generator that has come to its end", "boom")(g.Throw(boom))
		}
		answers(t, "the Next after it", "StopIteration(<nil>)")(g.Next())
	})
}

// TestClose checks that Close throws ErrGeneratorExit into the body and comes back when that has cleaned up.
func TestClose(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, ends := range []struct {
			how, want string
			of        func(err error) (any, error)
		}{
			{"lets ErrGeneratorExit through", "<nil>", func(err error) (any, error) { return "dropped", err }},
			{"returns one that wraps ErrGeneratorExit", "<nil>", func(err error) (any, error) { return nil, fmt.Errorf("cleaned up: %w", err) }},
			{"returns a value", "total 3", func(error) (any, error) { return "total 3", nil }},
			{"returns nil", "<nil>", func(error) (any, error) { return nil, nil }},
			{"returns another error", "boom", func(error) (any, error) { return "dropped", boom }},
		} {
			var d diary
			g := generator.New(func(y *generator.Yielder) (any, error) {
				defer d.write("is deferred")
				sent, err := y.Yield("a value")
				sent, err = y.Yield(sent)
				d.write("sees %v and %s", sent, told(nil, err))
				return ends.of(err)
			})
			answers(t, "Next", "a value")(g.Next())
			answers(t, "Send(3)", "3")(g.Send(3))
			answers(t, "Close where the body "+ends.how, ends.want)(g.Close())
			d.reads(t, "what the body did in Close", "sees <nil> and ErrGeneratorExit, is deferred")
			answers(t, "a second Close", "<nil>")(g.Close())
			answers(t, "Next after Close", "StopIteration(<nil>)")(g.Next())
			answers(t, "Throw(bang) after Close", "bang")(g.Throw(bang))
			d.reads(t, "what the body did after Close", "")
		}
		g := generator.New(func(y *generator.Yielder) (any, error) {
			_, err := y.Yield("a value")
			time.Sleep(odd)
			return nil, err
		})
		answers(t, "Next", "a value")(g.Next())
		t.Takes("Close, where the body cleans up for a second and 7ns", lab.Exactly(odd), func() { answers(t, "Close", "<nil>")(g.Close()) })
	})
}

// TestCloseWithoutABody checks that Close of a generator that was created begins nothing, and that of a closed one does nothing.
func TestCloseWithoutABody(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		g := generator.New(echoes(&d, "body"))
		answers(t, "Close of a generator that has not begun", "<nil>")(g.Close())
		answers(t, "the Next after it", "StopIteration(<nil>)")(g.Next())
		answers(t, "a Send(1) after that", "StopIteration(<nil>)")(g.Send(1))
		d.reads(t, "what the body has done", "")
		for _, end := range []error{nil, boom} {
			g := generator.New(func(*generator.Yielder) (any, error) { return "its value", end })
			g.Next()
			answers(t, "Close of a generator that has come to its end", "<nil>")(g.Close())
		}
	})
}

// TestIgnoredExit checks that a body that yields in answer to Close is told on by ErrIgnoredExit, and can still go on from there.
func TestIgnoredExit(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		g := generator.New(func(y *generator.Yielder) (any, error) {
			_, err := y.Yield("first")
			for i := 1; i < 5 && errors.Is(err, generator.ErrGeneratorExit); i++ {
				d.write("no %d", i)
				var sent any
				sent, err = y.Yield("ignored")
				d.write("got %v and %s", sent, told(nil, err))
			}
			return "in the end", err
		})
		answers(t, "Next", "first")(g.Next())
		answers(t, "Close where the body yields again", "ErrIgnoredExit")(g.Close())
		answers(t, "a second Close where it does so again", "ErrIgnoredExit")(g.Close())
		answers(t, "Throw(ErrGeneratorExit) where it does so again, which is no Close", "ignored")(g.Throw(generator.ErrGeneratorExit))
		answers(t, "Send(5) after that: it stands at the Yield that came last", "StopIteration(in the end)")(g.Send(5))
		d.reads(t, "what the body wrote", "no 1, got <nil> and ErrGeneratorExit, no 2, got <nil> and ErrGeneratorExit, no 3, got 5 and <nil>")
		answers(t, "Close after its end", "<nil>")(g.Close())
	})
}

// TestRaisedStopIteration checks that a StopIteration which the body lets through is not taken for its own end.
func TestRaisedStopIteration(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		firsts := func(inner *generator.Generator) body {
			return func(y *generator.Yielder) (any, error) {
				for {
					value, err := inner.Next() // what comes at the end of inner is no end of this one
					if err != nil {
						return nil, err
					}
					if _, err := y.Yield(value); err != nil {
						return nil, err
					}
				}
			}
		}
		g := generator.New(firsts(generator.New(counts(1))))
		answers(t, "Next", "1")(g.Next())
		answers(t, "the Next for which the body passes on a StopIteration of another generator", "ErrRaisedStopIteration")(g.Next())
		answers(t, "the Next after it", "StopIteration(<nil>)")(g.Next())

		outer := generator.New(firsts(generator.New(firsts(generator.New(counts(0))))))
		answers(t, "Next of a generator whose body passes on the ErrRaisedStopIteration of another one", "ErrRaisedStopIteration")(outer.Next())

		for _, c := range calls[2:] {
			g := generator.New(func(y *generator.Yielder) (any, error) {
				y.Yield("a value")
				return nil, fmt.Errorf("my own: %w", &generator.StopIteration{Value: 7})
			})
			answers(t, "Next", "a value")(g.Next())
			answers(t, c.name+" where the body returns an error that wraps a StopIteration", "ErrRaisedStopIteration")(c.call(g))
		}
		g = generator.New(counts(2))
		answers(t, "Next", "1")(g.Next())
		answers(t, "Throw(StopIteration) where the body lets it through", "ErrRaisedStopIteration")(g.Throw(&generator.StopIteration{Value: 7}))
	})
}

// TestAlreadyExecuting checks that a body that asks its own generator is told that it is executing, and that nothing else comes of it.
func TestAlreadyExecuting(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var g *generator.Generator
		asksItself := func(when string) {
			for _, c := range calls {
				answers(t, c.name+" that the body calls on its own generator, "+when, "ErrAlreadyExecuting")(c.call(g))
			}
		}
		g = generator.New(func(y *generator.Yielder) (any, error) {
			asksItself("just begun")
			sent, err := y.Yield("first")
			asksItself("in the middle")
			t.Equal("what the Yield of a body returns that asked its own generator", told(sent, err), "sent")
			other := generator.New(func(*generator.Yielder) (any, error) {
				asksItself("by way of another generator")
				return nil, nil
			})
			other.Next()
			_, err = y.Yield("second")
			asksItself("while it cleans up")
			return nil, err
		})
		answers(t, "Next", "first")(g.Next())
		answers(t, "Send(\"sent\")", "second")(g.Send("sent"))
		answers(t, "Close", "<nil>")(g.Close())
	})
}

// TestNobodyWaitsForAnother checks that a call from another goroutine, while the body sleeps, is told at once that the generator is executing, and that another generator runs meanwhile.
func TestNobodyWaitsForAnother(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		g := generator.New(func(y *generator.Yielder) (any, error) {
			for range 2 {
				time.Sleep(time.Minute)
				if sent, err := y.Yield("rested"); sent != nil || err != nil {
					return "disturbed", err
				}
			}
			return "undisturbed", nil
		})
		for _, want := range []string{"rested", "rested", "StopIteration(undisturbed)"} {
			slow := make(chan bool)
			go func() {
				answers(t, "Next, for which the body sleeps a minute or not at all", want)(g.Next())
				close(slow)
			}()
			if want == "rested" {
				time.Sleep(time.Second)
				one := generator.New(counts(1))
				t.Takes("four calls on a generator whose body is asleep, and two on another", lab.Exactly(0), func() {
					for _, c := range calls {
						answers(t, c.name+" while the body is asleep in another one's call", "ErrAlreadyExecuting")(c.call(g))
					}
					answers(t, "Next of another generator", "1")(one.Next())
					answers(t, "its end", "StopIteration(done)")(one.Next())
				})
			}
			<-slow
		}
	})
}

// TestStandingStillCostsNothing checks that a suspended generator, and a caller whose body works, wait a year without a look at anything.
func TestStandingStillCostsNothing(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const year = 365 * 24 * time.Hour
		g := generator.New(func(y *generator.Yielder) (any, error) {
			y.Yield("a value")
			time.Sleep(year)
			return "done", nil
		})
		answers(t, "Next", "a value")(g.Next())
		time.Sleep(year)
		answers(t, "Next, for which the body sleeps a year", "StopIteration(done)")(g.Next())
	})
}

// TestPanic checks that a panic of the body comes up in the call that it runs for, and closes the generator.
func TestPanic(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		caught := func(what string, call func()) {
			t.Helper()
			defer func() {
				t.Helper()
				t.Equal("what "+what+" panics with", recover(), "ouch")
			}()
			call()
		}
		for i, c := range calls {
			g := generator.New(func(y *generator.Yielder) (any, error) {
				if i > 0 {
					y.Yield("a value")
				}
				panic("ouch")
			})
			if i > 0 {
				answers(t, "Next", "a value")(g.Next())
			}
			caught(c.name+" for which the body panics", func() { c.call(g) })
			answers(t, "Next after it", "StopIteration(<nil>)")(g.Next())
		}

		var d diary
		sub := generator.New(func(y *generator.Yielder) (any, error) {
			y.Yield("a value")
			panic("ouch")
		})
		outer := generator.New(func(y *generator.Yielder) (any, error) {
			defer d.write("outer cleans up")
			return y.YieldFrom(sub)
		})
		answers(t, "Next, by YieldFrom", "a value")(outer.Next())
		caught("Next for which the body of a generator panics that is yielded from", func() { outer.Next() })
		d.reads(t, "what the body around it did", "outer cleans up")
		answers(t, "Next of the outer generator after it", "StopIteration(<nil>)")(outer.Next())
		answers(t, "Next of the inner generator after it", "StopIteration(<nil>)")(sub.Next())
	})
}

// yieldsFrom yields from sub, writes down what comes of it, and returns that.
func yieldsFrom(d *diary, name string, sub *generator.Generator) body {
	return func(y *generator.Yielder) (any, error) {
		value, err := y.YieldFrom(sub)
		d.write("%s has %s", name, told(value, err))
		return value, err
	}
}

// TestYieldFrom checks that the answers of a generator that is yielded from are those of the one around it, and that its value is that of YieldFrom.
func TestYieldFrom(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		half, over := generator.New(counts(3)), generator.New(counts(1))
		answers(t, "Next", "1")(half.Next())
		over.Next()
		over.Next()
		g := generator.New(func(y *generator.Yielder) (any, error) {
			y.Yield("before")
			for _, sub := range []*generator.Generator{generator.New(counts(2)), generator.New(counts(0)), half, over} {
				value, err := y.YieldFrom(sub)
				if err != nil {
					return nil, err
				}
				if _, err := y.Yield(fmt.Sprint("its value ", value)); err != nil {
					return nil, err
				}
			}
			return "all", nil
		})
		var got []string
		for range 10 {
			got = append(got, told(g.Next()))
		}
		t.Equal("the answers where a body yields from a generator of two values, one of none, one that was begun by somebody else, and a closed one", got, []string{
			"before", "1", "2", "its value done", "its value done", "2", "3", "its value done", "its value <nil>", "StopIteration(all)",
		})
	})
}

// TestYieldFromSends checks that what is sent reaches the generator that is yielded from, through three of them as well.
func TestYieldFromSends(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		inner := generator.New(echoes(&d, "inner"))
		middle := generator.New(yieldsFrom(&d, "middle", inner))
		outer := generator.New(yieldsFrom(&d, "outer", middle))
		answers(t, "Next", "ready")(outer.Next())
		answers(t, "Send(1)", "1")(outer.Send(1))
		answers(t, "Next", "<nil>")(outer.Next())
		answers(t, "Send(\"stop\")", "StopIteration(inner's value)")(outer.Send("stop"))
		d.reads(t, "what happened", "inner begins, inner got 1, inner got <nil>, inner ends with <nil>, middle has inner's value, outer has inner's value")
	})
}

// TestYieldFromThrows checks that what is thrown reaches the generator that is yielded from first, and the body around it where that one lets it through.
func TestYieldFromThrows(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		stubborn := func(y *generator.Yielder) (any, error) {
			_, err := y.Yield("a value")
			d.write("inner sees %s", told(nil, err))
			_, err = y.Yield("caught")
			d.write("inner sees %s", told(nil, err))
			if errors.Is(err, bang) {
				return "recovered", nil
			}
			return nil, err
		}
		for _, last := range []struct {
			throw     error
			want, saw string
		}{
			{throw: bang, want: "StopIteration(recovered)", saw: "inner sees bang, outer has recovered"},
			{throw: boom, want: "boom", saw: "inner sees boom, outer has boom"},
		} {
			outer := generator.New(yieldsFrom(&d, "outer", generator.New(stubborn)))
			answers(t, "Next", "a value")(outer.Next())
			answers(t, "Throw(boom) where the generator that is yielded from catches it", "caught")(outer.Throw(boom))
			d.reads(t, "who saw it", "inner sees boom")
			name := told(nil, last.throw)
			answers(t, "Throw("+name+") after it", last.want)(outer.Throw(last.throw))
			d.reads(t, "who saw that", last.saw)
		}

		outer := generator.New(func(y *generator.Yielder) (any, error) {
			value, err := y.YieldFrom(generator.New(counts(9)))
			d.write("outer has %s", told(value, err))
			return y.YieldFrom(generator.New(counts(1)))
		})
		answers(t, "Next", "1")(outer.Next())
		answers(t, "Throw(boom) where only the body around catches it, and yields from another one", "1")(outer.Throw(boom))
		d.reads(t, "who saw it", "outer has boom")
		answers(t, "Next", "StopIteration(done)")(outer.Next())
	})
}

// TestYieldFromCloses checks that Close, and a thrown ErrGeneratorExit, close the generator that is yielded from before the body around it goes on.
func TestYieldFromCloses(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		wrapped := errors.Join(generator.ErrGeneratorExit, bang)
		for _, end := range []struct {
			how, want string
			call      func(g *generator.Generator) (any, error)
		}{
			{"Close", "<nil>", (*generator.Generator).Close},
			{"Throw(ErrGeneratorExit)", "ErrGeneratorExit", func(g *generator.Generator) (any, error) { return g.Throw(generator.ErrGeneratorExit) }},
			{"Throw of an error that wraps ErrGeneratorExit and bang", "ErrGeneratorExit and bang", func(g *generator.Generator) (any, error) { return g.Throw(wrapped) }},
		} {
			var d diary
			inner := generator.New(echoes(&d, "inner"))
			middle := generator.New(yieldsFrom(&d, "middle", inner))
			outer := generator.New(yieldsFrom(&d, "outer", middle))
			answers(t, "Next", "ready")(outer.Next())
			answers(t, end.how+", three generators deep", end.want)(end.call(outer))
			seen := end.want
			if end.how == "Close" {
				seen = "ErrGeneratorExit"
			}
			d.reads(t, "what happened", "inner begins, inner ends with ErrGeneratorExit, middle has ErrGeneratorExit, outer has "+seen)
			answers(t, "Next of the inner one after it", "StopIteration(<nil>)")(inner.Next())

			outer = generator.New(yieldsFrom(&d, "outer", generator.New(func(y *generator.Yielder) (any, error) {
				y.Yield("a value")
				return "a last word", nil
			})))
			answers(t, "Next", "a value")(outer.Next())
			answers(t, end.how+" where the generator that is yielded from returns a value: the exception goes on all the same", end.want)(end.call(outer))
			d.reads(t, "what YieldFrom returned", "outer has "+seen)
		}

		outer := generator.New(func(y *generator.Yielder) (any, error) {
			y.YieldFrom(generator.New(counts(9)))
			return "kept", nil
		})
		answers(t, "Next", "1")(outer.Next())
		answers(t, "Close where the body around returns a value", "kept")(outer.Close())
	})
}

// TestYieldFromCannotClose checks that an error of the inner Close stands in the place of ErrGeneratorExit.
func TestYieldFromCannotClose(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		inner := generator.New(func(y *generator.Yielder) (any, error) {
			y.Yield("a value")
			y.Yield("ignored")
			return "in the end", nil
		})
		outer := generator.New(yieldsFrom(&d, "outer", inner))
		answers(t, "Next", "a value")(outer.Next())
		answers(t, "Close where the generator that is yielded from ignores it", "ErrIgnoredExit")(outer.Close())
		d.reads(t, "what YieldFrom returned", "outer has ErrIgnoredExit")
		answers(t, "Next of the outer generator after it", "StopIteration(<nil>)")(outer.Next())
		answers(t, "Next of the inner generator after it: it stands where it had yielded", "StopIteration(in the end)")(inner.Next())

		outer = generator.New(yieldsFrom(&d, "outer", generator.New(func(y *generator.Yielder) (any, error) {
			y.Yield("a value")
			return nil, boom
		})))
		answers(t, "Next", "a value")(outer.Next())
		answers(t, "Close where the generator that is yielded from returns an error", "boom")(outer.Close())
		d.reads(t, "what YieldFrom returned", "outer has boom")
	})
}

// TestYieldFromOneThatRuns checks that a generator which yields from itself, or from one that yields from it, is told that it is executing.
func TestYieldFromOneThatRuns(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		var g *generator.Generator
		g = generator.New(func(y *generator.Yielder) (any, error) {
			value, err := y.YieldFrom(g)
			d.write("itself: %s", told(value, err))
			value, err = y.YieldFrom(generator.New(yieldsFrom(&d, "another", g)))
			d.write("by another: %s", told(value, err))
			return "went on", nil
		})
		answers(t, "Next of a generator that yields from itself", "StopIteration(went on)")(g.Next())
		d.reads(t, "what YieldFrom returned", "itself: ErrAlreadyExecuting, another has ErrAlreadyExecuting, by another: ErrAlreadyExecuting")
	})
}

// tree is walked by generators that yield from one another.
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

func (n *tree) walk(y *generator.Yielder) (any, error) {
	size := 1
	for _, child := range []*tree{n.left, n, n.right} {
		switch {
		case child == n:
			if _, err := y.Yield(n.key); err != nil {
				return nil, err
			}
		case child != nil:
			below, err := y.YieldFrom(generator.New(child.walk))
			if err != nil {
				return nil, err
			}
			n, _ := below.(int)
			size += n
		}
	}
	return size, nil
}

// TestWalk checks that a tree can be walked by generators that yield from one another, to its end and half way.
func TestWalk(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const n = 40
		g := generator.New(balanced(0, n).walk)
		for i := range n {
			answers(t, fmt.Sprintf("Next number %d of a generator that walks a tree of %d keys", i+1, n), fmt.Sprint(i))(g.Next())
		}
		answers(t, "the Next after the last key", fmt.Sprintf("StopIteration(%d)", n))(g.Next())

		g = generator.New(balanced(0, n).walk)
		for range n / 3 {
			g.Next()
		}
		answers(t, "Close of a generator that walks a tree, in the middle", "<nil>")(g.Close())
	})
}

// TestForgotten checks that a generator that has not begun, or is closed, holds no goroutine.
func TestForgotten(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for range 10 {
			generator.New(counts(1))
			generator.New(counts(1)).Send(1)
			generator.New(counts(1)).Throw(boom)
			generator.New(counts(1)).Close()
			generator.New(counts(0)).Next()
			for _, call := range calls[2:] {
				g := generator.New(counts(9))
				g.Next()
				call.call(g)
			}
		}
	})
}

// TestHandedOn checks that a generator can be driven by one goroutine after another, and that a call orders what the body and its callers do.
func TestHandedOn(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		g := generator.New(echoes(&d, "body"))
		for i := range 4 {
			done := make(chan bool)
			go func() {
				defer close(done)
				if i == 0 {
					g.Next()
					return
				}
				d.write("caller %d", i)
				g.Send(i)
			}()
			<-done
		}
		answers(t, "Close by yet another goroutine", "<nil>")(g.Close())
		d.reads(t, "what callers and body wrote", "body begins, caller 1, body got 1, caller 2, body got 2, caller 3, body got 3, body ends with ErrGeneratorExit")
	})
}

// refused reports whether a call was told that another one is under way.
func refused(err error) bool { return errors.Is(err, generator.ErrAlreadyExecuting) }

// TestTwoBegin checks that of two goroutines that call Next on a new generator at the same time one begins it, and the other is refused or gets the next value.
func TestTwoBegin(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		begun := 0
		g := generator.New(func(y *generator.Yielder) (any, error) {
			begun++
			return counts(3)(y)
		})
		var got [2]string
		together(
			func() { got[0] = told(g.Next()) },
			func() { got[1] = told(g.Next()) },
		)
		slices.Sort(got[:])
		if got != [2]string{"1", "2"} && got != [2]string{"1", "ErrAlreadyExecuting"} {
			t.Errorf("two Next at the same time on a new generator that counts must return 1 and 2, or 1 and ErrAlreadyExecuting, and returned %s and %s", got[0], got[1])
		}
		answers(t, "Close after them", "<nil>")(g.Close())
		t.Equal("how often the body has begun", begun, 1)
	})
}

// TestEachItsOwnAnswer checks that where two goroutines send at the same time, each gets the answer to what it has sent, or is refused.
func TestEachItsOwnAnswer(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var d diary
		g := generator.New(echoes(&d, "body"))
		g.Next()
		var taken [2]int
		sends := func(i int) func() {
			return func() {
				for n := range 2 {
					value := 10*i + n
					got, err := g.Send(value)
					if refused(err) {
						continue
					}
					taken[i]++
					answers(t, fmt.Sprintf("Send(%d) to a body that yields what it is sent, while another goroutine sends as well", value), fmt.Sprint(value))(got, err)
				}
			}
		}
		together(sends(0), sends(1))
		t.True("of several Send at the same time at least one is not refused", taken[0]+taken[1] > 0)
		t.Equal("how many values the body has got of those that were not refused", len(d.entries)-1, taken[0]+taken[1])
		answers(t, "Close after them", "<nil>")(g.Close())
	})
}

// TestCloseBesideNext checks that Close beside a Next of another goroutine comes before it, after it, or not at all, and that the body cleans up once.
func TestCloseBesideNext(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var d diary
		g := generator.New(func(y *generator.Yielder) (any, error) {
			value, err := counts(3)(y)
			d.write("cleans up")
			return value, err
		})
		g.Next()
		var next, closes string
		together(
			func() { next = told(g.Next()) },
			func() { closes = told(g.Close()) },
		)
		switch next + ", " + closes {
		case "2, <nil>", "2, ErrAlreadyExecuting", "StopIteration(<nil>), <nil>", "ErrAlreadyExecuting, <nil>":
		default:
			t.Errorf("Next beside Close returned %s, and Close %s: it must be 2 or StopIteration(nil) and nil, and one of the two may be refused", next, closes)
		}
		answers(t, "Close after both", "<nil>")(g.Close())
		d.reads(t, "how the body has ended", "cleans up")
	})
}

// TestTheEndComesOnce checks that of two goroutines at the end of a generator one gets its value, and that who finds it closed sees all that the body has done.
func TestTheEndComesOnce(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		ended := ""
		g := generator.New(func(*generator.Yielder) (any, error) {
			ended = "all done"
			return "the value", nil
		})
		var got [2]string
		last := func(i int) func() {
			return func() {
				value, err := g.Next()
				if got[i] = told(value, err); !refused(err) {
					t.Equal("what a caller sees that the body had written before it ended", ended, "all done")
				}
			}
		}
		together(last(0), last(1))
		slices.Sort(got[:])
		if got != [2]string{"StopIteration(<nil>)", "StopIteration(the value)"} && got != [2]string{"ErrAlreadyExecuting", "StopIteration(the value)"} {
			t.Errorf("two Next at the same time for which the body returns \"the value\": one must get it, the other StopIteration(nil) or ErrAlreadyExecuting, and they got %s and %s", got[0], got[1])
		}
	})
}

// TestThrowBesideNext checks that Throw beside the first Next of another goroutine either closes the generator before it begins, or reaches the body at its Yield.
func TestThrowBesideNext(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var d diary
		g := generator.New(echoes(&d, "body"))
		var next, throws string
		together(
			func() { next = told(g.Next()) },
			func() { throws = told(g.Throw(boom)) },
		)
		wrote := strings.Join(d.entries, ", ")
		switch next + ", " + throws + ": " + wrote {
		case "ready, ErrAlreadyExecuting: body begins", "ready, boom: body begins, body ends with boom", "StopIteration(<nil>), boom: ", "ErrAlreadyExecuting, boom: ":
		default:
			t.Errorf("Next beside Throw(boom) on a new generator returned %s, and Throw %s, and the body wrote %q", next, throws, wrote)
		}
		g.Close()
	})
}
