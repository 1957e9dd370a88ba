package sync_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/lab/sync"
)

// The tests in this file say what the drop-in is there for: the bubble sees who waits.

func TestALockMayBeHeldOverASleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m sync.Mutex
		start := time.Now()
		var done sync.WaitGroup
		for range 3 {
			done.Go(func() {
				m.Lock()
				defer m.Unlock()
				time.Sleep(time.Second)
			})
		}
		done.Wait()
		require.Equal(t, 3*time.Second, time.Since(start))
	})
}

func TestAReadLockMayBeHeldOverASleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var rw sync.RWMutex
		start := time.Now()
		var done sync.WaitGroup
		done.Go(func() {
			rw.Lock()
			defer rw.Unlock()
			time.Sleep(time.Second)
		})
		synctest.Wait() // the writer is the first to come
		for range 3 {
			done.Go(func() {
				rw.RLock()
				defer rw.RUnlock()
				time.Sleep(time.Second)
			})
		}
		done.Wait()
		require.Equal(t, 2*time.Second, time.Since(start))
	})
}

func TestWaitersAreServedInTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m sync.Mutex
		var order []int
		m.Lock()
		for i := range 5 {
			go func() {
				m.Lock()
				order = append(order, i)
				m.Unlock()
			}()
			synctest.Wait()
		}
		m.Unlock()
		synctest.Wait()
		require.Equal(t, []int{0, 1, 2, 3, 4}, order)
	})
}

func TestABlockedWriterComesBeforeLaterReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var rw sync.RWMutex
		var order []string
		rw.RLock()
		go func() { rw.Lock(); order = append(order, "writer"); rw.Unlock() }()
		synctest.Wait()
		go func() { rw.RLock(); order = append(order, "reader"); rw.RUnlock() }()
		synctest.Wait()
		require.Empty(t, order)
		rw.RUnlock()
		synctest.Wait()
		require.Equal(t, []string{"writer", "reader"}, order)
	})
}

func TestACondWorksOnTheDropIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m sync.Mutex
		c := sync.NewCond(&m)
		ready := false
		go func() {
			time.Sleep(time.Second)
			m.Lock()
			ready = true
			m.Unlock()
			c.Broadcast()
		}()
		m.Lock()
		for !ready {
			c.Wait()
		}
		m.Unlock()
	})
}

func TestTheBubbleSeesADeadlock(t *testing.T) {
	for name, deadlock := range map[string]func(){
		"locked twice": func() {
			var m sync.Mutex
			m.Lock()
			m.Lock()
		},
		"reader upgrades": func() {
			var rw sync.RWMutex
			rw.RLock()
			rw.Lock()
		},
		"once re-enters": func() {
			var o sync.Once
			o.Do(func() { o.Do(func() {}) })
		},
		"two locks in two orders": func() {
			var a, b sync.Mutex
			go func() {
				a.Lock()
				time.Sleep(time.Nanosecond)
				b.Lock()
			}()
			b.Lock()
			time.Sleep(time.Nanosecond)
			a.Lock()
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() { require.Contains(t, fmt.Sprint(recover()), "deadlock: all goroutines in bubble are blocked") }()
			synctest.Test(t, func(*testing.T) { deadlock() })
		})
	}
}
