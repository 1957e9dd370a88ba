//kata:wrong kind=deadlock  one signal for two who wait for different things

package corpus

import "sync"

// Run has two goroutines wait for a different number each; all must come through.
func Run() string {
	var mu sync.Mutex
	changed := sync.NewCond(&mu)
	n := 0
	var wg sync.WaitGroup
	for want := range 2 {
		wg.Go(func() {
			mu.Lock()
			for n <= want {
				changed.Wait()
			}
			mu.Unlock()
		})
	}
	wg.Go(func() {
		mu.Lock()
		n = 2
		changed.Signal()
		mu.Unlock()
	})
	wg.Wait()
	return ""
}
