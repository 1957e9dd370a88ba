//kata:wrong kind=wrong  drops the lock between the read and the write

package each

import "sync"

func Sum(n int, task func(i int) int) int {
	var mu sync.Mutex
	var done sync.WaitGroup
	sum := 0
	for i := range n {
		done.Go(func() {
			v := task(i)
			mu.Lock()
			old := sum
			mu.Unlock()
			mu.Lock()
			sum = old + v
			mu.Unlock()
		})
	}
	done.Wait()
	return sum
}
