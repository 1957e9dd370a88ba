package corpus

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// stack holds slots by number; next[n] lies below slot n, and 0 is the end.
type stack struct {
	mu   sync.Mutex
	top  atomic.Int64
	next [4]atomic.Int64
}

func (s *stack) pop() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		top := s.top.Load()
		if top == 0 {
			return 0
		}
		below := s.next[top].Load()
		if s.top.CompareAndSwap(top, below) {
			return top
		}
	}
}

func (s *stack) push(n int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		top := s.top.Load()
		s.next[n].Store(top)
		if s.top.CompareAndSwap(top, n) {
			return
		}
	}
}

// Run pops in two goroutines, one of which puts its first slot back; a slot must have one owner.
func Run() string {
	var s stack
	s.push(2)
	s.push(1)
	owners := [4]atomic.Int64{}
	var wg sync.WaitGroup
	wg.Go(func() { owners[s.pop()].Add(1) })
	wg.Go(func() {
		first := s.pop()
		second := s.pop()
		owners[second].Add(1)
		if first != 0 {
			s.push(first)
		}
	})
	wg.Wait()
	for n := int64(0); n != -1; {
		if n = s.pop(); n == 0 {
			break
		}
		owners[n].Add(1)
	}
	for n := 1; n <= 2; n++ {
		if got := owners[n].Load(); got > 1 {
			return fmt.Sprintf("slot %d has %d owners", n, got)
		}
	}
	return ""
}
