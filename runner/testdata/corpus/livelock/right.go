package corpus

import (
	"sync"
	"sync/atomic"
)

// Run has two share one spoon; whoever has it passes it on while the other is still hungry.
func Run() string {
	var spoon atomic.Int64
	var hungry [2]atomic.Bool
	hungry[0].Store(true)
	hungry[1].Store(true)
	var wg sync.WaitGroup
	for me := range int64(2) {
		wg.Go(func() {
			for hungry[me].Load() {
				if spoon.Load() != me {
					continue
				}
				hungry[me].Store(false)
				spoon.Store(1 - me)
			}
		})
	}
	wg.Wait()
	return ""
}
