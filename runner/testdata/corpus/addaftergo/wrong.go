//kata:wrong kind=wrong  the group is told by the goroutine itself

package corpus

import "sync"

// Run starts a goroutine and waits for it; it must have run when Wait comes back.
func Run() string {
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := false
	go func() {
		wg.Add(1)
		defer wg.Done()
		mu.Lock()
		done = true
		mu.Unlock()
	}()
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	if !done {
		return "Wait came back before the goroutine had run"
	}
	return ""
}
