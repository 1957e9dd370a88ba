package sync_test

import (
	std "sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/lab/explore"
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

type waitGroup interface {
	Add(int)
	Done()
	Wait()
	Go(func())
}

type cond interface {
	Wait()
	Signal()
	Broadcast()
}

type syncMap interface {
	Load(any) (any, bool)
	Store(any, any)
	LoadOrStore(any, any) (any, bool)
	LoadAndDelete(any) (any, bool)
	Delete(any)
	Swap(any, any) (any, bool)
	CompareAndSwap(any, any, any) bool
	CompareAndDelete(any, any) bool
	Range(func(any, any) bool)
	Clear()
}

type pool interface {
	Get() any
	Put(any)
}

// kit is one implementation of the types under test.
type kit struct {
	name      string
	mutex     func() mutex
	rwMutex   func() rwMutex
	once      func() once
	onceFunc  func(func()) func()
	onceValue func(func() int) func() int
	waitGroup func() waitGroup
	cond      func(std.Locker) cond
	syncMap   func() syncMap
	pool      func(func() any) pool
}

var standard = kit{
	name:    "standard",
	mutex:   func() mutex { return new(std.Mutex) },
	rwMutex: func() rwMutex { return new(std.RWMutex) },
	once:    func() once { return new(std.Once) }, onceFunc: std.OnceFunc, onceValue: std.OnceValue[int],
	waitGroup: func() waitGroup { return new(std.WaitGroup) },
	cond:      func(l std.Locker) cond { return std.NewCond(l) },
	syncMap:   func() syncMap { return new(std.Map) },
	pool:      func(make func() any) pool { return &std.Pool{New: make} },
}

var dropIn = kit{
	name:    "drop-in",
	mutex:   func() mutex { return new(sync.Mutex) },
	rwMutex: func() rwMutex { return new(sync.RWMutex) },
	once:    func() once { return new(sync.Once) }, onceFunc: sync.OnceFunc, onceValue: sync.OnceValue[int],
	waitGroup: func() waitGroup { return new(sync.WaitGroup) },
	cond:      func(l std.Locker) cond { return sync.NewCond(l) },
	syncMap:   func() syncMap { return new(sync.Map) },
	pool:      func(make func() any) pool { return &sync.Pool{New: make} },
}

func forBoth(t *testing.T, test func(t *testing.T, k kit)) {
	for _, k := range []kit{standard, dropIn} {
		t.Run(k.name, func(t *testing.T) { test(t, k) })
	}
}

// inAll is forBoth, and the drop-in on schedules that the explorer chooses besides.
func inAll(t *testing.T, test func(t *testing.T, k kit)) {
	forBoth(t, test)
	t.Run("explored", func(t *testing.T) {
		search := &explore.Search{Budget: 40, Bound: 1, Seed: 1}
		for plan := search.Next(); plan != nil; plan = search.Next() {
			synctest.Test(t, func(t *testing.T) {
				run := explore.Start(plan, explore.Options{Settle: time.Second}, func() { test(t, dropIn) })
				require.Equal(t, explore.NotStuck, run.Result().Stuck)
				search.Learn(plan, run)
			})
			if t.Failed() {
				return
			}
		}
	})
}

// pass takes a lock and lets it go.
func pass(l std.Locker) {
	l.Lock()
	defer l.Unlock()
}

func TestMutexExcludes(t *testing.T) {
	inAll(t, func(t *testing.T, k kit) {
		m := k.mutex()
		n := 0
		var done std.WaitGroup
		for range 8 {
			done.Go(func() {
				for range 20 {
					m.Lock()
					n++ // under the race detector this also proves the edges of Lock and Unlock
					m.Unlock()
				}
			})
		}
		done.Wait()
		require.Equal(t, 160, n)
	})
}

func TestTryLockTakesWhatIsFreeOnly(t *testing.T) {
	inAll(t, func(t *testing.T, k kit) {
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
	inAll(t, func(t *testing.T, k kit) {
		m := k.mutex()
		n, got := 0, atomic.Int64{}
		var done std.WaitGroup
		for range 8 {
			done.Go(func() {
				for range 20 {
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
	inAll(t, func(t *testing.T, k kit) {
		m := k.mutex()
		m.Lock()
		done := make(chan bool)
		go func() { m.Unlock(); done <- true }()
		<-done
		require.True(t, m.TryLock())
	})
}

func TestReadersShareAndWritersExclude(t *testing.T) {
	inAll(t, func(t *testing.T, k kit) {
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
	inAll(t, func(t *testing.T, k kit) {
		rw := k.rwMutex()
		n, reading := 0, atomic.Int64{}
		var done std.WaitGroup
		for i := range 8 {
			done.Go(func() {
				for range 20 {
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
		require.Equal(t, 80, n)
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
	inAll(t, func(t *testing.T, k kit) {
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
	inAll(t, func(t *testing.T, k kit) {
		o := k.once()
		require.PanicsWithValue(t, "first", func() { o.Do(func() { panic("first") }) })
		o.Do(func() { t.Error("done twice") })
	})
}

func TestOnceFunctions(t *testing.T) {
	inAll(t, func(t *testing.T, k kit) {
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

func TestAGroupIsWaitedForByAll(t *testing.T) {
	inAll(t, func(t *testing.T, k kit) {
		wg, after := k.waitGroup(), k.waitGroup()
		n := 0
		m := k.mutex()
		for range 3 {
			wg.Go(func() { m.Lock(); n++; m.Unlock() })
		}
		for range 2 {
			after.Go(func() {
				wg.Wait()
				if n != 3 { // right by the edge from Done to Wait
					t.Errorf("Wait returned at %d of 3", n)
				}
			})
		}
		after.Wait()
		wg.Wait()
	})
}

func TestAGroupMayBeUsedAgain(t *testing.T) {
	inAll(t, func(t *testing.T, k kit) {
		wg := k.waitGroup()
		for range 3 {
			wg.Add(1)
			go wg.Done()
			wg.Wait()
		}
	})
}

func TestAGroupBelowZeroPanics(t *testing.T) {
	inAll(t, func(t *testing.T, k kit) {
		require.PanicsWithValue(t, "sync: negative WaitGroup counter", k.waitGroup().Done)
	})
}

func TestEverySignalLetsOneGo(t *testing.T) {
	inAll(t, func(t *testing.T, k kit) {
		m := k.mutex()
		c := k.cond(m)
		c.Signal() // nobody waits: it is not kept for later
		tokens := 0
		done := k.waitGroup()
		for range 3 {
			done.Go(func() {
				m.Lock()
				defer m.Unlock()
				for tokens == 0 {
					c.Wait()
				}
				tokens--
			})
		}
		for range 3 {
			m.Lock()
			tokens++
			m.Unlock()
			c.Signal()
		}
		done.Wait()
		require.Zero(t, tokens)
	})
}

func TestABroadcastLetsAllGo(t *testing.T) {
	inAll(t, func(t *testing.T, k kit) {
		m := k.mutex()
		c := k.cond(m)
		open := false
		done := k.waitGroup()
		for range 3 {
			done.Go(func() {
				m.Lock()
				defer m.Unlock()
				for !open {
					c.Wait()
				}
			})
		}
		m.Lock()
		open = true
		m.Unlock()
		c.Broadcast()
		done.Wait()
	})
}

func TestTheLineOfACondIsServedInItsOrder(t *testing.T) {
	forBoth(t, func(t *testing.T, k kit) {
		synctest.Test(t, func(t *testing.T) {
			m := k.mutex()
			c := k.cond(m)
			var order []int
			for i := range 4 {
				go func() {
					m.Lock()
					c.Wait()
					order = append(order, i)
					m.Unlock()
				}()
				synctest.Wait()
			}
			for range 4 {
				c.Signal()
				synctest.Wait()
			}
			require.Equal(t, []int{0, 1, 2, 3}, order)
		})
	})
}

func TestMap(t *testing.T) {
	inAll(t, func(t *testing.T, k kit) {
		m := k.syncMap()
		_, loaded := m.LoadOrStore("a", 1)
		require.False(t, loaded)
		v, loaded := m.LoadOrStore("a", 2)
		require.True(t, loaded)
		require.Equal(t, 1, v)
		require.False(t, m.CompareAndSwap("a", 2, 3))
		require.True(t, m.CompareAndSwap("a", 1, 3))
		before, _ := m.Swap("a", 4)
		require.Equal(t, 3, before)
		m.Store("b", 5)
		n := 0
		m.Range(func(any, any) bool { n++; return true })
		require.Equal(t, 2, n)
		require.False(t, m.CompareAndDelete("b", 6))
		require.True(t, m.CompareAndDelete("b", 5))
		v, _ = m.LoadAndDelete("a")
		require.Equal(t, 4, v)
		m.Store("c", 1)
		m.Delete("c")
		m.Store("d", 1)
		m.Clear()
		_, ok := m.Load("d")
		require.False(t, ok)
	})
}

func TestAMapIsSafeForMany(t *testing.T) {
	inAll(t, func(t *testing.T, k kit) {
		m := k.syncMap()
		stored := k.waitGroup()
		wins := atomic.Int64{}
		for range 3 {
			stored.Go(func() {
				if _, loaded := m.LoadOrStore("key", new(int)); !loaded {
					wins.Add(1)
				}
			})
		}
		stored.Wait()
		require.EqualValues(t, 1, wins.Load())
	})
}

func TestAPoolMakesWhatItHasNot(t *testing.T) {
	inAll(t, func(t *testing.T, k kit) {
		require.Nil(t, k.pool(nil).Get())
		made := 0
		p := k.pool(func() any { made++; return made })
		require.Equal(t, 1, p.Get())
		p.Put(nil) // counts for nothing
		p.Put(7)
		require.Contains(t, []any{7, 2}, p.Get())
	})
}

func TestAPoolHandsOnWhatWasDoneToAValue(t *testing.T) {
	inAll(t, func(t *testing.T, k kit) {
		type box struct{ n int }
		p := k.pool(func() any { return &box{} })
		done := k.waitGroup()
		for range 3 {
			done.Go(func() {
				b := p.Get().(*box)
				b.n++ // under the race detector this also proves the edge from Put to Get
				p.Put(b)
			})
		}
		done.Wait()
	})
}
