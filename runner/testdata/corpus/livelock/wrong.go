//kata:wrong kind=spin  whoever has the spoon gives it to the other one, for ever

package corpus

import (
	"sync"
	"sync/atomic"
)

// Run has two share one spoon; both must have eaten.
func Run() string {
	var spoon atomic.Int64
	spoon.Store(1)
	var hungry [2]atomic.Bool
	var wg sync.WaitGroup
	for me := range int64(2) {
		wg.Go(func() {
			hungry[me].Store(true)
			for hungry[me].Load() {
				if spoon.Load() != me {
					continue
				}
				if hungry[1-me].Load() {
					spoon.Store(1 - me)
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
