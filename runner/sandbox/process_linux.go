package sandbox

import (
	"syscall"
	"unsafe"
)

// attributes give the command a session of its own, and with it a process group; it has no terminal then. The kernel
// kills it when the thread that started it ends, and so when the runner is killed.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}

// From <linux/wait.h>.
const (
	pPID    = 1
	wExited = 0x4
	wNoWait = 0x1000000
)

// awaitExit waits until the child pid has ended and leaves it a zombie, see waitid(2). It reports false where that
// cannot be done.
func awaitExit(pid int) bool {
	var info [128]byte // siginfo_t; nothing of it is needed
	for {
		_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, pPID, uintptr(pid), uintptr(unsafe.Pointer(&info)), wExited|wNoWait, 0, 0)
		if errno != syscall.EINTR {
			return errno == 0
		}
	}
}
