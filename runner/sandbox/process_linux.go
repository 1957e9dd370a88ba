package sandbox

import (
	"os/exec"
	"syscall"
)

const isolation = "process group and process tree, limits watched"

// isolate gives the command a process group of its own, and ends it when the runner dies.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
