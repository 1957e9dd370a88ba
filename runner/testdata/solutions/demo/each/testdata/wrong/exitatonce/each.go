//kata:wrong kind=exit  ends the process before any test runs

package each

import "log"

func init() { log.Fatal("not today") }

func Sum(n int, task func(i int) int) int { return 0 }
