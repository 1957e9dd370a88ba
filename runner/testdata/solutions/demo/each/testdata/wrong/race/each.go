//kata:wrong kind=race  adds without a lock

package each

import "sync"

func Sum(n int, task func(i int) int) int {
	var done sync.WaitGroup
	sum := 0
	for i := range n {
		done.Go(func() { sum += task(i) })
	}
	done.Wait()
	return sum
}
