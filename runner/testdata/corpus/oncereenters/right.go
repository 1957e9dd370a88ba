package corpus

import (
	"sync"
	"sync/atomic"
)

type service struct {
	once   sync.Once
	failed atomic.Bool
}

func (s *service) start() {
	s.once.Do(func() {
		if s.failed.Load() {
			s.restart()
		}
	})
}

func (s *service) restart() {
	s.failed.Store(false)
}

// Run starts a service while somebody says that it failed; the start must come to its end.
func Run() string {
	var s service
	var wg sync.WaitGroup
	wg.Go(s.start)
	wg.Go(func() { s.failed.Store(true) })
	wg.Wait()
	return ""
}
