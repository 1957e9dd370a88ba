package gil

import (
	"errors"
	"fmt"
)

// Program is code with the threads that run it, all of them the same.
type Program struct {
	Code Code
	// Threads is how many threads run the code. They are numbered from 0.
	Threads int
	// Rounds is how often each thread runs the code; 0 counts as 1. More than one needs a JumpBackward at the end.
	Rounds int
	// Checks is when the GIL may change hands.
	Checks Checks
}

// The errors of a run.
var (
	// ErrDeadlock: threads wait for the lock and nobody is left to release it.
	ErrDeadlock = errors.New("deadlock: every thread that has not ended waits for the lock")
	// ErrUnlocked is Python's RuntimeError("release unlocked lock").
	ErrUnlocked = errors.New("release unlocked lock")
	// ErrSchedule is the kind of every error about a schedule that the program cannot follow.
	ErrSchedule = errors.New("invalid schedule")
	// ErrTooManyStates: there are too many schedules to run them all, see Explore.
	ErrTooManyStates = errors.New("too many states to explore")
)

// Validate holds the program to its rules.
func (p Program) Validate() error {
	switch {
	case p.Threads < 1:
		return fmt.Errorf("a program needs one thread or more, not %d", p.Threads)
	case p.Rounds < 0:
		return fmt.Errorf("a program cannot run %d rounds", p.Rounds)
	case p.Rounds > 1 && !p.Code.loops():
		return fmt.Errorf("%w: %d rounds, but no JUMP_BACKWARD at the end", ErrCode, p.Rounds)
	}
	return p.Code.Validate()
}

func (c Code) loops() bool { return len(c) > 0 && c[len(c)-1].Op == JumpBackward }
