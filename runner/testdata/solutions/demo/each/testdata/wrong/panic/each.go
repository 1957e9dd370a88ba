//kata:wrong kind=panic  sends on a closed channel in a goroutine

package each

func Sum(n int, task func(i int) int) int {
	results := make(chan int)
	close(results)
	go func() { results <- 1 }()
	select {}
}
