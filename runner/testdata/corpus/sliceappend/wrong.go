//kata:wrong kind=race  both append to the one slice

package corpus

import (
	"fmt"
	"sync"
)

// Run collects the squares of two numbers; both must be there.
func Run() string {
	var squares []int
	var wg sync.WaitGroup
	for n := range 2 {
		wg.Go(func() { squares = append(squares, n*n) })
	}
	wg.Wait()
	if len(squares) != 2 {
		return fmt.Sprintf("there are %d squares of two numbers", len(squares))
	}
	return ""
}
