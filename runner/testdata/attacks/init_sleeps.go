//kata:attack kata=demo/each kind=deadlock  never comes to the tests: an init sleeps

package each

import "time"

func init() { time.Sleep(time.Hour) }

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
