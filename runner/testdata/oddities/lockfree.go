package corpus

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type node struct {
	n    int
	next *node
}

type stack struct{ top atomic.Pointer[node] }

func (s *stack) push(n int) {
	for {
		top := s.top.Load()
		if s.top.CompareAndSwap(top, &node{n, top}) {
			return
		}
	}
}

func (s *stack) pop() (int, bool) {
	for {
		top := s.top.Load()
		if top == nil {
			return 0, false
		}
		if s.top.CompareAndSwap(top, top.next) {
			return top.n, true
		}
	}
}

// Run pushes and pops without a lock: nodes are new, so no ABA.
func Run() string {
	var s stack
	var sum atomic.Int64
	var wg sync.WaitGroup
	for n := range 2 {
		wg.Go(func() {
			s.push(n + 1)
			if n, ok := s.pop(); ok {
				sum.Add(int64(n))
			}
		})
	}
	wg.Wait()
	if sum.Load() != 3 {
		return fmt.Sprintf("1 and 2 went in, and %d came out", sum.Load())
	}
	return ""
}
