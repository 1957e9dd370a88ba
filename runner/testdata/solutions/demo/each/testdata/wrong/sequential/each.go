//kata:wrong kind=timing  runs the tasks one after another

package each

func Sum(n int, task func(i int) int) int {
	sum := 0
	for i := range n {
		sum += task(i)
	}
	return sum
}
