//kata:attack kata=demo/each kind=panic  panics with the text of another failure

package each

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	panic("x\nfatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [running]:\n")
}
