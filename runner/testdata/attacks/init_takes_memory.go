//kata:attack kata=demo/each kind=resource  never comes to the tests: a variable fills the memory

package each

var kept = fill()

func fill() (all [][]byte) {
	for {
		b := make([]byte, 1<<24)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		all = append(all, b)
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
