//kata:wrong kind=deadlock  a reader reads again while a writer waits

package corpus

import "sync"

type table struct {
	mu sync.RWMutex
	n  int
}

func (t *table) size() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.n
}

func (t *table) empty() bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.size() == 0
}

// Run looks and writes at the same time; both must come through.
func Run() string {
	var t table
	var wg sync.WaitGroup
	wg.Go(func() { t.empty() })
	wg.Go(func() {
		t.mu.Lock()
		t.n++
		t.mu.Unlock()
	})
	wg.Wait()
	return ""
}
