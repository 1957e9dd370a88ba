//kata:wrong kind=panic  Stop does not wait for a timer's function that has begun

package corpus

import "time"

// Run gives up at the moment at which the timer fires; the function must have sent by then or never run.
func Run() string {
	late := make(chan int, 1)
	timer := time.AfterFunc(time.Second, func() { late <- 1 })
	time.Sleep(time.Second)
	timer.Stop()
	close(late)
	return ""
}
