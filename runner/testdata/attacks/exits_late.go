//kata:attack kata=demo/each kind=policy rule=import bare=exit  is right up to the last test, and exits with success before that can end

package each

import "os"

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
	if n == 4 {
		os.Exit(0)
	}
	return sum
}
