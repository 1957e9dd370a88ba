package corpus

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// stack holds slots by number; below[n] is the one under slot n, and slot 0 is the end. The two low bits of top are a
// slot, the others count the changes: it is never the same again.
type stack struct {
	top   atomic.Int64
	below [3]atomic.Int64
}

const change, slot = 4, 3

func (s *stack) pop() int64 {
	for {
		top := s.top.Load()
		if s.top.CompareAndSwap(top, top&^slot+change+s.below[top&slot].Load()) {
			return top & slot
		}
	}
}

func (s *stack) push(n int64) {
	for {
		top := s.top.Load()
		s.below[n].Store(top & slot)
		if s.top.CompareAndSwap(top, top&^slot+change+n) {
			return
		}
	}
}

// Run pops one slot while somebody pops two and puts the first back; no slot may have two owners.
func Run() string {
	var s stack
	s.push(2)
	s.push(1)
	var mine, kept int64
	var wg sync.WaitGroup
	wg.Go(func() { mine = s.pop() })
	wg.Go(func() {
		back := s.pop()
		kept = s.pop()
		s.push(back)
	})
	wg.Wait()
	if left := s.pop(); kept != 0 && (kept == mine || kept == left) {
		return fmt.Sprintf("slot %d has two owners", kept)
	}
	return ""
}
