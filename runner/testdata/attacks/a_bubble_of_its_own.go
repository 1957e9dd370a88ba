//kata:attack kata=demo/each kind=policy rule=import bare=*  opens a bubble, in which time is its own

package each

import (
	"testing"
	"testing/synctest"
)

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	synctest.Test(new(testing.T), func(*testing.T) {})
	return 0
}
