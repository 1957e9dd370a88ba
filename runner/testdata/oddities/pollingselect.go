package corpus

import (
	"runtime"
	"sync"
)

// Run polls a channel with a default case until it is closed.
func Run() string {
	done := make(chan struct{})
	rounds := 0
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				rounds++
				runtime.Gosched()
			}
		}
	})
	wg.Go(func() { close(done) })
	wg.Wait()
	return ""
}
