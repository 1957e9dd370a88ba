package corpus

import "time"

// Run asks somebody who takes a second, and waits for as long; who answers late must end too.
func Run() string {
	answer := make(chan int, 1)
	go func() {
		time.Sleep(time.Second)
		answer <- 1
	}()
	select {
	case <-answer:
	case <-time.After(time.Second):
	}
	return ""
}
