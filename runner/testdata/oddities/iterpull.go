package corpus

import (
	"fmt"
	"iter"
	"sync"
)

// Run pulls values out of iterators in two goroutines that share a counter: a coroutine is a goroutine of its own to the
// runtime, and takes turns with the one that pulls.
func Run() string {
	var mu sync.Mutex
	n := 0
	count := func(yield func(int) bool) {
		for i := range 3 {
			mu.Lock()
			n++
			mu.Unlock()
			if !yield(i) {
				return
			}
		}
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			next, stop := iter.Pull(count)
			defer stop()
			for range 2 {
				next()
			}
		})
	}
	wg.Wait()
	if n != 4 {
		return fmt.Sprintf("two pulled twice, and %d were made", n)
	}
	return ""
}
