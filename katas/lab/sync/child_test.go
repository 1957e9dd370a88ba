package sync_test

import (
	"os"
	"os/exec"
	std "sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/lab/sync"
)

// The tests in this file run a program in a child process, since what they look for ends it or is reported at its
// end: fatal errors and races.

const childVariable = "KATA_SYNC_CHILD"

func TestMain(m *testing.M) {
	if program, ok := children[os.Getenv(childVariable)]; ok {
		program()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(t *testing.T, name string) (output string, failed bool) {
	t.Helper()
	require.Contains(t, children, name)
	cmd := exec.Command(os.Args[0])
	cmd.Env = []string{childVariable + "=" + name, "GORACE=atexit_sleep_ms=0"}
	out, err := cmd.CombinedOutput()
	return string(out), err != nil
}

var children = map[string]func(){
	"Mutex.Unlock":          func() { defer func() { recover() }(); new(sync.Mutex).Unlock() },
	"RWMutex.Unlock":        func() { defer func() { recover() }(); new(sync.RWMutex).Unlock() },
	"RWMutex.RUnlock":       func() { defer func() { recover() }(); new(sync.RWMutex).RUnlock() },
	"RWMutex.Unlock shared": func() { defer func() { recover() }(); rw := new(sync.RWMutex); rw.RLock(); rw.Unlock() },
	"std Mutex.Unlock":      func() { defer func() { recover() }(); new(std.Mutex).Unlock() },

	// Each of these has a race that a lock with edges too many would hide. Who runs first is arranged by atomics under
	// a deaf detector, so that nothing but the lock could order the two.
	"failed TryLock":    func() { racing(func() (a, b side) { return failedTryLock(new(sync.Mutex)) }) },
	"waiting Lock":      func() { racing(func() (a, b side) { return waitingLock(new(sync.Mutex)) }) },
	"two readers":       func() { racing(func() (a, b side) { return twoReaders(new(sync.RWMutex)) }) },
	"std two readers":   func() { racing(func() (a, b side) { return twoReaders(new(std.RWMutex)) }) },
	"std failed":        func() { racing(func() (a, b side) { return failedTryLock(new(std.Mutex)) }) },
	"std waiting Lock":  func() { racing(func() (a, b side) { return waitingLock(new(std.Mutex)) }) },
	"ordered by a lock": func() { racing(func() (a, b side) { return ordered(new(sync.Mutex)) }) },
}

// side is one of the two goroutines of a program; step lets the other one begin.
type side func(step func())

// racing runs the program some times over: the detector keeps only the last few accesses to a place, so that one run
// in a hundred can miss what the next one shows.
func racing(program func() (first, second side)) {
	for range 20 {
		first, second := program()
		together(first, second)
	}
}

// together runs first, and then second beside it once first says so, in a way that the detector does not see.
func together(first, second side) {
	var turn atomic.Int64
	var done std.WaitGroup
	step := func() { unseen(func() { turn.Add(1) }) }
	done.Go(func() { first(step) })
	done.Go(func() {
		unseen(func() {
			for turn.Load() == 0 {
			}
		})
		second(step)
	})
	done.Wait()
}

var shared int

// failedTryLock: the second sees the lock taken, and that orders nothing.
func failedTryLock(m mutex) (first, second side) {
	return func(step func()) { m.Lock(); shared++; step() },
		func(func()) { m.TryLock(); shared++ }
}

// waitingLock: that the second has begun to wait does not order what it did before against what the first does after
// its Unlock.
func waitingLock(m mutex) (first, second side) {
	locked := make(chan bool, 1)
	return func(step func()) {
			m.Lock()
			step()
			unseen(func() { <-locked })
			m.Unlock()
			shared++
		}, func(func()) {
			shared++
			unseen(func() { locked <- true })
			pass(m)
		}
}

// twoReaders: readers do not order one another.
func twoReaders(rw rwMutex) (first, second side) {
	return func(step func()) { rw.RLock(); shared++; rw.RUnlock(); step() },
		func(func()) { rw.RLock(); shared++; rw.RUnlock() }
}

// ordered is right.
func ordered(m mutex) (first, second side) {
	return func(step func()) { m.Lock(); shared++; m.Unlock(); step() },
		func(func()) { m.Lock(); shared++; m.Unlock() }
}

func TestMisuseIsFatalAsInTheStandardPackage(t *testing.T) {
	for name, says := range map[string]string{
		"Mutex.Unlock":          "fatal error: sync: unlock of unlocked mutex",
		"std Mutex.Unlock":      "fatal error: sync: unlock of unlocked mutex",
		"RWMutex.Unlock":        "fatal error: sync: Unlock of unlocked RWMutex",
		"RWMutex.Unlock shared": "fatal error: sync: Unlock of unlocked RWMutex",
		"RWMutex.RUnlock":       "fatal error: sync: RUnlock of unlocked RWMutex",
	} {
		out, failed := child(t, name)
		require.True(t, failed, name)
		require.Contains(t, out, says, name)
	}
}

func TestEdgesAreNeitherMoreNorFewer(t *testing.T) {
	if !raceDetector {
		t.Skip("needs the race detector")
	}
	for _, name := range []string{"failed TryLock", "std failed", "waiting Lock", "std waiting Lock", "two readers", "std two readers"} {
		out, _ := child(t, name)
		require.Contains(t, out, "WARNING: DATA RACE", name)
	}
	out, failed := child(t, "ordered by a lock")
	require.False(t, failed, out)
}
