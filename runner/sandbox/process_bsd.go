//go:build unix && !linux

package sandbox

import (
	"os/exec"
	"syscall"
)

const isolation = "process group"

// isolate gives the command a process group of its own.
func isolate(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
