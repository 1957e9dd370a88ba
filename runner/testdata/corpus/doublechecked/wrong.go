//kata:wrong kind=race  the first look is outside of the lock

package corpus

import "sync"

type config struct{ name string }

type holder struct {
	mu sync.Mutex
	c  *config
}

func (h *holder) get() *config {
	if h.c != nil {
		return h.c
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.c == nil {
		h.c = &config{"default"}
	}
	return h.c
}

// Run has two goroutines get the one configuration; both must see it whole.
func Run() string {
	var h holder
	var names [2]string
	var wg sync.WaitGroup
	for i := range names {
		wg.Go(func() { names[i] = h.get().name })
	}
	wg.Wait()
	if names[0] != names[1] {
		return "the two have different configurations"
	}
	return ""
}
