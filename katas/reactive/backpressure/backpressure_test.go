package backpressure_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/reactive/backpressure"
)

type observer = backpressure.Observer[int]

var (
	boom = errors.New("boom")
	bang = errors.New("bang")
)

// diary is what was brought, in order.
type diary struct {
	mu      sync.Mutex
	start   time.Time
	entries []string
}

// timed is a diary that writes the time before each entry, counted from now.
func timed() *diary { return &diary{start: time.Now()} }

func (d *diary) write(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	entry := fmt.Sprintf(format, args...)
	if !d.start.IsZero() {
		entry = fmt.Sprintf("%v: %s", time.Since(d.start), entry)
	}
	d.entries = append(d.entries, entry)
}

// read is what was written since the last look.
func (d *diary) read() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := strings.Join(d.entries, ", ")
	d.entries = nil
	return all
}

// reads holds the diary to what must have been written since the last look.
func (d *diary) reads(t *lab.T, what, want string) bool {
	t.Helper()
	return t.Equal(what, d.read(), want)
}

// hears is an observer that writes what it is brought.
func hears[T any](d *diary) backpressure.Observer[T] {
	return backpressure.Observer[T]{
		OnNext:      func(value T) { d.write("%v", value) },
		OnError:     func(err error) { d.write("error %v", err) },
		OnCompleted: func() { d.write("completed") },
	}
}

// step is something that is done at a time.
type step struct {
	at time.Duration
	do func()
}

// play does the steps, each at its time from now, and waits until the last time.
func play(until time.Duration, steps ...step) {
	start := time.Now()
	for _, s := range steps {
		time.Sleep(s.at - time.Since(start))
		s.do()
	}
	time.Sleep(until - time.Since(start))
}

// brings is a step that brings a value.
func brings(at time.Duration, in observer, value int) step {
	return step{at, func() { in.OnNext(value) }}
}

// settle gives those who bring something on a goroutine of their own the time for it.
func settle() { time.Sleep(time.Millisecond) }

// together runs all at the same time and waits for them.
func together(calls ...func()) {
	var all sync.WaitGroup
	for _, call := range calls {
		all.Go(call)
	}
	all.Wait()
}

const ms = time.Millisecond

// TestThrottleFirst checks ThrottleFirst, which is given: the first of those that come close together.
func TestThrottleFirst(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		d := timed()
		in := backpressure.ThrottleFirst(time.Second, hears[int](d))
		play(5*time.Second, brings(0, in, 1), brings(900*ms, in, 2), brings(time.Second, in, 3), brings(3*time.Second, in, 4), brings(3100*ms, in, 5), step{3200 * ms, in.OnCompleted}, brings(4500*ms, in, 6))
		d.reads(t, "what ThrottleFirst brings", "0s: 1, 1s: 3, 3s: 4, 3.2s: completed")
	})
}

// TestSample checks Sample, which is given: the last value of each period, and the end with the next sample.
func TestSample(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		d := timed()
		in, dispose := backpressure.Sample(time.Second, hears[int](d))
		play(5*time.Second, brings(100*ms, in, 1), brings(900*ms, in, 2), brings(2100*ms, in, 3), step{2200 * ms, in.OnCompleted})
		d.reads(t, "what Sample brings", "1s: 2, 3s: 3, 3s: completed")
		dispose()
	})
}

// TestDebounce checks that Debounce brings a value when it has been quiet for long enough, counted from the last one.
func TestDebounce(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		d := timed()
		in, dispose := backpressure.Debounce(time.Second, hears[int](d))
		play(10*time.Second, brings(0, in, 1), brings(900*ms, in, 2), brings(1800*ms, in, 3), brings(5*time.Second, in, 4), brings(6500*ms, in, 5))
		d.reads(t, "what Debounce(1s) brings of 1, 2 and 3 in steps of 0.9s, of 4 at 5s and of 5 at 6.5s", "2.8s: 3, 6s: 4, 7.5s: 5")
		dispose()
	})
}

// TestDebounceEnds checks that OnCompleted brings the value that waits, and that OnError and dispose lose it.
func TestDebounceEnds(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, end := range []struct {
			name, want string
			end        func(in observer, dispose func())
		}{
			{"OnCompleted", "1s: 1, 2.5s: 2, 2.5s: completed", func(in observer, _ func()) { in.OnCompleted() }},
			{"OnError(boom)", "1s: 1, 2.5s: error boom", func(in observer, _ func()) { in.OnError(boom) }},
			{"dispose", "1s: 1", func(_ observer, dispose func()) { dispose(); dispose() }},
		} {
			d := timed()
			in, dispose := backpressure.Debounce(time.Second, hears[int](d))
			play(10*time.Second, brings(0, in, 1), brings(2*time.Second, in, 2), step{2500 * ms, func() { end.end(in, dispose) }},
				brings(2600*ms, in, 3), step{4 * time.Second, in.OnCompleted}, step{4 * time.Second, func() { in.OnError(bang) }})
			d.reads(t, "what Debounce(1s) brings of 1 at 0s and 2 at 2s, with "+end.name+" at 2.5s, and a source that goes on after it", end.want)
			dispose()
		}
		d := timed()
		in, dispose := backpressure.Debounce(time.Second, hears[int](d))
		play(5*time.Second, brings(0, in, 1), step{3 * time.Second, in.OnCompleted})
		d.reads(t, "what Debounce(1s) brings of 1 at 0s, completed at 3s", "1s: 1, 3s: completed")
		dispose()
	})
}

// TestBufferCount checks that a list is brought in the moment in which it is full, and that the time of the next one begins then.
func TestBufferCount(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		d := timed()
		in, dispose := backpressure.BufferWithTimeOrCount(time.Second, 3, hears[[]int](d))
		play(2900*ms, brings(100*ms, in, 1), brings(200*ms, in, 2), brings(500*ms, in, 3), brings(600*ms, in, 4), brings(1400*ms, in, 5))
		d.reads(t, "what BufferWithTimeOrCount(1s, 3) brings until 2.9s of 1 at 0.1s, 2 at 0.2s, 3 at 0.5s, 4 at 0.6s and 5 at 1.4s", "500ms: [1 2 3], 1.5s: [4 5], 2.5s: []")
		dispose()
		time.Sleep(time.Minute)
		d.reads(t, "what is brought after dispose", "")
		one := timed()
		in, dispose = backpressure.BufferWithTimeOrCount(time.Second, 1, hears[[]int](one))
		play(1500*ms, brings(100*ms, in, 1), brings(200*ms, in, 2))
		one.reads(t, "what BufferWithTimeOrCount(1s, 1) brings until 1.5s of 1 at 0.1s and 2 at 0.2s", "100ms: [1], 200ms: [2], 1.2s: []")
		dispose()
	})
}

// TestBufferTime checks that a list is brought when its time is over, empty too, and that the time begins before the first value.
func TestBufferTime(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		d := timed()
		in, dispose := backpressure.BufferWithTimeOrCount(time.Second, 10, hears[[]int](d))
		play(4500*ms, brings(300*ms, in, 1), brings(700*ms, in, 2), brings(3200*ms, in, 3))
		d.reads(t, "what BufferWithTimeOrCount(1s, 10) brings until 4.5s of 1 at 0.3s, 2 at 0.7s and 3 at 3.2s", "1s: [1 2], 2s: [], 3s: [], 4s: [3]")
		dispose()
	})
}

// TestBufferEnds checks that OnCompleted brings what is there, empty too, and that OnError and dispose lose it.
func TestBufferEnds(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, end := range []struct {
			name, want string
			end        func(in observer, dispose func())
		}{
			{"OnCompleted", "1s: [1], 1.5s: [2], 1.5s: completed", func(in observer, _ func()) { in.OnCompleted() }},
			{"OnError(boom)", "1s: [1], 1.5s: error boom", func(in observer, _ func()) { in.OnError(boom) }},
			{"dispose", "1s: [1]", func(_ observer, dispose func()) { dispose(); dispose() }},
		} {
			d := timed()
			in, dispose := backpressure.BufferWithTimeOrCount(time.Second, 2, hears[[]int](d))
			play(10*time.Second, brings(500*ms, in, 1), brings(1200*ms, in, 2), step{1500 * ms, func() { end.end(in, dispose) }},
				brings(1600*ms, in, 3), brings(1700*ms, in, 4), brings(1800*ms, in, 5), step{4 * time.Second, in.OnCompleted}, step{4 * time.Second, func() { in.OnError(bang) }})
			d.reads(t, "what BufferWithTimeOrCount(1s, 2) brings of 1 at 0.5s and 2 at 1.2s, with "+end.name+" at 1.5s, and a source that goes on after it", end.want)
			dispose()
		}
		d := timed()
		in, dispose := backpressure.BufferWithTimeOrCount(time.Second, 2, hears[[]int](d))
		play(5*time.Second, brings(0, in, 1), brings(100*ms, in, 2), step{200 * ms, in.OnCompleted})
		d.reads(t, "what BufferWithTimeOrCount(1s, 2) brings of 1, 2, and the end when nothing waits", "100ms: [1 2], 200ms: [], 200ms: completed")
		dispose()
	})
}

// TestAListIsOnesOwn checks that a list does not change when it has been brought.
func TestAListIsOnesOwn(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var mu sync.Mutex
		var lists [][]int
		in, dispose := backpressure.BufferWithTimeOrCount(time.Second, 3, backpressure.Observer[[]int]{
			OnNext:  func(list []int) { mu.Lock(); defer mu.Unlock(); lists = append(lists, list) },
			OnError: func(error) {}, OnCompleted: func() {},
		})
		play(2500*ms, brings(0, in, 1), brings(0, in, 2), brings(0, in, 3), brings(100*ms, in, 4), brings(200*ms, in, 5), brings(1200*ms, in, 6), brings(1200*ms, in, 7), brings(1200*ms, in, 8))
		dispose()
		settle()
		mu.Lock()
		defer mu.Unlock()
		if len(lists) < 3 {
			t.Fatalf("only %d lists were brought of eight values, three to a list", len(lists))
		}
		t.Equal("the first three lists, looked at when all have been brought", lists[:3], [][]int{{1, 2, 3}, {4, 5}, {6, 7, 8}})
	})
}

// TestNoMoreThanRequested checks that out gets as many values as it has asked for and no more, for each Overflow.
func TestNoMoreThanRequested(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, c := range []struct {
			name     string
			overflow backpressure.Overflow
			capacity int
			then     string
		}{
			{"Drop", backpressure.Drop, 9, "6"},
			{"Latest", backpressure.Latest, 9, "5, 6"},
			{"Buffer", backpressure.Buffer, 3, "3, 4, 5, 6"},
		} {
			var d diary
			in, s := backpressure.OnBackpressure(c.overflow, c.capacity, hears[int](&d))
			s.Request(1)
			settle()
			d.reads(t, c.name+": what is brought before the source has brought anything", "")
			s.Request(1)
			for i := range 5 {
				in.OnNext(i + 1)
				settle()
			}
			d.reads(t, c.name+": what is brought of 1, 2, 3, 4 and 5 to one who has asked for one value, twice", "1, 2")
			s.Request(4)
			settle()
			in.OnNext(6)
			settle()
			d.reads(t, c.name+": what is brought then to one who asks for four more, before the source brings 6", c.then)
			s.Cancel()
			settle()
		}
	})
}

// TestKeptInParts checks that what is kept is brought in its order, as it is asked for.
func TestKeptInParts(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		in, s := backpressure.OnBackpressure(backpressure.Buffer, 4, hears[int](&d))
		for i := range 4 {
			in.OnNext(i + 1)
		}
		settle()
		d.reads(t, "what is brought to one who has not asked", "")
		s.Request(1)
		settle()
		d.reads(t, "what is brought of four that are kept at Request(1)", "1")
		in.OnNext(5)
		s.Request(2)
		settle()
		d.reads(t, "what is brought at Request(2), where 5 has come behind 2, 3 and 4", "2, 3")
		s.Request(7)
		settle()
		d.reads(t, "what is brought at Request(7)", "4, 5")
		for i := range 5 {
			in.OnNext(i + 6)
		}
		settle()
		d.reads(t, "what is brought at once, of the five that are still asked for", "6, 7, 8, 9, 10")
		s.Cancel()
		settle()
	})
}

// TestOverflow checks that a buffer that overflows ends it at once, and that what was kept is lost.
func TestOverflow(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, capacity := range []int{0, 2} {
			var d diary
			in, s := backpressure.OnBackpressure(backpressure.Buffer, capacity, hears[int](&d))
			s.Request(1)
			in.OnNext(0)
			settle()
			for i := range capacity {
				in.OnNext(i + 1)
				settle()
			}
			d.reads(t, fmt.Sprintf("what is brought where one value was asked for and %d are kept", capacity), "0")
			in.OnNext(8)
			settle()
			d.reads(t, fmt.Sprintf("what is brought when one more comes than capacity %d has room for", capacity), "error "+backpressure.ErrOverflow.Error())
			s.Request(5)
			in.OnNext(9)
			in.OnCompleted()
			s.Request(0)
			settle()
			d.reads(t, "what is brought after that", "")
		}
	})
}

// TestCompleted checks that OnCompleted waits for what is kept, and for nothing else.
func TestCompleted(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for overflow, name := range []string{backpressure.Drop: "Drop", backpressure.Latest: "Latest", backpressure.Buffer: "Buffer"} {
			var d diary
			in, s := backpressure.OnBackpressure(backpressure.Overflow(overflow), 2, hears[int](&d))
			in.OnCompleted()
			settle()
			d.reads(t, name+": what is brought at OnCompleted to one who has not asked, where nothing is kept", "completed")
			in.OnCompleted()
			in.OnError(bang)
			in.OnNext(1)
			s.Request(1)
			s.Request(0)
			settle()
			d.reads(t, name+": what is brought after that", "")
		}
		var d diary
		in, s := backpressure.OnBackpressure(backpressure.Buffer, 3, hears[int](&d))
		in.OnNext(1)
		in.OnNext(2)
		in.OnCompleted()
		in.OnNext(3)
		in.OnError(bang)
		settle()
		d.reads(t, "what is brought while 1 and 2 are kept and the source is completed", "")
		s.Request(1)
		settle()
		d.reads(t, "what is brought at Request(1)", "1")
		s.Request(1)
		settle()
		d.reads(t, "what is brought at another Request(1)", "2, completed")
	})
}

// TestError checks that an error is brought at once, asked for or not, and that what was kept is lost.
func TestError(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for overflow, name := range []string{backpressure.Drop: "Drop", backpressure.Latest: "Latest", backpressure.Buffer: "Buffer"} {
			var d diary
			in, s := backpressure.OnBackpressure(backpressure.Overflow(overflow), 2, hears[int](&d))
			in.OnNext(1)
			in.OnError(boom)
			settle()
			d.reads(t, name+": what is brought at OnError, where nobody has asked for anything", "error boom")
			s.Request(3)
			in.OnNext(2)
			in.OnError(bang)
			in.OnCompleted()
			settle()
			d.reads(t, name+": what is brought after that", "")
		}
	})
}

// TestRequestOfNothing checks that Request of less than one ends it with ErrRequest, kept values or not, completed source or not.
func TestRequestOfNothing(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, n := range []int{0, -1, math.MinInt} {
			for _, completed := range []bool{false, true} {
				var d diary
				in, s := backpressure.OnBackpressure(backpressure.Buffer, 2, hears[int](&d))
				in.OnNext(1)
				if completed {
					in.OnCompleted()
				}
				s.Request(n)
				settle()
				d.reads(t, fmt.Sprintf("what is brought at Request(%d), where a value is kept, and the source is completed: %t", n, completed), "error "+backpressure.ErrRequest.Error())
				s.Request(1)
				s.Request(0)
				in.OnNext(2)
				in.OnCompleted()
				settle()
				d.reads(t, "what is brought after that", "")
			}
		}
	})
}

// TestRequestsAddUp checks that requests add up beyond the largest number.
func TestRequestsAddUp(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		in, s := backpressure.OnBackpressure(backpressure.Drop, 0, hears[int](&d))
		s.Request(2)
		s.Request(math.MaxInt)
		s.Request(math.MaxInt)
		for i := range 3 {
			in.OnNext(i + 1)
			settle()
		}
		d.reads(t, "what is brought after Request(math.MaxInt), twice", "1, 2, 3")
		s.Cancel()
		settle()
	})
}

// TestCancel checks that nothing is brought after Cancel, whatever is kept and asked for.
func TestCancel(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		in, s := backpressure.OnBackpressure(backpressure.Buffer, 2, hears[int](&d))
		in.OnNext(1)
		s.Cancel()
		s.Cancel()
		s.Request(3)
		s.Request(0)
		for i := range 4 {
			in.OnNext(i + 2)
		}
		in.OnError(boom)
		in.OnCompleted()
		settle()
		d.reads(t, "what is brought after Cancel", "")
	})
}

// TestRequestInside checks that out may ask for more while it is brought a value, and gets it when it has returned.
func TestRequestInside(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		var s *backpressure.Subscription[int]
		out := hears[int](&d)
		out.OnNext = func(value int) {
			d.write("%d begins", value)
			s.Request(1)
			d.write("%d ends", value)
		}
		in, sub := backpressure.OnBackpressure(backpressure.Buffer, 3, out)
		s = sub
		for i := range 3 {
			in.OnNext(i + 1)
		}
		in.OnCompleted()
		s.Request(1)
		settle()
		d.reads(t, "what happens where out asks for one more in each OnNext", "1 begins, 1 ends, 2 begins, 2 ends, 3 begins, 3 ends, completed")
	})
}

// TestCancelInside checks that out may cancel, or ask for nothing, while it is brought a value.
func TestCancelInside(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var d diary
		var s *backpressure.Subscription[int]
		act := func() { s.Cancel() }
		out := hears[int](&d)
		out.OnNext = func(value int) {
			d.write("%d begins", value)
			act()
			d.write("%d ends", value)
		}
		in, sub := backpressure.OnBackpressure(backpressure.Buffer, 3, out)
		s = sub
		in.OnNext(1)
		in.OnNext(2)
		in.OnCompleted()
		s.Request(5)
		settle()
		d.reads(t, "what happens where out cancels in its first OnNext", "1 begins, 1 ends")
		act = func() { s.Request(0) }
		in, sub = backpressure.OnBackpressure(backpressure.Buffer, 3, out)
		s = sub
		in.OnNext(1)
		in.OnNext(2)
		s.Request(5)
		settle()
		d.reads(t, "what happens where out asks for nothing in its first OnNext", "1 begins, 1 ends, error "+backpressure.ErrRequest.Error())
	})
}

// TestBusy checks that nobody waits for an observer that is busy, and that what was asked for meanwhile is brought when it is free.
func TestBusy(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, c := range []struct {
			name     string
			overflow backpressure.Overflow
			want     string
		}{
			{"Drop", backpressure.Drop, "1h0m0s: 1, 2h0m0s: 2, 2h0m0s: completed"},
			{"Latest", backpressure.Latest, "1h0m0s: 1, 2h0m0s: 2, 3h0m0s: 4, 3h0m0s: completed"},
			{"Buffer", backpressure.Buffer, "1h0m0s: 1, 2h0m0s: 2, 3h0m0s: 3, 4h0m0s: 4, 4h0m0s: completed"},
		} {
			d := timed()
			out := hears[int](d)
			out.OnNext = func(value int) {
				time.Sleep(time.Hour)
				d.write("%d", value)
			}
			in, s := backpressure.OnBackpressure(c.overflow, 5, out)
			s.Request(2)
			var first sync.WaitGroup
			first.Go(func() { in.OnNext(1) })
			time.Sleep(time.Minute)
			took := make(chan time.Duration, 1)
			go func() {
				start := time.Now()
				in.OnNext(2) // asked for already
				in.OnNext(3)
				in.OnNext(4)
				s.Request(2)
				in.OnCompleted()
				took <- time.Since(start)
			}()
			select {
			case after := <-took:
				t.Equal(c.name+": how long OnNext, Request and OnCompleted take while out is busy", after, time.Duration(0))
			case <-time.After(time.Minute):
				t.Errorf("%s: out is busy with a value, and OnNext, Request or OnCompleted of another goroutine waits for it", c.name)
				return
			}
			first.Wait()
			time.Sleep(10 * time.Hour)
			d.reads(t, c.name+": what out, which needs an hour for each value and has asked for two, is brought of 1, 2, 3 and 4, where it asks for two more behind 4", c.want)
		}
	})
}

// TestBusyAndOver checks that Cancel does not wait for an observer that is busy, and that an error is the next that it is brought.
func TestBusyAndOver(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, c := range []struct {
			name, want string
			end        func(in observer, s *backpressure.Subscription[int])
		}{
			{"Cancel", "1", func(_ observer, s *backpressure.Subscription[int]) { s.Cancel() }},
			{"OnError", "1, error boom", func(in observer, _ *backpressure.Subscription[int]) { in.OnError(boom); in.OnError(bang) }},
			{"Request(0)", "1, error " + backpressure.ErrRequest.Error(), func(in observer, s *backpressure.Subscription[int]) { s.Request(0); in.OnError(bang) }},
		} {
			var d diary
			out := hears[int](&d)
			out.OnNext = func(value int) {
				time.Sleep(time.Hour)
				d.write("%d", value)
			}
			in, s := backpressure.OnBackpressure(backpressure.Buffer, 5, out)
			in.OnNext(1)
			in.OnNext(2)
			var first sync.WaitGroup
			first.Go(func() { s.Request(3) })
			time.Sleep(time.Minute)
			took := make(chan time.Duration, 1)
			go func() {
				start := time.Now()
				c.end(in, s)
				took <- time.Since(start)
			}()
			select {
			case after := <-took:
				t.Equal("how long "+c.name+" takes while out is busy", after, time.Duration(0))
			case <-time.After(time.Minute):
				t.Errorf("out is busy with a value, and %s of another goroutine waits for it", c.name)
				return
			}
			first.Wait()
			time.Sleep(10 * time.Hour)
			d.reads(t, "what is brought where "+c.name+" comes while out is busy with 1, and 2 is kept and asked for", c.want)
		}
	})
}

// TestDebounceInTheMoment checks that a value that comes just when the one before it is due takes nothing along.
func TestDebounceInTheMoment(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		d := timed()
		in, dispose := backpressure.Debounce(time.Second, hears[int](d))
		in.OnNext(1)
		time.Sleep(time.Second)
		in.OnNext(2)
		time.Sleep(3 * time.Second)
		if heard := d.read(); heard != "1s: 1, 2s: 2" && heard != "2s: 2" {
			t.Errorf("1 comes at 0s, and 2 at 1s, just when 1 is due: Debounce(1s) brings %q; it should be 1 at 1s or not at all, and 2 at 2s", heard)
		}
		dispose()
		d = timed()
		in, dispose = backpressure.Debounce(time.Second, hears[int](d))
		in.OnNext(1)
		time.Sleep(time.Second)
		in.OnNext(2)
		time.Sleep(500 * ms)
		in.OnCompleted()
		time.Sleep(time.Second)
		if heard := d.read(); heard != "1s: 1, 1.5s: 2, 1.5s: completed" && heard != "1.5s: 2, 1.5s: completed" {
			t.Errorf("1 comes at 0s, 2 at 1s, just when 1 is due, and the end at 1.5s: Debounce(1s) brings %q; it should be 1 at 1s or not at all, and 2 with the end", heard)
		}
		dispose()
	})
}

// TestDebounceEndsInTheMoment checks that a value is brought once, and before the end, where OnCompleted comes just when it is due.
func TestDebounceEndsInTheMoment(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		d := timed()
		in, dispose := backpressure.Debounce(time.Second, hears[int](d))
		in.OnNext(1)
		time.Sleep(time.Second)
		in.OnCompleted()
		time.Sleep(3 * time.Second)
		d.reads(t, "what Debounce(1s) brings of 1 at 0s, completed at 1s, just when 1 is due", "1s: 1, 1s: completed")
		dispose()
	})
}

// TestDebounceDisposedInTheMoment checks that nothing is brought when dispose has returned, where it comes just when a value is due.
func TestDebounceDisposedInTheMoment(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var d diary
		in, dispose := backpressure.Debounce(time.Second, hears[int](&d))
		in.OnNext(1)
		time.Sleep(time.Second)
		dispose()
		d.read()
		time.Sleep(3 * time.Second)
		d.reads(t, "what is brought after dispose has returned, where it came just when a value was due", "")
	})
}

// TestDisposeBesideTheSource checks that nothing is brought when dispose has returned, where it comes beside a value and the end.
func TestDisposeBesideTheSource(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		for _, name := range []string{"Debounce(1s)", "BufferWithTimeOrCount(1s, 1)"} {
			var d diary
			in, dispose := backpressure.Debounce(time.Second, hears[int](&d))
			if name != "Debounce(1s)" {
				dispose()
				in, dispose = backpressure.BufferWithTimeOrCount(time.Second, 1, hears[[]int](&d))
			}
			together(
				func() { in.OnNext(1); in.OnCompleted() },
				func() { dispose(); d.write("disposed") },
			)
			time.Sleep(3 * time.Second)
			if heard := d.read(); !strings.HasSuffix(heard, "disposed") {
				t.Errorf("%s: a value and the end come beside dispose: heard is %q; there should be nothing behind \"disposed\", which is written when dispose has returned", name, heard)
			}
		}
	})
}

// TestBufferInTheMoment checks that a list that is full just when its time is over is brought once, and that the next one has its whole time.
func TestBufferInTheMoment(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		d := timed()
		in, dispose := backpressure.BufferWithTimeOrCount(time.Second, 2, hears[[]int](d))
		in.OnNext(1)
		time.Sleep(time.Second)
		in.OnNext(2)
		time.Sleep(1500 * ms)
		dispose()
		if heard := d.read(); heard != "1s: [1 2], 2s: []" && heard != "1s: [1], 2s: [2]" {
			t.Errorf("1 comes at 0s, and 2 at 1s, just when the time is over: BufferWithTimeOrCount(1s, 2) brings %q; it should be [1 2] at 1s and [] at 2s, or [1] at 1s and [2] at 2s", heard)
		}
	})
}

// TestBufferEndsInTheMoment checks that nothing is lost, doubled or late where OnCompleted comes just when the time is over.
func TestBufferEndsInTheMoment(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		d := timed()
		in, dispose := backpressure.BufferWithTimeOrCount(time.Second, 2, hears[[]int](d))
		in.OnNext(1)
		time.Sleep(time.Second)
		in.OnCompleted()
		time.Sleep(1500 * ms)
		if heard := d.read(); heard != "1s: [1], 1s: completed" && heard != "1s: [1], 1s: [], 1s: completed" {
			t.Errorf("1 comes at 0s, and the end at 1s, just when the time is over: BufferWithTimeOrCount(1s, 2) brings %q; it should be [1], perhaps an empty list, and the end, all at 1s", heard)
		}
		dispose()
	})
}

// TestBufferDisposedInTheMoment checks that nothing is brought when dispose has returned, where it comes just when the time is over.
func TestBufferDisposedInTheMoment(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var d diary
		in, dispose := backpressure.BufferWithTimeOrCount(time.Second, 2, hears[[]int](&d))
		in.OnNext(1)
		time.Sleep(time.Second)
		dispose()
		d.read()
		time.Sleep(3 * time.Second)
		d.reads(t, "what is brought after dispose has returned, where it came just when the time was over", "")
	})
}

// TestRequestBesideOnNext checks that no value stays behind where it comes just when it is asked for, and that all come one at a time and in order.
func TestRequestBesideOnNext(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var d diary
		touched := 0 // without a lock, and for out alone: it is brought one thing at a time
		in, s := backpressure.OnBackpressure(backpressure.Buffer, 2, observer{
			OnNext:      func(value int) { touched++; d.write("%d", value) },
			OnError:     func(err error) { touched++; d.write("error %v", err) },
			OnCompleted: func() { touched++; d.write("completed") },
		})
		together(
			func() { in.OnNext(1); in.OnNext(2); in.OnCompleted() },
			func() { s.Request(1) },
			func() { s.Request(1) },
		)
		settle()
		d.reads(t, "what is brought of 1 and 2 to one who asks for one value, twice, at the same time", "1, 2, completed")
	})
}

// TestTwoSources checks that of two values that come at the same time the one that was asked for is brought, and the other one kept.
func TestTwoSources(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var d diary
		in, s := backpressure.OnBackpressure(backpressure.Buffer, 1, hears[int](&d))
		s.Request(1)
		together(func() { in.OnNext(1) }, func() { in.OnNext(2) })
		settle()
		first := d.read()
		s.Request(1)
		settle()
		if both := first + ", " + d.read(); both != "1, 2" && both != "2, 1" {
			t.Errorf("1 and 2 come at the same time, and one value is asked for before, one behind: brought is %q; it should be both, one at each request", both)
		}
		s.Cancel()
		settle()
	})
}

// TestEveryRequestCounts checks that two requests at the same time add up, and that no more is brought.
func TestEveryRequestCounts(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var d diary
		in, s := backpressure.OnBackpressure(backpressure.Drop, 0, hears[int](&d))
		together(func() { s.Request(1) }, func() { s.Request(1) })
		for i := range 3 {
			in.OnNext(i + 1)
			settle()
		}
		d.reads(t, "what is brought of 1, 2 and 3 after two Request(1) at the same time", "1, 2")
		s.Cancel()
		settle()
	})
}

// TestLatestBesideRequest checks that the newest value is brought, whatever came before it, where it is asked for at the same time.
func TestLatestBesideRequest(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var d diary
		in, s := backpressure.OnBackpressure(backpressure.Latest, 0, hears[int](&d))
		together(func() { in.OnNext(1); in.OnNext(2) }, func() { s.Request(1) })
		settle()
		heard := d.read()
		s.Request(1)
		settle()
		heard += " | " + d.read()
		if heard != "1 | 2" && heard != "2 | " {
			t.Errorf("Latest, 1 and 2 come beside a Request(1), and then comes another Request(1): brought is %q; it should be 1 and then 2, or 2 and then nothing", heard)
		}
		s.Cancel()
		settle()
	})
}

// TestCancelBesideAll checks that Cancel beside values and requests leaves nothing behind, and that nothing is brought when all have returned.
func TestCancelBesideAll(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		var d diary
		in, s := backpressure.OnBackpressure(backpressure.Buffer, 1, hears[int](&d))
		together(func() { in.OnNext(1); in.OnNext(2) }, func() { s.Request(2) }, s.Cancel)
		settle()
		switch heard := d.read(); heard {
		case "", "1", "1, 2", "error " + backpressure.ErrOverflow.Error():
		default:
			t.Errorf("1 and 2 come beside Request(2) and Cancel: brought is %q; it should be nothing, 1, 1 and 2, or the error of a buffer for one value", heard)
		}
		in.OnNext(3)
		s.Request(1)
		settle()
		d.reads(t, "what is brought after that", "")
	})
}
