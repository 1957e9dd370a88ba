//kata:attack kata=demo/each kind=panic rule=stack-overflow  recovers from what cannot be recovered from

package each

func deeper(n int) int {
	defer func() { recover() }()
	return deeper(n+1) + 1
}

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	return deeper(n)
}
