//kata:wrong kind=leak  starts a goroutine that nobody ends

package each

import "sync"

func Sum(n int, task func(i int) int) int {
	stop := make(chan bool)
	go func() { <-stop }()
	var mu sync.Mutex
	var done sync.WaitGroup
	sum := 0
	for i := range n {
		done.Go(func() {
			v := task(i)
			mu.Lock()
			sum += v
			mu.Unlock()
		})
	}
	done.Wait()
	return sum
}
