//kata:wrong kind=leak  after the look at the context nobody may be there to receive

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
		if ctx.Err() == nil {
			answer <- 1
		}
	}()
	select {
	case <-answer:
	case <-ctx.Done():
	}
	wg.Wait()
	return ""
}
