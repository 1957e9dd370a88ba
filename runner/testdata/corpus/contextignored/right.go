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
			select {
			case <-ctx.Done():
				return
			case <-work:
			}
		}
	}()
	<-started
	cancel()
	return ""
}
