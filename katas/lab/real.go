package lab

import (
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/python-concurrency/kata/katas/lab/wire"
)

// Real runs body with real goroutines, processes and I/O, and looks for goroutines it left behind when it ends. There
// is no clock to hold anything to: prove overlap with a [Rendezvous]. A test that hangs is ended by the runner, once
// nothing in its process tree has been runnable for a while.
func Real(t *testing.T, body func(*T)) {
	t.Helper()
	begin(t)
	before := goleak.IgnoreCurrent()
	inner := &T{T: t, books: newBooks(t.Name(), false)}
	finished := guard(inner, body)
	if !finished || t.Failed() {
		return // what stays behind after a failure is its effect
	}
	if err := goleak.Find(before); err != nil {
		inner.found(wire.Record{
			Kind:  "leak",
			Title: "a goroutine is still there when the test has ended",
			At:    t.Name(),
			Stack: leaked(err.Error()),
		})
	}
}

// leaked is the stacks of the goroutines that goleak names ("Goroutine 7 in state …") in the runtime's own form.
func leaked(report string) string {
	return goroutines(func(g string) bool {
		number := strings.Fields(header(g))
		return len(number) > 1 && strings.Contains(report, "oroutine "+number[1]+" in state")
	})
}
