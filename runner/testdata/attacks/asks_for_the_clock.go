//kata:attack kata=demo/each kind=timing  sees by the clock that it is in a bubble, and does no more than is measured there

package each

import "time"

// Sum is right, one task after the other.
func Sum(n int, task func(i int) int) int {
	virtual := time.Now().Year() == 2000
	sum := 0
	for i := range n {
		if virtual && n > 9 {
			go task(i)
		}
		sum += task(i)
	}
	return sum
}
