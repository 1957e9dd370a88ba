//kata:attack kata=demo/each kind=panic  panics with nil

package each

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	panic(nil)
}
