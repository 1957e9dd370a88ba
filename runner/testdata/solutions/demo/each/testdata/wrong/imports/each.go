//kata:wrong kind=policy  imports os

package each

import "os"

func Sum(n int, task func(i int) int) int { os.Exit(0); return 0 }
