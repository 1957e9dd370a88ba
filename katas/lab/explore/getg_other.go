//go:build !amd64 && !arm64

package explore

import "runtime"

// getg is the number of the calling goroutine, read off the head of its stack ("goroutine 7 [running]:"): slow, but
// the same everywhere.
func getg() uintptr {
	var buf [64]byte
	n := runtime.Stack(buf[:], false)
	var id uintptr
	for _, c := range buf[len("goroutine "):n] {
		if c < '0' || c > '9' {
			break
		}
		id = id*10 + uintptr(c-'0')
	}
	return id
}
