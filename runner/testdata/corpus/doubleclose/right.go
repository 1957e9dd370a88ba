package corpus

import "sync"

type stopper struct {
	once sync.Once
	done chan struct{}
}

func (s *stopper) stop() {
	s.once.Do(func() { close(s.done) })
}

// Run stops twice at the same time; the second stop must do nothing.
func Run() string {
	s := stopper{done: make(chan struct{})}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(s.stop)
	}
	wg.Wait()
	return ""
}
