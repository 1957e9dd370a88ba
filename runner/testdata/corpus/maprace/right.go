package corpus

import "sync"

type registry struct {
	mu    sync.Mutex
	names map[string]int
}

func (r *registry) add(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names[name]++
}

func (r *registry) has(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.names[name]
	return ok
}

// Run adds a name and asks for it at the same time; the map must be guarded in both.
func Run() string {
	r := &registry{names: make(map[string]int)}
	var wg sync.WaitGroup
	wg.Go(func() { r.add("a") })
	wg.Go(func() { r.has("a") })
	wg.Wait()
	return ""
}
