//kata:wrong kind=deadlock  one condition for two reasons to wait, and the signal goes to the wrong one

package corpus

import "sync"

// buffer holds one item; who puts waits for it to be empty, who gets waits for it to be full.
type buffer struct {
	mu      sync.Mutex
	changed *sync.Cond
	full    bool
}

func (b *buffer) put() { b.turn(false) }
func (b *buffer) get() { b.turn(true) }

func (b *buffer) turn(full bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.full != full {
		b.changed.Wait()
	}
	b.full = !full
	b.changed.Signal()
}

// Run has one goroutine put two items and two get one each; all must come through.
func Run() string {
	b := &buffer{}
	b.changed = sync.NewCond(&b.mu)
	var wg sync.WaitGroup
	wg.Go(b.get)
	wg.Go(b.get)
	wg.Go(func() {
		b.put()
		b.put()
	})
	wg.Wait()
	return ""
}
