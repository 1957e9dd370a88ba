package sandbox

import (
	"fmt"
	"time"
)

// Outcome is how a run ended.
type Outcome struct {
	// PID was the command's process number as it saw it itself: 1 where it had a namespace of processes of its own. 0
	// where the run was cancelled before it began.
	PID int
	// ExitCode is -1 where a signal ended the command. A Go program that writes its goroutine dump ends with 2.
	ExitCode int
	// Signal is the name of the signal that ended it, as in "killed"; empty where it exited by itself.
	Signal string
	Hit    Hit
	// Stdout and Stderr are the first bytes written to each, at most Limits.Output, and up to 1 MiB more where a
	// goroutine dump was asked for.
	Stdout, Stderr []byte
	// Truncated: more was written than was kept.
	Truncated bool
	// Wall is how long the command lived, CPU the user and system time of its tree.
	Wall, CPU time.Duration
	// PeakMemory is the most resident memory that was seen of the tree, in bytes; 0 where it was not watched.
	PeakMemory int64
	// Isolation says what was in force on this system, for a person to read.
	Isolation string
}

// StartError says that a command could not be started.
type StartError struct {
	Path string
	Err  error
}

func (e *StartError) Error() string { return fmt.Sprintf("start %s: %v", e.Path, e.Err) }

func (e *StartError) Unwrap() error { return e.Err }

// LeftoverError says that processes of a command could not be ended: they run as another user, or hang in the
// kernel.
type LeftoverError struct {
	Path string
	PIDs []int
}

func (e *LeftoverError) Error() string {
	return fmt.Sprintf("end %s: processes %v could not be killed", e.Path, e.PIDs)
}
