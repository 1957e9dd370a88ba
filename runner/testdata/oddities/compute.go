package corpus

import (
	"fmt"
	"sync"
)

// Run computes for a while: loops that wait for nothing are no spins.
func Run() string {
	var mu sync.Mutex
	longest := 0
	var wg sync.WaitGroup
	for from := range 2 {
		wg.Go(func() {
			for n := from + 1; n < 300; n += 2 {
				steps := 0
				for x := n; x != 1; steps++ {
					if x%2 == 0 {
						x /= 2
					} else {
						x = 3*x + 1
					}
				}
				for steps > 0 {
					steps /= 2
				}
				mu.Lock()
				longest = max(longest, n)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if longest != 299 {
		return fmt.Sprint("the longest is ", longest)
	}
	return ""
}
