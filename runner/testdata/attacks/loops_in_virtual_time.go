//kata:attack kata=demo/each kind=spin  sleeps without end where sleeping costs nothing

package each

import "time"

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	for {
		time.Sleep(time.Nanosecond)
	}
}
