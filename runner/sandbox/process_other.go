//go:build !unix

package sandbox

import (
	"errors"
	"os"
	"os/exec"
)

const isolation = "none"

func isolate(*exec.Cmd) {}

func quit(*os.Process) error { return errors.ErrUnsupported }

func signalName(*os.ProcessState) string { return "" }

func killGroup(pid int) {
	if p, err := os.FindProcess(pid); err == nil {
		_ = p.Kill()
	}
}
