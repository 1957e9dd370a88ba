//go:build unix && !aix && !solaris

package main

import (
	"syscall"
	"unsafe"
)

// windowColumns asks the terminal behind a file descriptor for its width; 0 where there is none.
func windowColumns(fd uintptr) int {
	var size struct{ rows, columns, x, y uint16 }
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, fd, syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size)))
	if errno != 0 {
		return 0
	}
	return int(size.columns)
}
