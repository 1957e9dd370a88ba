//kata:wrong kind=deadlock  each holds one of the two permits and waits for the other one

package corpus

import "sync"

type semaphore struct {
	permits chan struct{}
}

func (s *semaphore) acquire(n int) {
	for range n {
		s.permits <- struct{}{}
	}
}

func (s *semaphore) release(n int) {
	for range n {
		<-s.permits
	}
}

// Run has two goroutines that need both permits at once; both must come through.
func Run() string {
	s := semaphore{permits: make(chan struct{}, 2)}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			s.acquire(2)
			s.release(2)
		})
	}
	wg.Wait()
	return ""
}
