package corpus

import (
	"fmt"
	"sync"
)

// Run has a pipeline of three stages, of which the last one stops early and tells the others.
func Run() string {
	done := make(chan struct{})
	stage := func(in <-chan int) <-chan int {
		out := make(chan int)
		go func() {
			defer close(out)
			for n := range in {
				select {
				case out <- n * 2:
				case <-done:
					return
				}
			}
		}()
		return out
	}
	source := make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(source)
		for n := 1; ; n++ {
			select {
			case source <- n:
			case <-done:
				return
			}
		}
	})
	sum := 0
	for n := range stage(stage(source)) {
		if sum += n; n >= 8 {
			break
		}
	}
	close(done)
	wg.Wait()
	if sum != 12 {
		return fmt.Sprintf("4 and 8 are %d", sum)
	}
	return ""
}
