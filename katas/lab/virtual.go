package lab

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/python-concurrency/kata/katas/lab/wire"
)

// settle is how long, in the bubble's time, a goroutine may go on after the test's body before it counts as leaked:
// a helper that sleeps out its timeout ends by itself, one that waits for ever does not.
const settle = 10 * time.Second

// Virtual runs body in a bubble (testing/synctest): time is virtual and passes only while every goroutine waits, so
// nothing is waited for in truth and every bound is exact. A deadlock, a goroutine that stays behind and a panic in
// the body end the test with a finding of that kind. Call it from a top-level test, as often as there are cases.
func Virtual(t *testing.T, body func(*T)) {
	t.Helper()
	begin(t)
	stop := watchSpin(t, new(atomic.Int64))
	defer stop()
	bubble(t, body)
}

// bubble runs body once in a bubble of its own.
func bubble(t *testing.T, body func(*T)) {
	t.Helper()
	b := newBooks(t.Name(), true)
	defer func() {
		if r := recover(); r != nil {
			stuck(&T{T: t, books: b}, r)
		}
	}()
	synctest.Test(t, func(bt *testing.T) {
		if guard(&T{T: bt, books: b}, body) {
			time.Sleep(settle)
		}
	})
}

// guard runs body and turns a panic of the test's own goroutine into a finding. It reports whether body came to its
// end.
func guard(t *T, body func(*T)) (finished bool) {
	defer func() {
		if r := recover(); r != nil {
			t.found(wire.Record{Kind: "panic", Title: "panic: " + fmt.Sprint(r), Stack: string(debug.Stack())})
			if t.held == nil {
				endEarly(t.T)
			}
		}
	}()
	body(t)
	return true
}

// stuck reports what synctest panics with when nobody in the bubble can go on.
//
//go:norace
func stuck(t *T, reason any) {
	t.Helper()
	said := fmt.Sprint(reason)
	if !strings.HasPrefix(said, "deadlock:") {
		panic(reason)
	}
	r := wire.Record{
		Kind:  "deadlock",
		Title: "every goroutine waits and none can go on",
		Stack: newestBubble(),
	}
	switch meeting, n := t.shortMeeting(); {
	case strings.Contains(said, "main bubble goroutine has exited"):
		r.Kind, r.Title = "leak", "a goroutine is still there when the test has ended"
	case meeting != nil:
		meeting.tell(&r, n)
	}
	r.At = t.name
	t.found(r)
	endEarly(t.T)
}

// endEarly ends the process after a test that left goroutines behind in a dead bubble: whatever the submission keeps
// in package variables is still in their hands. The runner goes on with the other tests in a fresh process. Without a
// runner the process goes on.
func endEarly(t *testing.T) {
	if !runner.listening() {
		return
	}
	end(t, true)
	runner.send(wire.Record{Event: wire.Stopped, Test: t.Name()})
	os.Exit(1)
}

// bubbleOf is the number of the bubble in a goroutine's header, 0 outside of any.
func bubbleOf(stack string) int {
	_, behind, in := strings.Cut(header(stack), "synctest bubble ")
	if !in {
		return 0
	}
	digits, _, _ := strings.Cut(strings.TrimRight(behind, "]:"), ",")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// newestBubble is the stacks of the goroutines in the bubble that was made last.
func newestBubble() string {
	newest := 0
	goroutines(func(g string) bool {
		newest = max(newest, bubbleOf(g))
		return false
	})
	return goroutines(func(g string) bool { return newest > 0 && bubbleOf(g) == newest })
}
