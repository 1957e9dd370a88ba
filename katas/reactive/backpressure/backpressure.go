// Package backpressure is a kata: what to do when a source is faster than whoever listens to it. By time (RxPY's operators), or by
// asking (Request of Reactive Streams).
//
// Everything here stands between a source and an observer: the source calls the functions of in, and in calls those of out.
//
// Rules for the whole package:
//   - The contract: any number of OnNext, then OnError or OnCompleted at most once, and nothing after it. out gets no more than
//     that, whatever a source brings after its end. Nothing is brought to out by two goroutines at the same time.
//   - A source brings its notifications one at a time, from any goroutine, to Debounce and to BufferWithTimeOrCount. To
//     OnBackpressure several goroutines may bring them at once. Request, Cancel and dispose are called by any goroutine at any
//     time, several at once included.
//   - What is due is brought in its moment: no later, and nobody looks now and then whether something is due.
//   - After OnError, OnCompleted, Cancel or dispose nothing stays behind, no goroutine either.
//   - The functions of out call nothing of this package, save Request and Cancel.
//   - Durations are more than zero, a count is one or more, a capacity zero or more.
package backpressure

import (
	"errors"
	"sync"
	"time"
)

var (
	// ErrRequest is what out is told when it asks for less than one value (rule 3.9 of Reactive Streams).
	ErrRequest = errors.New("request of less than one value")
	// ErrOverflow is MissingBackpressureException: there is no room for another value.
	ErrOverflow = errors.New("buffer overflow")
)

// Observer is who listens. All three are set.
type Observer[T any] struct {
	OnNext      func(value T)
	OnError     func(err error)
	OnCompleted func()
}

// Debounce is debounce: a value is brought when d has passed in which no other one came. Each value starts the time anew, and
// takes the place of the one before it. Where a value comes in the very moment in which the time of the one before it is
// over, either may be first: that one is brought, once, or it is not.
//
//   - OnCompleted brings the value that waits, if there is one, and then OnCompleted, at once.
//   - OnError brings the error at once. The value that waits is lost.
//   - When dispose has returned nothing is brought any more. It waits for what is being brought.
func Debounce[T any](d time.Duration, out Observer[T]) (in Observer[T], dispose func()) {
	return out, func() {}
}

// BufferWithTimeOrCount is buffer_with_time_or_count: it brings lists of values, in their order. A list is brought when it has
// count values, or when d has passed since the list before it was brought, whichever is first; for the first list the time
// begins with this call. When the time is over the list is brought as it is, empty too. Where a value comes in that very
// moment, it may be in that list or in the next one.
//
//   - OnCompleted brings the list as it is, empty too, and then OnCompleted, at once.
//   - OnError brings the error at once. The values that wait are lost.
//   - A list belongs to out when it has been brought: it does not change any more.
//   - When dispose has returned nothing is brought any more. It waits for what is being brought.
func BufferWithTimeOrCount[T any](d time.Duration, count int, out Observer[[]T]) (in Observer[T], dispose func()) {
	return Observer[T]{OnNext: func(value T) { out.OnNext([]T{value}) }, OnError: out.OnError, OnCompleted: out.OnCompleted}, func() {}
}

// Overflow says what becomes of a value that nobody has asked for.
type Overflow int

const (
	// Drop loses the value.
	Drop Overflow = iota
	// Latest keeps the value in the place of the one that was kept before it.
	Latest
	// Buffer keeps as many values as capacity says. One more ends it: out is told ErrOverflow at once, and those that
	// were kept are lost.
	Buffer
)

// Subscription is how out says how much it wants.
type Subscription[T any] struct {
	// Your fields.
}

// OnBackpressure brings out no more values than it has asked for. What comes beyond that is kept or lost, as overflow says; what
// was kept is brought first, in its order, when out asks again. Capacity is for Buffer alone.
//
//   - A value that out has asked for already is never lost, even where out is busy just then: it is brought as soon as out is
//     free.
//   - OnCompleted is brought when all that was kept has been, and at once where nothing was. It needs no request.
//   - OnError is brought at once. What was kept is lost.
//   - Nobody but who brings it waits for out: where out is busy, a further OnNext, OnError or OnCompleted of another goroutine,
//     Request and Cancel return at once, and what is due then is brought when out is free.
func OnBackpressure[T any](overflow Overflow, capacity int, out Observer[T]) (in Observer[T], s *Subscription[T]) {
	return out, &Subscription[T]{}
}

// Request asks for n values more. It may be called from inside of out.OnNext: what is due is then brought when that has
// returned and not inside of it (rule 3.3). Requests add up, without a limit: two for math.MaxInt are no error (rule 3.17).
// Where n is less than one, out is told ErrRequest at once, and it is the end: what was kept is lost. After the end, or
// Cancel, it does nothing.
func (s *Subscription[T]) Request(n int) {
}

// Cancel ends it without a word: what was kept is lost, nothing is brought any more. It may be called from inside of
// out.OnNext. What another goroutine is just about to bring may still come. Cancelling twice is no error.
func (s *Subscription[T]) Cancel() {
}

// ThrottleFirst is throttle_first: a value is brought at once, and those that come in less than d after it are lost. It is
// given.
func ThrottleFirst[T any](d time.Duration, out Observer[T]) (in Observer[T]) {
	var last time.Time
	over := false
	in.OnNext = func(value T) {
		if now := time.Now(); !over && (last.IsZero() || now.Sub(last) >= d) {
			last = now
			out.OnNext(value)
		}
	}
	end := func(tell func()) {
		if !over {
			over = true
			tell()
		}
	}
	in.OnError = func(err error) { end(func() { out.OnError(err) }) }
	in.OnCompleted = func() { end(out.OnCompleted) }
	return in
}

// Sample is sample: every d it brings the last value, if one has come since the time before. The end comes with the next
// sample, an error at once. It is given.
func Sample[T any](d time.Duration, out Observer[T]) (in Observer[T], dispose func()) {
	var mu sync.Mutex
	var value T
	fresh, ending, over := false, false, false
	done := make(chan struct{})
	finish := func() {
		if !over {
			over = true
			close(done)
		}
	}
	go func() {
		ticker := time.NewTicker(d)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			mu.Lock()
			if fresh && !over {
				fresh = false
				out.OnNext(value)
			}
			if ending && !over {
				out.OnCompleted()
				finish()
			}
			mu.Unlock()
		}
	}()
	locked := func(do func()) {
		mu.Lock()
		defer mu.Unlock()
		if !over && !ending {
			do()
		}
	}
	return Observer[T]{
			OnNext:      func(v T) { locked(func() { value, fresh = v, true }) },
			OnError:     func(err error) { locked(func() { out.OnError(err); finish() }) },
			OnCompleted: func() { locked(func() { ending = true }) },
		}, func() {
			mu.Lock()
			defer mu.Unlock()
			finish()
		}
}
