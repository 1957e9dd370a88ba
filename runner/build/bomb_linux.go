package build

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// limitTool limits a process that has just begun. What cannot be limited is done without.
func limitTool(pid int) {
	for resource, most := range map[int]uint64{
		unix.RLIMIT_CPU:   uint64(toolCPU.Seconds()),
		unix.RLIMIT_AS:    toolMemory,
		unix.RLIMIT_FSIZE: toolFile,
		unix.RLIMIT_CORE:  0,
	} {
		// A Go program pays no heed to the soft limit of CPU time; the hard one kills.
		_ = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: most, Max: most}, nil)
	}
}

// killed: the kernel ended the process, for CPU time or because memory is short.
func killed(exit *exec.ExitError) bool {
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}
