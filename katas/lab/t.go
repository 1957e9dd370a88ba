package lab

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/lab/wire"
)

// T is the testing.T of a hidden test inside a lens. Its failures reach the learner as findings: write what is
// expected, and what was got, in the learner's terms. Its methods are safe for use by many goroutines, save those that
// end the test (FailNow, Fatal, Fatalf and Skip), which must be called from the test's own.
type T struct {
	*testing.T
	*books
}

// Timeline is the test's record of who ran when.
func (t *T) Timeline() *Timeline { return t.timeline }

// Errorf reports that something is not as specified and lets the test go on.
func (t *T) Errorf(format string, args ...any) {
	t.T.Helper()
	t.found(wire.Record{Kind: "wrong", Title: fmt.Sprintf(format, args...)})
}

// Error is Errorf without a format.
func (t *T) Error(args ...any) {
	t.T.Helper()
	t.found(wire.Record{Kind: "wrong", Title: sentence(args)})
}

// Fatalf reports that something is not as specified and ends the test.
func (t *T) Fatalf(format string, args ...any) {
	t.T.Helper()
	t.found(wire.Record{Kind: "wrong", Title: fmt.Sprintf(format, args...)})
	t.FailNow()
}

// Fatal is Fatalf without a format.
func (t *T) Fatal(args ...any) {
	t.T.Helper()
	t.found(wire.Record{Kind: "wrong", Title: sentence(args)})
	t.FailNow()
}

// Fail marks the test as failed, without a word of why: Errorf is better.
func (t *T) Fail() {
	t.T.Helper()
	t.found(wire.Record{Kind: "wrong", Title: "the test failed"})
}

// FailNow ends the test, which has failed.
func (t *T) FailNow() {
	if t.held != nil {
		t.held.fail()
		runtime.Goexit()
	}
	t.T.FailNow()
}

// Failed reports whether the test has failed, in an explored one the run that is going on.
func (t *T) Failed() bool {
	if t.held != nil {
		return t.held.any()
	}
	return t.T.Failed()
}

func sentence(args []any) string { return strings.TrimSuffix(fmt.Sprintln(args...), "\n") }

// Equal holds got to want, by reflect.DeepEqual. What names the value as the learner knows it: "the order of results".
// It reports whether they are equal.
func (t *T) Equal(what string, got, want any) bool {
	t.T.Helper()
	if reflect.DeepEqual(got, want) {
		return true
	}
	t.found(wire.Record{Kind: "wrong", Title: what + ": not as specified", Want: show(want), Got: show(got)})
	return false
}

// True holds a condition. What says what must be so: "Done reports true after SetResult".
func (t *T) True(what string, holds bool) bool {
	t.T.Helper()
	if !holds {
		t.found(wire.Record{Kind: "wrong", Title: "must hold, and does not: " + what})
	}
	return holds
}

// ErrorIs holds an error to its kind, by errors.Is; a nil want asks for no error.
func (t *T) ErrorIs(what string, got, want error) bool {
	t.T.Helper()
	if errors.Is(got, want) {
		return true
	}
	t.found(wire.Record{Kind: "wrong", Title: what + ": not the error that is specified", Want: show(want), Got: show(got)})
	return false
}

// Takes runs body and holds the time it took to the bound. What names it as the learner knows it: "five calls of one
// second". Only a lens with a clock of its own can measure; a real stopwatch would judge the machine's load.
func (t *T) Takes(what string, bound Bound, body func()) bool {
	t.T.Helper()
	if !t.virtual {
		panic("lab: Takes needs the virtual clock: use lab.Virtual, or a Rendezvous")
	}
	start := time.Now()
	body()
	took := time.Since(start)
	title, explain := bound.judge(took)
	if title == "" {
		return true
	}
	t.found(wire.Record{Kind: "timing", Title: what + " " + title, Explain: explain, Want: bound.String(), Got: took.String()})
	return false
}

// Timing reports a timing fault that a test found by means of its own, such as a rendezvous that was never met.
func (t *T) Timing(title, want, got string) {
	t.T.Helper()
	t.found(wire.Record{Kind: "timing", Title: title, Want: want, Got: got})
}

// Leaked reports something that is still there when it should be gone, a process for instance. Goroutines are found
// by the lens itself.
func (t *T) Leaked(title string) {
	t.T.Helper()
	t.found(wire.Record{Kind: "leak", Title: title})
}

// found sends a finding to the runner and fails the test with the same words.
func (t *T) found(r wire.Record) {
	t.T.Helper()
	r.Event, r.Test = wire.Found, t.name
	r.Spans = t.timeline.spans()
	if r.At == "" {
		r.At = caller()
	}
	if r.Stack == "" {
		r.Stack = ownStack()
	}
	if t.held != nil {
		t.held.add(r)
		return
	}
	if runner.listening() {
		// The finding has gone the way of findings; what is printed belongs to the submission.
		runner.send(r)
		t.T.Fail()
		return
	}
	t.T.Error(plain(r))
}

// plain is a finding as `go test` prints it.
func plain(r wire.Record) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", r.Kind, r.Title)
	if r.Want != "" || r.Got != "" {
		fmt.Fprintf(&b, "\n want: %s\n  got: %s", r.Want, r.Got)
	}
	if r.Explain != "" {
		fmt.Fprintf(&b, "\n %s", r.Explain)
	}
	return b.String()
}

// caller is the file:line of the first frame outside this package.
func caller() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, labPackage) {
			return filepath.Base(f.File) + ":" + strconv.Itoa(f.Line)
		}
		if !more {
			return ""
		}
	}
}

const labPackage = "github.com/python-concurrency/kata/katas/lab."

// show writes a value as the learner would in Go, errors by their text.
func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case error:
		return fmt.Sprintf("error %q", v.Error())
	case fmt.Stringer:
		return v.String()
	case string, []string, map[string]string:
		return fmt.Sprintf("%q", v)
	default:
		return fmt.Sprintf("%+v", v)
	}
}
