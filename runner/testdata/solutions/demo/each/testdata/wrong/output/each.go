//kata:wrong kind=resource  prints without end

package each

import "fmt"

func Sum(n int, task func(i int) int) int {
	for {
		fmt.Println("again and again and again and again")
	}
}
