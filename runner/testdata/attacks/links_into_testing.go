//kata:attack kata=demo/each kind=policy rule=directive bare=*  puts a function of its own in the place of the one that fails a test

package each

import "time"

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	time.Sleep(0)
	return 0
}

//go:linkname fail testing.(*common).Fail
func fail(any) {}
