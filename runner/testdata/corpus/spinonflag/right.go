package corpus

import (
	"sync"
	"sync/atomic"
)

type spinlock struct{ held atomic.Bool }

func (l *spinlock) lock() {
	for l.held.Swap(true) {
		for l.held.Load() {
		}
	}
}

func (l *spinlock) unlock(early bool) {
	_ = early
	l.held.Store(false)
}

// Run has two goroutines take the lock, of which the first to come leaves on another way.
func Run() string {
	var l spinlock
	var first atomic.Bool
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			early := first.Swap(true)
			l.lock()
			l.unlock(early)
		})
	}
	wg.Wait()
	return ""
}
