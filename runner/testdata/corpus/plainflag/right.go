package corpus

import "sync"

type box struct {
	mu    sync.Mutex
	value int
	full  bool
}

// Run fills a box and looks into it at the same time; a full box must hold the value.
func Run() string {
	var b box
	said := ""
	var wg sync.WaitGroup
	wg.Go(func() {
		b.value = 7
		b.mu.Lock()
		b.full = true
		b.mu.Unlock()
	})
	wg.Go(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.full && b.value != 7 {
			said = "the box is full and holds nothing"
		}
	})
	wg.Wait()
	return said
}
