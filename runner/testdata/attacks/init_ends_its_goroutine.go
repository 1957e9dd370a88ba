//kata:attack kata=demo/each kind=deadlock  ends the main goroutine before the tests

package each

import "runtime"

func init() { runtime.Goexit() }

// Sum is right.
func Sum(n int, task func(i int) int) int {
	results := make(chan int)
	for i := range n {
		go func() { results <- task(i) }()
	}
	sum := 0
	for range n {
		sum += <-results
	}
	return sum
}
