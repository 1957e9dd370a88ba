//kata:wrong kind=wrong  adds by an atomic load and an atomic store

package each

import (
	"sync"
	"sync/atomic"
)

func Sum(n int, task func(i int) int) int {
	var done sync.WaitGroup
	var sum atomic.Int64
	for i := range n {
		done.Go(func() {
			v := task(i)
			sum.Store(sum.Load() + int64(v))
		})
	}
	done.Wait()
	return int(sum.Load())
}
