package lab

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/lab/wire"
)

// begun are the tests that have told the runner of their start, with the time of it. It is touched only outside of
// bubbles, by the tests' own goroutines.
var begun struct {
	sync.Mutex
	at map[string]time.Time
}

// begin tells the runner that a test starts, and sees to it that its end is told as well. Calling it again for the
// same test does nothing.
func begin(t *testing.T) {
	t.Helper()
	if strings.Contains(t.Name(), "/") {
		t.Fatal("lab: a lens belongs in a top-level test: the runner counts those")
	}
	begun.Lock()
	defer begun.Unlock()
	if begun.at == nil {
		begun.at = make(map[string]time.Time)
	}
	if _, again := begun.at[t.Name()]; again {
		return
	}
	begun.at[t.Name()] = time.Now()
	runner.send(wire.Record{Event: wire.Start, Test: t.Name(), Races: raceErrors()})
	t.Cleanup(func() { end(t, t.Failed()) })
}

// end tells the runner how a test ended. The testing package fails a test for a race only after its cleanups, so the
// count of races says it here.
func end(t *testing.T, failed bool) {
	begun.Lock()
	at := begun.at[t.Name()]
	delete(begun.at, t.Name())
	begun.Unlock()
	runner.send(wire.Record{
		Event: wire.End, Test: t.Name(), Failed: failed, Races: raceErrors(), Nanos: int64(time.Since(at)),
	})
}
