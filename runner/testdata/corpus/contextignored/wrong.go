//kata:wrong kind=leak  the worker waits for work and not for the end

package corpus

import "context"

// Run starts a worker and cancels it before there is any work; it must end.
func Run() string {
	ctx, cancel := context.WithCancel(context.Background())
	work := make(chan int)
	started := make(chan bool)
	go func() {
		close(started)
		for {
			if ctx.Err() != nil {
				return
			}
			<-work
		}
	}()
	<-started
	cancel()
	return ""
}
