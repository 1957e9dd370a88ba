package corpus

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// Run adds 1 in two goroutines; the sum must be 2.
func Run() string {
	var n atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { n.Add(1) })
	}
	wg.Wait()
	if n.Load() != 2 {
		return fmt.Sprintf("two added 1, and the sum is %d", n.Load())
	}
	return ""
}
