package corpus

import (
	"fmt"
	"sync"
)

// Run collects the squares of two numbers; both must be there.
func Run() string {
	squares := make([]int, 2)
	var wg sync.WaitGroup
	for n := range 2 {
		wg.Go(func() { squares[n] = n * n })
	}
	wg.Wait()
	if len(squares) != 2 {
		return fmt.Sprintf("there are %d squares of two numbers", len(squares))
	}
	return ""
}
