//kata:wrong kind=deadlock  who is fast comes round again before who is slow has seen the barrier open

package corpus

import "sync"

// barrier lets two goroutines go on when both have come.
type barrier struct {
	mu      sync.Mutex
	changed *sync.Cond
	here    int
}

func (b *barrier) wait() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.here++
	if b.here == 2 {
		b.here = 0
		b.changed.Broadcast()
		return
	}
	for b.here != 0 {
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
