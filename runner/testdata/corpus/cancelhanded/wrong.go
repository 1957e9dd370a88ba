//kata:wrong kind=wrong  who looks twice may see two different things, whoever it is that cancels

package corpus

import (
	"context"
	"sync"
)

type job struct {
	mu  sync.Mutex
	ctx context.Context
}

func (j *job) cancelled() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.ctx.Err() != nil
}

// Run cancels by a function that is handed on as a value, while another looks.
func Run() string {
	ctx, cancel := context.WithCancel(context.Background())
	j := job{ctx: ctx}
	said := ""
	var wg sync.WaitGroup
	wg.Go(cancel)
	wg.Go(func() {
		if !j.cancelled() && j.cancelled() {
			said = "the job goes on, and is cancelled"
		}
	})
	wg.Wait()
	return said
}
