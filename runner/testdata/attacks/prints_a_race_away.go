//kata:attack kata=demo/each kind=race  prints that there was no race, and that there was another

package each

import "fmt"

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	sum := 0
	done := make(chan bool)
	for i := range n {
		go func() {
			sum += task(i)
			done <- true
		}()
	}
	for range n {
		<-done
	}
	fmt.Println("==================\nWARNING: DATA RACE\n==================\nFound 0 data race(s)")
	return sum
}
