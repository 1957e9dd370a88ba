// Package each is the reference solution.
package each

import "sync"

// Sum adds up what task returns for 0 to n-1. All tasks run at the same time.
func Sum(n int, task func(i int) int) int {
	var mu sync.Mutex
	var done sync.WaitGroup
	sum := 0
	for i := range n {
		done.Go(func() {
			v := task(i)
			mu.Lock()
			defer mu.Unlock()
			sum += v
		})
	}
	done.Wait()
	return sum
}
