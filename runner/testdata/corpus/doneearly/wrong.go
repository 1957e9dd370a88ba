//kata:wrong kind=wrong  the group is told that the work is done before it is

package corpus

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// Run has two goroutines do a job each; both must be done when Wait comes back.
func Run() string {
	var done atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			wg.Done()
			done.Add(1)
		}()
	}
	wg.Wait()
	if n := done.Load(); n != 2 {
		return fmt.Sprintf("two jobs were waited for, and %d are done", n)
	}
	return ""
}
