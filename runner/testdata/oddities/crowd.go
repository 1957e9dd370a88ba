package corpus

import (
	"fmt"
	"sync"
)

// Run has a hundred goroutines count.
func Run() string {
	var mu sync.Mutex
	n := 0
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			n++
		})
	}
	wg.Wait()
	if n != 100 {
		return fmt.Sprintf("a hundred counted, and the count is %d", n)
	}
	return ""
}
