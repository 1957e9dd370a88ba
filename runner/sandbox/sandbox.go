// Package sandbox runs a command under limits of time, memory, output and processes, and ends it with all its
// children. What every system offers is here; what only some do is in the files named for them: Linux has all of it,
// another Unix has wall, output and the process group, the rest wall and output.
//
// A command with a Confinement is held away from the machine besides: files, network, other processes, system calls.
// Outcome.Isolation says what of it the system had to offer; docs/security.md says what that is worth.
package sandbox

import (
	"cmp"
	"context"
	"os"
	"runtime"
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
	if ctx.Err() != nil {
		return Outcome{Hit: HitCancelled}, nil
	}
	// On Linux the kernel kills the command when the thread that started it ends (prctl(2), PR_SET_PDEATHSIG). The
	// runtime ends a thread when it likes unless a goroutine holds it. Only that thread may let the command run, too.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	start := time.Now()
	p, err := launch(c)
	if err != nil {
		return Outcome{}, &StartError{Path: c.Path, Err: err}
	}
	w := newWatch(p, c.Limits, start)
	p.run()
	hit := w.until(ctx)
	left := w.tree.kill()
	if len(left) > 0 { // its cgroup stays too: a later run removes it
		return Outcome{}, &LeftoverError{Path: c.Path, PIDs: left}
	}
	state := p.reap()
	exceeded := p.group.exceeded()
	p.group.remove()
	wall := time.Since(start)
	p.stdout.finish(drainGrace)
	p.stderr.finish(drainGrace)
	confined, err := p.confinement.wait()
	if err != nil && hit == "" {
		return Outcome{}, &StartError{Path: c.Path, Err: err}
	}

	out := Outcome{
		PID: p.ownPID(), ExitCode: -1, Hit: hit,
		Stdout: p.stdout.bytes(), Stderr: p.stderr.bytes(), Truncated: p.stdout.over() || p.stderr.over(),
		Wall: wall, CPU: w.cpu, PeakMemory: w.peak, Isolation: confined + p.group.String() + w.tree.isolation(),
	}
	if state != nil {
		out.ExitCode, out.Signal = state.ExitCode(), signalName(state)
		out.CPU = max(out.CPU, state.UserTime()+state.SystemTime())
	}
	if exceeded { // it had as much as it may, whatever was seen of it
		out.PeakMemory = max(out.PeakMemory, c.Limits.Memory)
		out.Hit = cmp.Or(out.Hit, HitMemory)
	}
	if out.Hit == "" && out.Truncated { // it ended before the watch saw what it had printed
		out.Hit = HitOutput
	}
	return out, nil
}
