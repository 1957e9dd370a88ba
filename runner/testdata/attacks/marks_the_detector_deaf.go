//kata:attack kata=demo/each kind=policy rule=import bare=*  makes the race detector deaf

package each

import "runtime/race"

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	_ = race.X
	return 0
}
