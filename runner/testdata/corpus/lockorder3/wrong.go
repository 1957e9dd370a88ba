//kata:wrong kind=deadlock  three philosophers take the left fork first

package corpus

import "sync"

// Run has three eat at a round table, each with the forks on both sides; all must have eaten.
func Run() string {
	var forks [3]sync.Mutex
	var wg sync.WaitGroup
	for i := range forks {
		wg.Go(func() {
			left, right := i, (i+1)%3
			forks[left].Lock()
			forks[right].Lock()
			forks[right].Unlock()
			forks[left].Unlock()
		})
	}
	wg.Wait()
	return ""
}
