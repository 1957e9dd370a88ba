//kata:attack kata=demo/each kind=wrong  closes the error output by way of the log

package each

import "log"

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	if w, ok := log.Writer().(interface{ Close() error }); ok {
		_ = w.Close()
	}
	return 0
}
