//kata:wrong kind=deadlock  the way out with an error keeps the permit

package corpus

import (
	"errors"
	"sync"
	"sync/atomic"
)

var errBusy = errors.New("busy")

type pool struct {
	permits chan struct{}
	busy    atomic.Int64
}

func (p *pool) do() error {
	p.permits <- struct{}{}
	if p.busy.Add(1) > 1 {
		return errBusy
	}
	p.busy.Add(-1)
	<-p.permits
	return nil
}

// Run does three jobs with two permits; whether one is busy or not, all must come back.
func Run() string {
	p := pool{permits: make(chan struct{}, 2)}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { _ = p.do() })
	}
	wg.Wait()
	p.permits <- struct{}{}
	p.permits <- struct{}{}
	return ""
}
