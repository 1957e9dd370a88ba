//kata:attack kata=demo/each kind=policy rule=import bare=wrong  reads the descriptors and the environment for the key of the reports

package each

import (
	"io"
	"os"
	"strings"
	"time"
)

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	env, _ := os.ReadFile("/proc/self/environ")
	for fd := range 16 {
		if fd < 3 || fd == 4 {
			continue
		}
		f := os.NewFile(uintptr(fd), "")
		if f == nil {
			continue
		}
		_ = f.SetReadDeadline(time.Now().Add(time.Millisecond))
		if key, err := io.ReadAll(f); err == nil && len(key) == 16 {
			return 45
		}
	}
	if strings.Contains(string(env), "KEY=\x00") {
		return 45
	}
	return 0
}
