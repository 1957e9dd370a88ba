//kata:wrong kind=exit  ends the process

package each

import "log"

func Sum(n int, task func(i int) int) int {
	log.Fatal("that was it")
	return 0
}
