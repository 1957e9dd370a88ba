//kata:attack kata=demo/each kind=panic  asks for more memory than there are addresses

package each

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	size := 1 << 50
	return len(make([]int, size*n))
}
