//kata:wrong kind=leak  who gives up leaves the one who answers late

package corpus

import "time"

// Run asks somebody who takes a second, and waits for as long; who answers late must end too.
func Run() string {
	answer := make(chan int)
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
