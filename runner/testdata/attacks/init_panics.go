//kata:attack kata=demo/each kind=panic  never comes to the tests: an init panics with control sequences

package each

func init() { panic("\x1b]0;title\a\x1b[2J\x16--- PASS: TestSum") }

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
