package corpus

import "sync"

type shop struct {
	mu     sync.Mutex
	closed bool
	sold   int
}

func (s *shop) sell() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		panic("the shop is closed")
	}
	s.sold++
}

func (s *shop) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}

// Run sells and closes at the same time; a sale that comes too late panics, and Run must go on.
func Run() string {
	var s shop
	var wg sync.WaitGroup
	wg.Go(s.close)
	wg.Go(func() {
		defer func() { _ = recover() }()
		s.sell()
	})
	wg.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		return "the shop is still open"
	}
	return ""
}
