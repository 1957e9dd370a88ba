//kata:wrong kind=panic  two see that it is open, and both close it

package corpus

import "sync"

type stopper struct{ done chan struct{} }

func (s *stopper) stop() {
	select {
	case <-s.done:
	default:
		close(s.done)
	}
}

// Run stops twice at the same time; the second stop must do nothing.
func Run() string {
	s := stopper{make(chan struct{})}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(s.stop)
	}
	wg.Wait()
	return ""
}
