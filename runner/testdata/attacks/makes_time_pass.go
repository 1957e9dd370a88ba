//kata:attack kata=demo/each kind=timing  lets the virtual clock run on, so that its own lateness is not seen

package each

import "time"

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	time.Sleep(time.Hour)
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
