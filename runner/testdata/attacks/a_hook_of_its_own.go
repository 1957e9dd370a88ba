//kata:attack kata=demo/each kind=policy rule=import bare=wrong  calls the scheduler of the explored lens

package each

import "github.com/python-concurrency/kata/katas/lab/hook"

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	hook.Choice()
	return 0
}
