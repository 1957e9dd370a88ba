package lab

import (
	"runtime"
	"strings"
)

// maxStacks bounds what is kept of a dump of all goroutines, in bytes.
const maxStacks = 256 << 10

// ownStack is the stack of the calling goroutine.
func ownStack() string {
	buf := make([]byte, 16<<10)
	return string(buf[:runtime.Stack(buf, false)])
}

// goroutines are the stacks of all goroutines for which keep holds, as runtime.Stack prints them.
func goroutines(keep func(stack string) bool) string {
	buf := make([]byte, maxStacks)
	buf = buf[:runtime.Stack(buf, true)]
	var kept []string
	for _, g := range strings.Split(string(buf), "\n\n") {
		if keep(g) {
			kept = append(kept, g)
		}
	}
	return strings.Join(kept, "\n\n")
}

// header is the first line of a goroutine's stack: "goroutine 7 [chan receive (durable), synctest bubble 3]:".
func header(stack string) string {
	line, _, _ := strings.Cut(stack, "\n")
	return line
}
