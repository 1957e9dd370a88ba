package corpus

import (
	"fmt"
	"time"
)

// Run ticks until it is told to stop, and the ticker's goroutine ends with it.
func Run() string {
	tick := time.NewTicker(time.Second)
	stop, stopped := make(chan struct{}), make(chan struct{})
	n := 0
	go func() {
		defer close(stopped)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				n++
			case <-stop:
				return
			}
		}
	}()
	time.Sleep(3500 * time.Millisecond)
	close(stop)
	<-stopped
	if n != 3 {
		return fmt.Sprintf("%d ticks in three and a half seconds", n)
	}
	return ""
}
