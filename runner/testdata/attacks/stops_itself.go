//kata:attack kata=demo/each kind=policy rule=import bare=*  stops itself, and does not end

package each

import (
	"os"
	"syscall"
)

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	return 0
}
