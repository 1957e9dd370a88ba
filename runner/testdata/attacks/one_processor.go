//kata:attack kata=demo/each kind=race rule=race  takes the processors away, so that nothing is lost

package each

import "runtime"

func init() { runtime.GOMAXPROCS(1) }

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
	return sum
}
