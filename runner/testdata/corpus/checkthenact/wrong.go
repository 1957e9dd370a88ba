//kata:wrong kind=wrong  the check and the act are two locked sections

package corpus

import (
	"fmt"
	"sync"
)

type stock struct {
	mu   sync.Mutex
	left int
}

func (s *stock) any() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.left > 0
}

func (s *stock) take() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left--
}

func (s *stock) sell() {
	if s.any() {
		s.take()
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
