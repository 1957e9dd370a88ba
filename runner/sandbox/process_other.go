//go:build !unix

package sandbox

import (
	"errors"
	"os"
	"syscall"
)

// group is what killGroup reaches.
const group = "none"

func attributes() *syscall.SysProcAttr { return nil }

func awaitExit(int) bool { return false }

func quit(*os.Process) error { return errors.ErrUnsupported }

func signalName(*os.ProcessState) string { return "" }

// killGroup kills the process alone: groups are none here.
func killGroup(pid int) {
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Kill()
		_ = p.Release()
	}
}

func startHeld(path string, argv []string, attr *os.ProcAttr) (*os.Process, error) {
	return os.StartProcess(path, argv, attr)
}

func release(int) {}
