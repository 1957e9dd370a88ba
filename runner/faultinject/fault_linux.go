//go:build linux && (amd64 || arm64)

package faultinject

import "golang.org/x/sys/unix"

// Action is what happens at a step.
type Action int

const (
	// Watch lets every step be as it is.
	Watch Action = iota
	// KillBefore kills the program with SIGKILL in place of the step.
	KillBefore
	// KillAfter kills it when the step is done.
	KillAfter
	// Tear does a write by half and then kills; any other step is as with KillAfter.
	Tear
	// FailOnce has the step fail with the fault's error.
	FailOnce
	// FailFrom has the step fail and every later one that an error of this kind strikes too: ENOSPC those that take
	// room, EROFS those that change anything, any other all. A write that finds the disk full is done by half first, as
	// the system does it.
	FailFrom
	// Pause keeps the whole program waiting before the step while the fault's Meanwhile runs.
	Pause
)

// Fault says what is to happen, and at which step. The zero Fault is none.
type Fault struct {
	// At counts from 1.
	At    int
	Do    Action
	Errno unix.Errno
	// Meanwhile is called once, from the goroutine that Run was called from.
	Meanwhile func()
}

// at reports whether something is to be done at a step.
func (f Fault) at(number int, c call) bool {
	if f.Do == FailFrom && number >= f.At {
		return f.Errno == 0 || strikes(f.Errno, c)
	}
	return f.Do != Watch && number == f.At
}

// strikes reports whether an error may come of a call.
func strikes(errno unix.Errno, c call) bool {
	switch errno {
	case unix.ENOSPC:
		return c.takesRoom
	case unix.EROFS:
		return !c.settles
	}
	return true
}
