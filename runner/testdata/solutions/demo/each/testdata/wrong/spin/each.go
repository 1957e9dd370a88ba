//kata:wrong kind=spin  asks in a loop whether all are done

package each

import "sync/atomic"

func Sum(n int, task func(i int) int) int {
	var sum, left atomic.Int64
	left.Store(int64(n))
	for i := range n {
		go func() {
			sum.Add(int64(task(i)))
			left.Add(-1)
		}()
	}
	for left.Load() > 0 {
	}
	return int(sum.Load())
}
