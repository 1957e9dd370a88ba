package each

import (
	"sync"
	"time"
)

// One lock for all calls, in a package variable, and held over a sleep: odd and right.
var mu sync.Mutex

func Sum(n int, task func(i int) int) int {
	results := make([]int, n)
	var done sync.WaitGroup
	for i := range n {
		done.Go(func() { results[i] = task(i) })
	}
	done.Wait()
	mu.Lock()
	defer mu.Unlock()
	time.Sleep(0)
	sum := 0
	for _, r := range results {
		sum += r
	}
	return sum
}
