//kata:attack kata=demo/each kind=policy rule=import bare=exit  becomes the same program without a race detector's log or any channel

package each

import (
	"os"
	"syscall"
)

func init() {
	if os.Getenv("AGAIN") == "" {
		_ = syscall.Exec("/proc/self/exe", os.Args, []string{"AGAIN=1", "GORACE=exitcode=0 log_path=/dev/null"})
	}
}

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	return 0
}
