package corpus

import "sync"

// barrier lets two goroutines go on when both have come.
type barrier struct {
	mu      sync.Mutex
	changed *sync.Cond
	here    int
	round   int
}

func (b *barrier) wait() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.here++
	if b.here == 2 {
		b.here = 0
		b.round++
		b.changed.Broadcast()
		return
	}
	for round := b.round; b.round == round; {
		b.changed.Wait()
	}
}

// Run has two goroutines meet twice; both must come through.
func Run() string {
	b := &barrier{}
	b.changed = sync.NewCond(&b.mu)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			b.wait()
			b.wait()
		})
	}
	wg.Wait()
	return ""
}
