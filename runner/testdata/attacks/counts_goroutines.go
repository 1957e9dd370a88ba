//kata:attack kata=demo/each kind=timing  works only where few goroutines say that a test is running

package each

import "runtime"

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	sum := 0
	if runtime.NumGoroutine() < 100 {
		for i := range n {
			sum += task(i)
		}
	}
	return sum
}
