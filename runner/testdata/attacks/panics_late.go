//kata:attack kata=demo/each kind=panic rule=panic  is right, and panics beside the last test

package each

import "time"

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
	if n == 4 { // the lens with a real clock
		go func() { panic("late") }()
		time.Sleep(time.Hour)
	}
	return sum
}
