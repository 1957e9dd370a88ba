//kata:attack kata=demo/each kind=timing  calls no task at the same time as another and counts on the answers

package each

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	sum := 0
	for i := range n {
		done := make(chan bool)
		go func() { sum += task(i); done <- true }()
		<-done
	}
	return sum
}
