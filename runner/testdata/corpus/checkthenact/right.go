package corpus

import (
	"fmt"
	"sync"
)

type stock struct {
	mu   sync.Mutex
	left int
}

func (s *stock) sell() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left > 0 {
		s.left--
	}
}

// Run has two buyers for one item; the stock must not go below zero.
func Run() string {
	s := stock{left: 1}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(s.sell)
	}
	wg.Wait()
	if s.left < 0 {
		return fmt.Sprintf("one item was sold twice: %d are left", s.left)
	}
	return ""
}
