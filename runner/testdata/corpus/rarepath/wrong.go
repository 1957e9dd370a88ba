//kata:wrong kind=race  only the way that is seldom taken forgets the lock

package corpus

import "sync"

type stats struct {
	mu    sync.Mutex
	seen  int
	total int
}

func (s *stats) add(n int) {
	s.mu.Lock()
	s.seen++
	second := s.seen == 2
	if !second {
		s.total += n
	}
	s.mu.Unlock()
	if second {
		s.total += n
	}
}

func (s *stats) sum() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total
}

// Run adds twice and looks at the sum meanwhile; the sum must be guarded on every way.
func Run() string {
	var s stats
	var wg sync.WaitGroup
	wg.Go(func() { s.add(1) })
	wg.Go(func() { s.add(2) })
	wg.Go(func() { s.sum() })
	wg.Wait()
	return ""
}
