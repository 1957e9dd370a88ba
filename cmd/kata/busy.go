package main

import (
	"os"
	"os/exec"
)

// busyVariable makes this program do nothing but keep a core busy, until its standard input ends with the process that
// started it.
const busyVariable = "KATA_BUSY"

// keepBusy starts n processes that compute and never wait. stop ends them.
func keepBusy(n int) (stop func(), err error) {
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var started []*exec.Cmd
	stop = func() {
		for _, cmd := range started {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	}
	for range n {
		cmd := exec.Command(path)
		cmd.Env = append(os.Environ(), busyVariable+"=1")
		if _, err := cmd.StdinPipe(); err != nil { // ends when this process does, however it does
			stop()
			return nil, err
		}
		if err := cmd.Start(); err != nil {
			stop()
			return nil, err
		}
		started = append(started, cmd)
	}
	return stop, nil
}

// beBusy computes until the standard input ends.
func beBusy() {
	go func() {
		for x := uint64(1); ; {
			x = x*6364136223846793005 + 1442695040888963407
		}
	}()
	_, _ = os.Stdin.Read(make([]byte, 1))
}
