package corpus

import "fmt"

func send(n int) <-chan int {
	c := make(chan int, 1)
	go func() {
		c <- n
		close(c)
	}()
	return c
}

// Run adds up what comes from two channels until both are closed; nothing may be lost.
func Run() string {
	a, b := send(1), send(2)
	sum := 0
	for open := 2; open > 0; {
		select {
		case n, ok := <-a:
			if !ok {
				open, a = open-1, nil
			}
			sum += n
		case n, ok := <-b:
			if !ok {
				open, b = open-1, nil
			}
			sum += n
		}
	}
	if sum != 3 {
		return fmt.Sprintf("1 and 2 were sent, and the sum is %d", sum)
	}
	return ""
}
