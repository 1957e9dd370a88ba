package corpus

import (
	"context"
	"sync"
	"time"
)

// Run waits on a condition for what the end of a context does in a goroutine of its own.
func Run() string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	var mu sync.Mutex
	ended := sync.NewCond(&mu)
	over := false
	stop := context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		over = true
		ended.Broadcast()
	})
	defer stop()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			for !over {
				ended.Wait()
			}
		})
	}
	wg.Wait()
	return ""
}
