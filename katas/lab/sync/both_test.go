package sync_test

import (
	std "sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/lab/sync"
)

// The tests in this file say what both the standard types and the drop-in must do, and run against both.

type mutex interface {
	std.Locker
	TryLock() bool
}

type rwMutex interface {
	mutex
	RLock()
	RUnlock()
	TryRLock() bool
	RLocker() std.Locker
}

type once interface{ Do(func()) }

// kit is one implementation of the types under test.
type kit struct {
	name      string
	mutex     func() mutex
	rwMutex   func() rwMutex
	once      func() once
	onceFunc  func(func()) func()
	onceValue func(func() int) func() int
}

var kits = []kit{
	{"standard", func() mutex { return new(std.Mutex) }, func() rwMutex { return new(std.RWMutex) }, func() once { return new(std.Once) }, std.OnceFunc, std.OnceValue[int]},
	{"drop-in", func() mutex { return new(sync.Mutex) }, func() rwMutex { return new(sync.RWMutex) }, func() once { return new(sync.Once) }, sync.OnceFunc, sync.OnceValue[int]},
}

func forBoth(t *testing.T, test func(t *testing.T, k kit)) {
	for _, k := range kits {
		t.Run(k.name, func(t *testing.T) { test(t, k) })
	}
}

// pass takes a lock and lets it go.
func pass(l std.Locker) {
	l.Lock()
	defer l.Unlock()
}

func TestMutexExcludes(t *testing.T) {
	forBoth(t, func(t *testing.T, k kit) {
		m := k.mutex()
		n := 0
		var done std.WaitGroup
		for range 8 {
			done.Go(func() {
				for range 500 {
					m.Lock()
					n++ // under the race detector this also proves the edges of Lock and Unlock
					m.Unlock()
				}
			})
		}
		done.Wait()
		require.Equal(t, 4000, n)
	})
}

func TestTryLockTakesWhatIsFreeOnly(t *testing.T) {
	forBoth(t, func(t *testing.T, k kit) {
		m := k.mutex()
		require.True(t, m.TryLock())
		require.False(t, m.TryLock())
		m.Unlock()
		require.True(t, m.TryLock())
		m.Unlock()
		m.Lock()
		require.False(t, m.TryLock())
		m.Unlock()
	})
}

func TestTryLockExcludes(t *testing.T) {
	forBoth(t, func(t *testing.T, k kit) {
		m := k.mutex()
		n, got := 0, atomic.Int64{}
		var done std.WaitGroup
		for range 8 {
			done.Go(func() {
				for range 500 {
					if m.TryLock() {
						n++
						got.Add(1)
						m.Unlock()
					}
				}
			})
		}
		done.Wait()
		require.EqualValues(t, got.Load(), n)
	})
}

func TestAnotherGoroutineMayUnlock(t *testing.T) {
	forBoth(t, func(t *testing.T, k kit) {
		m := k.mutex()
		m.Lock()
		done := make(chan bool)
		go func() { m.Unlock(); done <- true }()
		<-done
		require.True(t, m.TryLock())
	})
}

func TestReadersShareAndWritersExclude(t *testing.T) {
	forBoth(t, func(t *testing.T, k kit) {
		rw := k.rwMutex()
		rw.RLock()
		rw.RLock()
		require.True(t, rw.TryRLock())
		require.False(t, rw.TryLock())
		rw.RUnlock()
		rw.RUnlock()
		rw.RLocker().Unlock()
		require.True(t, rw.TryLock())
		require.False(t, rw.TryRLock())
		require.False(t, rw.TryLock())
		rw.Unlock()
		rw.RLocker().Lock()
		require.False(t, rw.TryLock())
		rw.RUnlock()
	})
}

func TestReadersAndWritersUnderLoad(t *testing.T) {
	forBoth(t, func(t *testing.T, k kit) {
		rw := k.rwMutex()
		n, reading := 0, atomic.Int64{}
		var done std.WaitGroup
		for i := range 8 {
			done.Go(func() {
				for range 300 {
					if i%2 == 0 {
						rw.Lock()
						if reading.Load() != 0 {
							t.Error("a writer runs beside a reader")
						}
						n++
						rw.Unlock()
					} else {
						rw.RLock()
						reading.Add(1)
						_ = n
						reading.Add(-1)
						rw.RUnlock()
					}
				}
			})
		}
		done.Wait()
		require.Equal(t, 1200, n)
	})
}

func TestAWaitingWriterKeepsLaterReadersOut(t *testing.T) {
	forBoth(t, func(t *testing.T, k kit) {
		rw := k.rwMutex()
		rw.RLock()
		wrote := make(chan bool)
		go func() {
			rw.Lock()
			close(wrote)
			rw.Unlock()
		}()
		require.Eventually(t, func() bool {
			if rw.TryRLock() {
				rw.RUnlock()
				return false
			}
			return true // the writer waits
		}, time.Minute, time.Millisecond)
		rw.RUnlock()
		<-wrote
		pass(rw.RLocker())
	})
}

func TestOnceDoesItOnceAndEveryCallerWaitsForIt(t *testing.T) {
	forBoth(t, func(t *testing.T, k kit) {
		o := k.once()
		n := 0
		var done std.WaitGroup
		for range 8 {
			done.Go(func() {
				o.Do(func() { n++ })
				if n != 1 { // a read that only the edge from the first call's end makes right
					t.Errorf("after Do n is %d", n)
				}
			})
		}
		done.Wait()
	})
}

func TestOnceCountsAPanicAsDone(t *testing.T) {
	forBoth(t, func(t *testing.T, k kit) {
		o := k.once()
		require.PanicsWithValue(t, "first", func() { o.Do(func() { panic("first") }) })
		o.Do(func() { t.Error("done twice") })
	})
}

func TestOnceFunctions(t *testing.T) {
	forBoth(t, func(t *testing.T, k kit) {
		calls := 0
		value := k.onceValue(func() int { calls++; return 7 })
		require.Equal(t, 7, value())
		require.Equal(t, 7, value())
		require.Equal(t, 1, calls)
		failing := k.onceFunc(func() { calls++; panic("always") })
		require.PanicsWithValue(t, "always", failing)
		require.PanicsWithValue(t, "always", failing)
		require.Equal(t, 2, calls)
	})
}

func TestBothWaitOutsideOfBubbles(t *testing.T) {
	forBoth(t, func(t *testing.T, k kit) {
		m := k.mutex()
		m.Lock()
		got := make(chan bool)
		go func() { m.Lock(); got <- true; m.Unlock() }()
		m.Unlock()
		require.True(t, <-got)
	})
}

func TestOnePackageVariableServesOneBubbleAfterAnother(t *testing.T) {
	forBoth(t, func(t *testing.T, k kit) {
		m, rw, o := k.mutex(), k.rwMutex(), k.once()
		for range 3 {
			synctest.Test(t, func(t *testing.T) {
				var done std.WaitGroup
				for range 4 {
					done.Go(func() {
						pass(m)
						pass(rw.RLocker())
						pass(rw)
						o.Do(func() {})
					})
				}
				done.Wait()
			})
		}
	})
}
