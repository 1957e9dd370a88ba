//kata:attack kata=demo/each kind=panic rule=panic  is right, and panics in a goroutine that outlives the test

package each

import "time"

func init() {
	go func() {
		time.Sleep(10 * time.Millisecond)
		panic("late")
	}()
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
