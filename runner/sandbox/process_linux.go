package sandbox

import (
	"os"
	"syscall"
	"unsafe"
)

// attributes give the command a session of its own, and with it a process group; it has no terminal then. The kernel
// kills it when the thread that started it ends, and so when the runner is killed.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}

// startHeld starts a process and holds it before its first instruction, by tracing it (ptrace(2), PTRACE_TRACEME), so
// that what is set for it is in force before it can have a child. Where tracing is not allowed it runs at once.
func startHeld(path string, argv []string, attr *os.ProcAttr) (*os.Process, error) {
	attr.Sys.Ptrace = true
	p, err := os.StartProcess(path, argv, attr)
	if err != nil {
		attr.Sys.Ptrace = false
		return os.StartProcess(path, argv, attr)
	}
	wait(p.Pid, wStopped|wExited|wNoWait)
	return p, nil
}

// release lets a held process run. It fails where the process was not held, or was killed by now: both are well.
func release(pid int) {
	spare(pid)
	_ = syscall.PtraceDetach(pid)
}

// spare makes a process, and its children to come, the first to go when the whole machine is out of memory
// (proc_pid_oom_score_adj(5)), and has it leave no core dumps. What cannot be set is done without.
func spare(pid int) {
	if f, err := os.OpenFile(procFolder(pid)+"/oom_score_adj", os.O_WRONLY, 0); err == nil {
		_, _ = f.WriteString("1000")
		f.Close()
	}
	_ = prlimit(pid, syscall.RLIMIT_CORE, &rlimit64{}, nil)
}

// awaitExit waits until the child pid has ended and leaves it a zombie. It reports false where that cannot be done.
func awaitExit(pid int) bool { return wait(pid, wExited|wNoWait) }

// From <linux/wait.h>.
const (
	pPID     = 1
	wStopped = 0x2
	wExited  = 0x4
	wNoWait  = 0x1000000
)

// wait waits for the child pid and for no other, see waitid(2).
func wait(pid int, options uintptr) bool {
	var info [128]byte // siginfo_t; nothing of it is needed
	for {
		_, _, errno := syscall.Syscall6(syscall.SYS_WAITID, pPID, uintptr(pid), uintptr(unsafe.Pointer(&info)), options, 0, 0)
		if errno != syscall.EINTR {
			return errno == 0
		}
	}
}
