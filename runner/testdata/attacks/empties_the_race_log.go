//kata:attack kata=demo/each kind=policy rule=import bare=policy  races, and empties the race detector's log

package each

import (
	"os"
	"path/filepath"
)

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	sum := 0
	done := make(chan bool)
	for i := range n {
		go func() {
			sum += task(i)
			done <- true
		}()
	}
	for range n {
		<-done
	}
	logs, _ := filepath.Glob(os.Getenv("TMPDIR") + "/race*")
	for _, log := range logs {
		_ = os.Truncate(log, 0)
	}
	return sum
}
