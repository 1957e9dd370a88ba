//go:build unix && !linux

package sandbox

import (
	"os"
	"syscall"
)

// attributes give the command a session of its own, and with it a process group; it has no terminal then.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// group is what killGroup reaches.
const group = "process group, session"

// awaitExit reports that this system cannot tell of an end without reaping the process.
func awaitExit(int) bool { return false }

func startHeld(path string, argv []string, attr *os.ProcAttr) (*os.Process, error) {
	return os.StartProcess(path, argv, attr)
}

func release(int) {}
