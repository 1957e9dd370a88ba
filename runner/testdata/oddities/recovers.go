package corpus

import (
	"fmt"
	"runtime"
	"sync"
)

// Run has goroutines that panic and recover, and one that ends by Goexit, each giving back what it holds.
func Run() string {
	var mu sync.Mutex
	caught := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			defer func() {
				if recover() != nil {
					mu.Lock()
					caught++
					mu.Unlock()
				}
			}()
			mu.Lock()
			defer mu.Unlock()
			panic("on purpose")
		})
	}
	wg.Go(func() {
		mu.Lock()
		defer mu.Unlock()
		runtime.Goexit()
	})
	wg.Wait()
	if caught != 2 {
		return fmt.Sprintf("of two panics %d were caught", caught)
	}
	return ""
}
