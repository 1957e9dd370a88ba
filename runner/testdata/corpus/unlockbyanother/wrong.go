//kata:wrong kind=panic  who gives up unlocks what it does not hold

package corpus

import "sync"

type gate struct {
	mu   sync.Mutex
	open bool
}

func (g *gate) enter() {
	if !g.mu.TryLock() {
		g.leave()
		return
	}
	g.open = true
	g.leave()
}

func (g *gate) leave() { g.mu.Unlock() }

// Run enters twice at the same time; who finds it taken must go away and leave the lock alone.
func Run() string {
	var g gate
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(g.enter)
	}
	wg.Wait()
	return ""
}
