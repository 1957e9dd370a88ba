// Package sandbox runs a command under limits of time, memory, output and processes, and ends it with all its
// children. What every system offers is here; what only some do is in the files named for them: Linux has all of it,
// another Unix has wall, output and the process group, the rest wall and output.
//
// A command with a Confinement is held away from the machine besides: files, network, other processes, system calls.
// Outcome.Isolation says what of it the system had to offer; docs/security.md says what that is worth.
package sandbox

import (
	"context"
	"os"
	"time"
)

// Command is what is run. Its standard input is empty.
type Command struct {
	// Path is the program's file; it is not searched for. A relative one is taken from Dir.
	Path string
	// Args come after the program's name.
	Args []string
	// Dir is the working directory; empty: the caller's.
	Dir string
	// Env is the whole environment, as "name=value".
	Env []string
	// Extra become the descriptors from 3 on. They stay the caller's to close.
	Extra  []*os.File
	Limits Limits
	// Confinement is what the command may reach; nil: whatever the caller may.
	Confinement *Confinement
}

// drainGrace is how long output is waited for when nothing of the tree lives: a process that is none of ours may hold
// the pipe, having got it over a socket. Else the end comes by itself, with what the pipe still holds.
const drainGrace = 2 * time.Second

// Run runs c to its end, or to the first limit that it hits. When it returns, the command and all its descendants
// are gone, and with a nil error the Outcome says how. The error is a *StartError where c never ran, and a
// *LeftoverError where something of it could not be ended; what the command itself did wrong is never an error.
// A ctx that is done ends the run with HitCancelled. Run is safe for use by many goroutines; it waits for the processes
// that it started and for no others.
func Run(ctx context.Context, c Command) (Outcome, error) {
	cell := Prepare(c)
	defer cell.Close()
	return cell.Run(ctx, c.Path, c.Args, c.Env)
}
