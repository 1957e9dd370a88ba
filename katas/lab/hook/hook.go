// Package hook is what the rewritten source of a submission calls (see runner/instrument): a point of the scheduler
// before each channel operation and each plain access that another goroutine could see, a go statement whose goroutine
// the scheduler knows, a select whose choice it makes. Outside of a run of the explored lens each is the plain
// operation and nothing else.
package hook

import (
	"iter"

	"github.com/python-concurrency/kata/katas/lab/explore"
	_ "github.com/python-concurrency/kata/katas/lab/seal" // initialised before the submission
)

// Send is written around the channel of a send: hook.Send(ch) <- v.
func Send[C any](ch C) C {
	explore.At(explore.Send, nil)
	return ch
}

// Receive is written around the channel of a receive: <-hook.Receive(ch).
func Receive[C any](ch C) C {
	explore.At(explore.Receive, nil)
	return ch
}

// Close is written around the channel of a close: close(hook.Close(ch)).
func Close[C any](ch C) C {
	explore.At(explore.Close, nil)
	return ch
}

// Range is what a loop over a channel ranges over: for v := range hook.Range(ch).
func Range[C ~chan T | ~<-chan T, T any](ch C) iter.Seq[T] {
	return func(yield func(T) bool) {
		for {
			explore.At(explore.Receive, nil)
			v, ok := <-ch
			if !ok || !yield(v) {
				return
			}
		}
	}
}

// Call is written around a function value that may let others go on, such as a context's cancel function.
func Call[F any](f F) F {
	explore.At(explore.Call, nil)
	return f
}

// Loop stands at the head of a loop that may wait for something.
func Loop() { explore.At(explore.Loop, nil) }

// Read and Write stand before a plain access to memory that other goroutines may see.
func Read() { explore.At(explore.Read, nil) }

// Write is Read for a write.
func Write() { explore.At(explore.Write, nil) }

// Callback is written around a function that a timer or a context will call in a goroutine of its own.
func Callback(f func()) func() {
	if f == nil {
		return nil
	}
	return func() { explore.Adopt(f) }
}

// Choice stands before a select statement whose choice is left to it.
func Choice() { explore.At(explore.Select, nil) }

// CloseNow is written for the close of a deferred call.
func CloseNow[C ~chan T | ~chan<- T, T any](ch C) {
	explore.At(explore.Close, nil)
	close(ch)
}

// CallLater is Call for a function that is called later: by a deferred call, or by whom it is handed to.
func CallLater(f func()) func() {
	if f == nil {
		return nil
	}
	return func() {
		explore.At(explore.Call, nil)
		f()
	}
}
