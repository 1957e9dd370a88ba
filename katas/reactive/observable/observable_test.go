package observable_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/reactive/observable"
)

type (
	stream   = observable.Observable
	observer = observable.Observer
)

var (
	errBoom = errors.New("boom")
	errBang = errors.New("bang")
)

const s = time.Second

// ear is an observer that remembers what it has heard: "1 2 completed".
type ear struct {
	t    *lab.T
	name string

	mu    sync.Mutex
	heard []string
	busy  bool
	start time.Time
	timed bool
	// then, if there is one, is called for each value, after it was written down.
	then func(value any)
}

func newEar(t *lab.T, name string) *ear { return &ear{t: t, name: name, start: time.Now()} }

func (e *ear) observer() observer {
	return observer{
		Next: func(value any) {
			e.hear(fmt.Sprint(value))
			if e.then != nil {
				e.then(value)
			}
			e.rest()
		},
		Error:     func(err error) { e.hear("error " + err.Error()); e.rest() },
		Completed: func() { e.hear("completed"); e.rest() },
	}
}

// hear notes an event, and that the observer is being called.
func (e *ear) hear(what string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.busy {
		e.t.Errorf("%s is handed %q while it is still busy with what it was handed before", e.name, what)
	}
	e.busy = true
	if e.timed {
		what += fmt.Sprintf(" at %v", time.Since(e.start))
	}
	e.heard = append(e.heard, what)
}

func (e *ear) rest() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.busy = false
}

// has holds what was heard so far.
func (e *ear) has(what, want string) {
	e.t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.t.Equal("what "+e.name+" has heard "+what, strings.Join(e.heard, " "), want)
}

// of makes an observable of values that come at once, and then of an end: nil is Completed.
func of(end error, values ...any) *stream {
	return observable.Create(func(o observer, disposed <-chan struct{}) {
		for _, v := range values {
			o.Next(v)
		}
		if end != nil {
			o.Error(end)
		} else {
			o.Completed()
		}
	})
}

// tap is a source that a test speaks for: with each subscription it has one more observer.
type tap struct {
	mu        sync.Mutex
	observers []observer
	disposed  []<-chan struct{}
}

func (p *tap) stream() *stream {
	return observable.Create(func(o observer, disposed <-chan struct{}) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.observers, p.disposed = append(p.observers, o), append(p.disposed, disposed)
	})
}

func (p *tap) runs() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.observers)
}

// last is the observer of the last run.
func (p *tap) last() observer {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.observers) == 0 {
		return observer{Next: func(any) {}, Error: func(error) {}, Completed: func() {}}
	}
	return p.observers[len(p.observers)-1]
}

// live counts the runs that have not been disposed of.
func (p *tap) live() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.disposed)
	for _, d := range p.disposed {
		select {
		case <-d:
			n--
		default:
		}
	}
	return n
}

// ticks is a source with a goroutine: it brings 1, 2, 3, … each after d, up to n, and is Completed then.
func ticks(d time.Duration, n int) *stream {
	return observable.Create(func(o observer, disposed <-chan struct{}) {
		go func() {
			for i := range n {
				select {
				case <-time.After(d):
					o.Next(i + 1)
				case <-disposed:
					return
				}
			}
			o.Completed()
		}()
	})
}

// TestSubscribe checks that nothing happens before Subscribe, that each observer gets all of it, and that an observer may lack functions.
func TestSubscribe(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		runs := 0
		source := observable.Create(func(o observer, disposed <-chan struct{}) {
			runs++
			o.Next("a")
			o.Next("b")
			o.Completed()
		})
		t.Equal("how often the source was begun before Subscribe", runs, 0)
		for i := range 2 {
			e := newEar(t, "the observer")
			source.Subscribe(e.observer())
			e.has("when Subscribe has returned", "a b completed")
			t.Equal("how often the source was begun", runs, i+1)
		}
		source.Subscribe(observer{})
		of(errBoom).Subscribe(observer{})
		e := newEar(t, "the observer")
		of(errBoom, 1).Subscribe(e.observer())
		e.has("of a source that fails", "1 error boom")
	})
}

// TestTheContract checks that after an Error or Completed nothing comes any more, whatever the source does, and that the source is told.
func TestTheContract(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, end := range []string{"completed", "error boom"} {
			var p tap
			e := newEar(t, "the observer")
			dispose := p.stream().Subscribe(e.observer())
			p.last().Next(1)
			t.Equal("how many sources run", p.live(), 1)
			if end == "completed" {
				p.last().Completed()
			} else {
				p.last().Error(errBoom)
			}
			t.Equal("how many sources run after the end", p.live(), 0)
			p.last().Next(2)
			p.last().Completed()
			p.last().Error(errBang)
			p.last().Next(3)
			dispose()
			e.has("of a source that does not stop", "1 "+end)
		}
	})
}

// TestDispose checks that nothing comes after dispose, that the source is told at once, and that this may be done twice, and in Next.
func TestDispose(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var p tap
		e := newEar(t, "the observer")
		dispose := p.stream().Subscribe(e.observer())
		p.last().Next(1)
		dispose()
		t.Equal("how many sources run after dispose", p.live(), 0)
		dispose()
		p.last().Next(2)
		p.last().Completed()
		e.has("of a source that goes on after dispose", "1")

		e = newEar(t, "the observer that disposes in Next")
		dispose = p.stream().Subscribe(e.observer())
		e.then = func(any) {
			dispose()
			t.Equal("how many sources run after dispose in Next", p.live(), 0)
		}
		p.last().Next(1)
		p.last().Next(2)
		e.has("in the end", "1")

		e = newEar(t, "the observer of a ticking source")
		dispose = ticks(s, 100).Subscribe(e.observer())
		time.Sleep(2*s + s/2)
		dispose()
		time.Sleep(3 * s)
		e.has("until it disposes after two and a half seconds", "1 2")
	})
}

// TestMapAndFilter checks that values go through both, in their order, that ends go through, and that an error of the function is the end.
func TestMapAndFilter(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		double := func(v any) (any, error) { return v.(int) * 2, nil }
		odd := func(v any) bool { return v.(int)%2 == 1 }
		for _, c := range []struct {
			what string
			s    *stream
			want string
		}{
			{"of a Map", of(nil, 1, 2, 3).Map(double), "2 4 6 completed"},
			{"of a Filter", of(nil, 1, 2, 3).Filter(odd), "1 3 completed"},
			{"of a Map of a Filter", of(errBoom, 1, 2, 3).Filter(odd).Map(double), "2 6 error boom"},
			{"of a Filter of a Map", of(errBoom, 1, 2, 3).Map(double).Filter(odd), "error boom"},
		} {
			e := newEar(t, "the observer "+c.what)
			c.s.Subscribe(e.observer())
			e.has("in the end", c.want)
		}
		var p tap
		e := newEar(t, "the observer of a Map that fails")
		p.stream().Map(func(v any) (any, error) {
			if v == 2 {
				return v, errBang
			}
			return v, nil
		}).Subscribe(e.observer())
		p.last().Next(1)
		p.last().Next(2)
		t.Equal("how many sources run after the function of a Map has failed", p.live(), 0)
		p.last().Next(3)
		e.has("in the end", "1 error bang")

		dispose := p.stream().Filter(odd).Map(double).Subscribe(observer{})
		t.Equal("how many sources run", p.live(), 1)
		dispose()
		t.Equal("how many sources run when a chain was disposed of", p.live(), 0)
	})
}

// TestTake checks that Completed comes with the last value and not later, that the source is disposed of then, and that it is not begun for nothing.
func TestTake(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		e := newEar(t, "the observer of a Take(2)")
		e.timed = true
		ticks(s, 1000).Take(2).Subscribe(e.observer())
		time.Sleep(10 * s)
		e.has("of a source that ticks", "1 at 1s 2 at 2s completed at 2s")

		for n, want := range map[int]string{3: "1 2 3 completed", 4: "1 2 3 error boom", -1: "completed"} {
			e := newEar(t, fmt.Sprintf("the observer of a Take(%d)", n))
			of(errBoom, 1, 2, 3).Take(n).Subscribe(e.observer())
			e.has("of a source that fails after three values", want)
		}
		var p tap
		p.stream().Take(0).Subscribe(observer{})
		t.Equal("how often the source of a Take(0) was begun", p.runs(), 0)

		e = newEar(t, "the observer of a Take(2), who has the source speak again in Next")
		p.stream().Take(2).Subscribe(e.observer())
		again := false
		e.then = func(v any) {
			if v == 2 && !again {
				again = true
				e.rest()
				p.last().Next("too many")
			}
		}
		p.last().Next(1)
		p.last().Next(2)
		e.has("in the end", "1 2 completed")
		t.Equal("how many sources run after a Take has had enough", p.live(), 0)

		twice := of(nil, 1, 2, 3).Take(2)
		for range 2 {
			e := newEar(t, "an observer of a Take that two subscribe to")
			twice.Subscribe(e.observer())
			e.has("in the end", "1 2 completed")
		}
	})
}

// TestTakeOfAnEndlessSource checks that a source which brings values without an end while Subscribe runs learns that nobody wants more.
func TestTakeOfAnEndlessSource(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		endless := observable.Create(func(o observer, disposed <-chan struct{}) {
			for i := 0; i < 100_000; i++ {
				select {
				case <-disposed:
					return
				default:
					o.Next(i)
				}
			}
			t.Errorf("the source was not told that nobody wants more than three")
		})
		e := newEar(t, "the observer")
		endless.Filter(func(v any) bool { return v.(int)%2 == 0 }).Map(func(v any) (any, error) { return v.(int) + 1, nil }).Take(3).Subscribe(e.observer())
		e.has("of an endless source", "1 3 5 completed")
	})
}

// TestMerge checks that values come as they come, that Completed comes with the last of the sources, and that an error ends all of them.
func TestMerge(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		e := newEar(t, "the observer of two ticking sources")
		e.timed = true
		observable.Merge(ticks(2*s, 2), ticks(3*s, 2)).Subscribe(e.observer())
		time.Sleep(10 * s)
		e.has("in the end", "1 at 2s 1 at 3s 2 at 4s 2 at 6s completed at 6s")

		e = newEar(t, "the observer of sources that bring all at once")
		observable.Merge(of(nil, 1, 2), of(nil), of(nil, 3)).Subscribe(e.observer())
		e.has("in the end", "1 2 3 completed")
		e = newEar(t, "the observer of no sources")
		observable.Merge().Subscribe(e.observer())
		e.has("in the end", "completed")

		var a, b tap
		e = newEar(t, "the observer of two sources, of which one fails")
		observable.Merge(a.stream(), b.stream()).Subscribe(e.observer())
		a.last().Next(1)
		b.last().Next(2)
		a.last().Completed()
		b.last().Next(3)
		b.last().Error(errBoom)
		b.last().Completed()
		e.has("in the end", "1 2 3 error boom")
		observable.Merge(a.stream(), b.stream()).Subscribe(observer{})
		a.last().Error(errBoom)
		t.Equal("how many of the other sources run when one has failed", b.live(), 0)
		dispose := observable.Merge(a.stream(), b.stream()).Subscribe(observer{})
		a.last().Completed()
		t.Equal("how many sources run, when one of two is completed", a.live()+b.live(), 1)
		dispose()
		t.Equal("how many sources run after dispose", a.live()+b.live(), 0)

		runs := b.runs()
		e = newEar(t, "the observer of a source that fails at once, and another one")
		observable.Merge(of(errBang, 1), b.stream()).Subscribe(e.observer())
		e.has("in the end", "1 error bang")
		t.Equal("how often a source was begun after the one before it had failed", b.runs()-runs, 0)
	})
}

// TestMergeInNext checks that an observer may make another source of the same Merge speak, and hears it when it is done with what it has.
func TestMergeInNext(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var a, b tap
		e := newEar(t, "the observer")
		e.then = func(v any) {
			if v == 1 {
				b.last().Next(2)
				b.last().Completed()
			}
		}
		observable.Merge(a.stream(), b.stream()).Subscribe(e.observer())
		a.last().Next(1)
		a.last().Completed()
		e.has("in the end, of two sources, the second of which it makes speak in Next", "1 2 completed")
	})
}

// TestFlatMap checks that the streams of all values overlap, that Completed waits for the source and all of them, and that an error or a dispose ends all.
func TestFlatMap(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		e := newEar(t, "the observer")
		e.timed = true
		ticks(s, 2).FlatMap(func(v any) *stream {
			return ticks(2*s, 2).Map(func(tick any) (any, error) { return fmt.Sprintf("%v/%v", v, tick), nil })
		}).Subscribe(e.observer())
		time.Sleep(20 * s)
		e.has("of two values, with two ticks of two seconds each", "1/1 at 3s 2/1 at 4s 1/2 at 5s 2/2 at 6s completed at 6s")

		e = newEar(t, "the observer of what comes at once")
		of(nil, 1, 2).FlatMap(func(v any) *stream { return of(nil, v, v) }).Subscribe(e.observer())
		e.has("in the end", "1 1 2 2 completed")

		var outer tap
		inner := []*tap{{}, {}}
		streams := outer.stream().FlatMap(func(v any) *stream { return inner[v.(int)].stream() })
		live := func() int { return outer.live() + inner[0].live() + inner[1].live() }
		for what, end := range map[string]func(dispose func()){
			"the source has failed":           func(func()) { outer.last().Error(errBoom) },
			"one of them has failed":          func(func()) { inner[0].last().Error(errBoom) },
			"it was disposed of":              func(dispose func()) { dispose() },
			"all of them have come to an end": func(func()) { outer.last().Completed(); inner[1].last().Completed(); inner[0].last().Completed() },
		} {
			dispose := streams.Subscribe(observer{})
			outer.last().Next(0)
			outer.last().Next(1)
			t.Equal("how many streams run", live(), 3)
			end(dispose)
			t.Equal("how many streams run when "+what, live(), 0)
		}
		e = newEar(t, "the observer of a source that is completed before its streams")
		streams.Subscribe(e.observer())
		outer.last().Next(0)
		outer.last().Completed()
		e.has("when the source is completed", "")
		inner[0].last().Next("late")
		inner[0].last().Completed()
		e.has("in the end", "late completed")
	})
}

// TestPublish checks that the source runs once for all, from Connect on, that a late observer has missed something, and that the end goes to all.
func TestPublish(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var p tap
		hot := p.stream().Publish()
		first, second, late := newEar(t, "the first observer"), newEar(t, "the second observer"), newEar(t, "a late observer")
		hot.Subscribe(first.observer())
		leave := hot.Subscribe(second.observer())
		t.Equal("how often the source was begun before Connect", p.runs(), 0)
		hot.Connect()
		hot.Connect()
		t.Equal("how often the source was begun, connected twice", p.runs(), 1)
		p.last().Next(1)
		hot.Subscribe(late.observer())
		p.last().Next(2)
		leave()
		p.last().Next(3)
		p.last().Completed()
		first.has("in the end", "1 2 3 completed")
		second.has("until it left", "1 2")
		late.has("from then on", "2 3 completed")
		t.Equal("how many sources run in the end", p.live(), 0)

		after := newEar(t, "an observer that comes after the end")
		hot.Subscribe(after.observer())
		after.has("at once", "completed")
		hot.Connect()
		t.Equal("how often the source was begun, connected again after its end", p.runs(), 2)
		hot.Connect()()
		t.Equal("how many sources run, when a second Connect has been called and what it returned", p.live(), 0)
		hot.Connect()
		again := newEar(t, "an observer of the second run")
		hot.Subscribe(again.observer())
		p.last().Next(9)
		p.last().Error(errBoom)
		again.has("in the end", "9 error boom")
		first.has("when the source has run once more", "1 2 3 completed")
		after = newEar(t, "an observer that comes after the second end")
		hot.Subscribe(after.observer())
		after.has("at once", "error boom")
		times := 0
		hot.Subscribe(observer{Error: func(error) {
			hot.Subscribe(observer{Error: func(error) { times++ }})()
		}})
		t.Equal("how many ends one hears who subscribes once more in the Error of what has ended", times, 1)
	})
}

// TestDisconnect checks that the end of a connection disposes of the source and leaves the observers without an end, for the next one.
func TestDisconnect(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var p tap
		hot := p.stream().Publish()
		e := newEar(t, "the observer")
		hot.Subscribe(e.observer())
		disconnect := hot.Connect()
		old := p.last()
		old.Next(1)
		disconnect()
		t.Equal("how many sources run after the connection was ended", p.live(), 0)
		old.Next("from the old run")
		old.Completed()
		e.has("when the connection was ended", "1")
		hot.Connect()
		disconnect()
		t.Equal("how many sources run, connected again, when the old connection is ended once more", p.live(), 1)
		p.last().Next(2)
		p.last().Completed()
		e.has("in the end", "1 2 completed")
	})
}

// TestWhoComesAndGoesInNext checks that an observer of a hot stream may leave, and another one come, while a value is handed round.
func TestWhoComesAndGoesInNext(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var p tap
		hot := p.stream().Publish()
		first, second, third, guest := newEar(t, "the first observer"), newEar(t, "the second observer"), newEar(t, "the third observer"), newEar(t, "the guest")
		var leave, leaveThird func()
		first.then = func(v any) {
			if v == 1 {
				leave()
				hot.Subscribe(guest.observer())
			}
		}
		second.then = func(v any) {
			if v == 2 {
				leaveThird()
			}
		}
		leave = hot.Subscribe(first.observer())
		hot.Subscribe(second.observer())
		leaveThird = hot.Subscribe(third.observer())
		hot.Connect()
		for i := range 3 {
			p.last().Next(i + 1)
		}
		first.has("in the end", "1")
		second.has("in the end", "1 2 3")
		third.has("in the end, who was sent away while 2 was handed round, before its turn", "1")
		t.True("the guest, who came while 1 was handed round, has 2 and 3", strings.HasSuffix(strings.Join(guest.heard, " "), "2 3"))
	})
}

// TestRefCount checks that the first observer connects and the last one disconnects, and that after that it begins anew.
func TestRefCount(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var p tap
		shared := p.stream().Publish().RefCount()
		first, second := newEar(t, "the first observer"), newEar(t, "the second observer")
		t.Equal("how often the source was begun before anybody came", p.runs(), 0)
		leaveFirst := shared.Subscribe(first.observer())
		p.last().Next(1)
		leaveSecond := shared.Subscribe(second.observer())
		t.Equal("how often the source was begun for two", p.runs(), 1)
		p.last().Next(2)
		leaveFirst()
		leaveFirst()
		t.Equal("how many sources run when one of two has gone", p.live(), 1)
		p.last().Next(3)
		leaveSecond()
		t.Equal("how many sources run when both have gone", p.live(), 0)
		first.has("until it left", "1 2")
		second.has("until it left", "2 3")

		third := newEar(t, "an observer that comes when all have gone")
		shared.Take(1).Subscribe(third.observer())
		t.Equal("how often the source was begun then", p.runs(), 2)
		p.last().Next(4)
		third.has("with Take(1)", "4 completed")
		t.Equal("how many sources run when it has had enough", p.live(), 0)

		fourth := newEar(t, "an observer of a source that ends")
		shared.Subscribe(fourth.observer())
		p.last().Completed()
		fourth.has("in the end", "completed")
		fifth := newEar(t, "an observer that comes after that end")
		shared.Subscribe(fifth.observer())
		t.Equal("how often the source was begun in all", p.runs(), 4)
		p.last().Next(5)
		fifth.has("then", "5")

		e := newEar(t, "the observer of a source that brings all at once")
		of(nil, 1, 2).Publish().RefCount().Subscribe(e.observer())
		e.has("in the end", "1 2 completed")
	})
}

// goes is a source with a goroutine that brings these values and is Completed, without waiting for anything; all waits for it.
func goes(all *sync.WaitGroup, values ...any) *stream {
	return observable.Create(func(o observer, disposed <-chan struct{}) {
		all.Go(func() {
			for _, v := range values {
				o.Next(v)
			}
			o.Completed()
		})
	})
}

// TestOneAtATime checks on every schedule that an observer of two sources on two goroutines is called by one at a time, and hears all.
func TestOneAtATime(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var all sync.WaitGroup
		e := newEar(t, "the observer")
		observable.Merge(goes(&all, 1), goes(&all, 1)).Subscribe(e.observer())
		all.Wait()
		e.has("of two sources with a 1 each", "1 1 completed")
	})
}

// TestDisposeBesideNext checks on every schedule that a source learns of a dispose from another goroutine, and that at most the one value that was on its way comes.
func TestDisposeBesideNext(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var all sync.WaitGroup
		var told atomic.Bool
		source := observable.Create(func(o observer, disposed <-chan struct{}) {
			all.Go(func() {
				o.Next(1)
				<-disposed
				told.Store(true)
				o.Next(2)
			})
		})
		e := newEar(t, "the observer")
		source.Map(func(v any) (any, error) { return v, nil }).Subscribe(e.observer())()
		all.Wait()
		t.True("the source was told", told.Load())
		heard := strings.Join(e.heard, " ")
		t.True("the observer has heard nothing but, perhaps, the value that was on its way; it has heard: "+heard, heard == "" || heard == "1")
	})
}

// TestTheEndReachesEveryone checks on every schedule that an observer which comes to a hot stream beside its end gets that end, once, and perhaps the value before it.
func TestTheEndReachesEveryone(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var all sync.WaitGroup
		hot := goes(&all, 1).Publish()
		e := newEar(t, "an observer that comes just when the source ends")
		hot.Connect()
		hot.Subscribe(e.observer())
		all.Wait()
		heard := strings.Join(e.heard, " ")
		t.True("an observer that comes just when the source ends hears Completed, and before it perhaps the value; it has heard: "+heard, heard == "completed" || heard == "1 completed")
	})
}

// TestTwoEnds checks on every schedule that of two disposes and a Completed at the same time one counts.
func TestTwoEnds(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var all sync.WaitGroup
		var p tap
		e := newEar(t, "the observer")
		dispose := p.stream().Subscribe(e.observer())
		all.Go(dispose)
		all.Go(p.last().Completed)
		all.Wait()
		t.Equal("how many sources run then", p.live(), 0)
		heard := strings.Join(e.heard, " ")
		t.True("the observer hears Completed at most once; it has heard: "+heard, heard == "" || heard == "completed")
	})
}

// TestDisposeBesideAnInnerStream checks on every schedule that a stream which FlatMap begins while it is disposed of does not stay.
func TestDisposeBesideAnInnerStream(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var all sync.WaitGroup
		var outer, inner tap
		dispose := outer.stream().FlatMap(func(any) *stream { return inner.stream() }).Subscribe(observer{})
		all.Go(func() { outer.last().Next(1) })
		dispose()
		all.Wait()
		t.Equal("how many streams run after dispose", outer.live()+inner.live(), 0)
	})
}

// TestTwoConnect checks on every schedule that of two that connect at the same time one begins the source, and that RefCount is no different.
func TestTwoConnect(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var all sync.WaitGroup
		var p tap
		hot := p.stream().Publish()
		all.Go(func() { hot.Connect() })
		hot.Connect()
		all.Wait()
		t.Equal("how often the source was begun, where two connect at the same time", p.runs(), 1)
	})
}

// TestTwoCome checks on every schedule that of two that come to a RefCount at the same time both hear, and one source runs.
func TestTwoCome(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var all sync.WaitGroup
		var p tap
		shared := p.stream().Publish().RefCount()
		first, second := newEar(t, "the first observer"), newEar(t, "the second observer")
		var leave func()
		all.Go(func() { leave = shared.Subscribe(first.observer()) })
		leaveToo := shared.Subscribe(second.observer())
		all.Wait()
		t.Equal("how often the source was begun, where two come at the same time", p.runs(), 1)
		p.last().Next(1)
		leave()
		p.last().Next(2)
		leaveToo()
		first.has("until it left", "1")
		second.has("until it left", "1 2")
		t.Equal("how many sources run when both have gone", p.live(), 0)
	})
}

// TestComingAndGoing checks on every schedule that of two observers that come and go at the same time none is left without a source, and no source without an observer.
func TestComingAndGoing(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var p tap
		var all sync.WaitGroup
		shared := p.stream().Publish().RefCount()
		leave := shared.Subscribe(observer{})
		all.Go(leave)
		other := shared.Subscribe(observer{})
		all.Wait()
		t.Equal("how many sources run while one observer is there, who came when another one left", p.live(), 1)
		other()
		t.Equal("how many sources run when both have gone", p.live(), 0)
	})
}
