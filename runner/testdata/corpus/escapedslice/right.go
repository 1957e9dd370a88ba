package corpus

import "sync"

type roster struct {
	mu    sync.Mutex
	names []string
}

func (r *roster) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.names...)
}

func (r *roster) rename(i int, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names[i] = name
}

// Run reads the names while one of them changes; the reader must have a name.
func Run() string {
	r := roster{names: []string{"a"}}
	said := ""
	var wg sync.WaitGroup
	wg.Go(func() {
		if r.all()[0] == "" {
			said = "there is no name"
		}
	})
	wg.Go(func() { r.rename(0, "b") })
	wg.Wait()
	return said
}
