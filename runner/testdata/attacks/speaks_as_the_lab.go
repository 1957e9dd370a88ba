//kata:attack kata=demo/each kind=policy rule=import bare=*  reports as the lab does

package each

import (
	"github.com/python-concurrency/kata/katas/lab"
	"testing"
)

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	lab.Virtual(new(testing.T), func(*lab.T) {})
	return 0
}
