//kata:attack kata=demo/each kind=exit  exits by a logger's method, which has no package's name

package each

import "log"

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	log.Default().Fatal("enough")
	return 0
}
