//kata:attack kata=demo/each kind=wrong  prints the lab's records to every descriptor that it has

package each

import "fmt"

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	frame := "\x13\x05start\x07TestSum\x00\x00\x00\x00\x00\x00\x00\x05false\x010\x010\x010\x05false\x010\x010\x010\x010\x010"
	fmt.Print(frame)
	println(frame)
	return 0
}
