//kata:wrong kind=spin  who leaves early keeps the lock, and the other one spins for it

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
	if early {
		return
	}
	l.held.Store(false)
}

// Run has two goroutines take a lock, and the second to come leaves it early; both must come through.
func Run() string {
	var l spinlock
	var begun atomic.Bool
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			early := begun.Swap(true)
			l.lock()
			l.unlock(early)
		})
	}
	wg.Wait()
	return ""
}
