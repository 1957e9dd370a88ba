//go:build unix

package sandbox

import (
	"os"
	"syscall"
)

// quit asks a Go program for its goroutine dump.
func quit(p *os.Process) error { return p.Signal(syscall.SIGQUIT) }

func signalName(state *os.ProcessState) string {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return status.Signal().String()
	}
	return ""
}

// killGroup kills every process of the group that pid leads. A process that is being forked meanwhile does not escape:
// the kernel gives up the fork.
func killGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }
