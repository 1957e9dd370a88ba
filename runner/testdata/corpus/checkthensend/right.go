package corpus

import (
	"context"
	"sync"
)

// Run waits for an answer or a cancel, whichever comes first; the sender must end in both cases.
func Run() string {
	ctx, cancel := context.WithCancel(context.Background())
	answer := make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() { cancel() })
	go func() {
		select {
		case answer <- 1:
		case <-ctx.Done():
		}
	}()
	select {
	case <-answer:
	case <-ctx.Done():
	}
	wg.Wait()
	return ""
}
