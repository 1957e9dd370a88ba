//go:build unix

package main

import "syscall"

// detached gives a process a session of its own: it has no terminal whose end could end it.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// mostInherited is the highest descriptor that a shell or a tool hands on.
const mostInherited = 1024

// keepDescriptors keeps what this process was started with, beside its standard streams, from what it starts: a process in
// the background would hold a terminal, a pipe or a lock of somebody's open. What Go opens is not handed on anyway.
func keepDescriptors() {
	for fd := 3; fd < mostInherited; fd++ {
		syscall.CloseOnExec(fd)
	}
}

// background is how far behind others a process steps: half of the way, see nice(2).
const background = 10

// stepBack lets every other process go first, with all that this one starts from now on. It is a courtesy: where the
// system refuses it, the work is done all the same.
func stepBack() { _ = syscall.Setpriority(syscall.PRIO_PGRP, 0, background) }
