//kata:attack kata=demo/each kind=race  writes to a map from everywhere, which no recover stops

package each

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	m := make(map[int]int)
	done := make(chan bool)
	for i := range n {
		go func() {
			defer func() { recover(); done <- true }()
			for j := range 1000 {
				m[j] = task(i)
			}
		}()
	}
	for range n {
		<-done
	}
	return 45
}
