//kata:attack kata=demo/each kind=race rule=race  races with itself before the first test, when no test is looking

package each

import "time"

var seen int

func init() {
	go func() { seen++ }()
	seen++
	time.Sleep(20 * time.Millisecond)
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
	return sum
}
