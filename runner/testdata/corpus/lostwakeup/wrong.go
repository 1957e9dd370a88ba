//kata:wrong kind=deadlock  who is not yet asleep is not woken, and goes to sleep

package corpus

import (
	"sync"
	"sync/atomic"
)

type sleeper struct {
	ready atomic.Bool
	wake  chan struct{}
}

func (s *sleeper) wait() {
	for !s.ready.Load() {
		<-s.wake
	}
}

func (s *sleeper) rouse() {
	s.ready.Store(true)
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Run has one goroutine sleep until another has said that it is ready; both must come through.
func Run() string {
	s := sleeper{wake: make(chan struct{})}
	var wg sync.WaitGroup
	wg.Go(s.wait)
	wg.Go(s.rouse)
	wg.Wait()
	return ""
}
