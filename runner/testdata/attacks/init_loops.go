//kata:attack kata=demo/each kind=spin  never comes to the tests: an init loops

package each

func init() {
	for {
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
	return sum
}
