//kata:attack kata=demo/each kind=race rule=race  races with itself beside the tests, whoever is running

package each

import "time"

var seen int

func init() {
	for range 2 {
		go func() {
			for range 5 {
				time.Sleep(time.Millisecond)
				seen++
			}
		}()
	}
}

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
		time.Sleep(50 * time.Millisecond)
	}
	return sum
}
