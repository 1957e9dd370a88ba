//kata:attack kata=demo/each kind=policy rule=identifier bare=timing  asks who is calling

package each

import "runtime"

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	pc := make([]uintptr, 32)
	if runtime.Callers(0, pc) > 0 {
		sum := 0
		for i := range n {
			sum += task(i)
		}
		return sum
	}
	return 0
}
