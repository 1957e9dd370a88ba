//go:build amd64 || arm64

package explore

// getg is the address of the runtime's record of the calling goroutine: a name for it that costs nothing to read. The
// runtime uses a record again once its goroutine has ended.
func getg() uintptr
