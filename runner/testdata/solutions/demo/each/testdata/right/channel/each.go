package each

import "fmt"

func Sum(n int, task func(i int) int) int {
	fmt.Println("the learner may print")
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
