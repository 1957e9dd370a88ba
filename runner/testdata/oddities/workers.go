package corpus

import (
	"fmt"
	"sync"
)

// Run has workers that take jobs from a channel under a limit, with a goroutine that waits for all of them.
func Run() string {
	jobs, results := make(chan int), make(chan int)
	var workers sync.WaitGroup
	for range 2 {
		workers.Go(func() {
			for j := range jobs {
				results <- j * j
			}
		})
	}
	go func() {
		workers.Wait()
		close(results)
	}()
	go func() {
		for j := range 3 {
			jobs <- j
		}
		close(jobs)
	}()
	sum := 0
	for r := range results {
		sum += r
	}
	if sum != 5 {
		return fmt.Sprintf("0, 1 and 4 are %d", sum)
	}
	return ""
}
