// Package sandbox runs a command under limits of time, memory, output and processes, and ends it with all its
// children. The portable part is here; what only some systems offer is in the files named for them.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// Limits bound a run; zero means no limit.
type Limits struct {
	// Wall is the outer limit of time on the wall.
	Wall time.Duration
	// CPU is the user and system time of the whole process tree: a busy machine does not use it up.
	CPU time.Duration
	// Idle is how long nothing in the process tree may be runnable, and none of it use CPU time, before the run counts
	// as hung. A thread that is runnable and starved by others is not idle. A sleep is: keep Idle above any that a
	// right program makes.
	Idle time.Duration
	// Memory is the resident memory of the whole tree, in bytes.
	Memory int64
	// Output is what may be written to stdout and stderr each, in bytes.
	Output int64
	// Processes is how many may live at once, the command's own included.
	Processes int
}

// Command is what is run. Its environment is Env and nothing else, its standard input is empty.
type Command struct {
	Path string
	Args []string
	Dir  string
	Env  []string
	// Extra become the descriptors from 3 on.
	Extra  []*os.File
	Limits Limits
}

// Hit says which limit ended a run; empty where none did.
type Hit string

const (
	HitWall      Hit = "wall"
	HitCPU       Hit = "cpu"
	HitIdle      Hit = "idle"
	HitMemory    Hit = "memory"
	HitOutput    Hit = "output"
	HitProcesses Hit = "processes"
	HitCancelled Hit = "cancelled"
)

// Outcome is how a run ended.
type Outcome struct {
	PID      int
	ExitCode int
	// Signal is the name of the signal that ended it, empty where it exited by itself.
	Signal         string
	Hit            Hit
	Stdout, Stderr []byte
	// Truncated: more was written than was kept.
	Truncated  bool
	Wall, CPU  time.Duration
	PeakMemory int64
	// Isolation says what was in force on this system.
	Isolation string
}

// StartError says that a command could not be started.
type StartError struct {
	Path string
	Err  error
}

func (e *StartError) Error() string { return fmt.Sprintf("start %s: %v", e.Path, e.Err) }

func (e *StartError) Unwrap() error { return e.Err }

const (
	// sampleEvery is how often the process tree is looked at.
	sampleEvery = 20 * time.Millisecond
	// dumpGrace is how long a Go program has to write its goroutine dump after SIGQUIT.
	dumpGrace = 2 * time.Second
	// dumpAllowance is how much it may write beyond the output limit then, in bytes.
	dumpAllowance = 1 << 20
	// drainGrace is how long output may keep coming once the command has ended: from a child that inherited the pipe.
	drainGrace = 500 * time.Millisecond
)

// Run runs c to its end, or to the first limit that it hits. When it returns, the command and all its descendants
// are gone. The error is a *StartError where it never ran; whatever it did once started is an Outcome. Run is safe
// for use by many goroutines.
func Run(ctx context.Context, c Command) (Outcome, error) {
	if ctx.Err() != nil {
		return Outcome{Hit: HitCancelled}, nil
	}
	// The signal that ends the command when its parent dies is sent when the parent's thread does (prctl(2),
	// PR_SET_PDEATHSIG), so this goroutine must keep its thread for as long as the command lives.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	stdout, stderr := newCapture(c.Limits.Output), newCapture(c.Limits.Output)
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Dir, cmd.Env, cmd.ExtraFiles = c.Dir, c.Env, c.Extra
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.WaitDelay = drainGrace
	isolate(cmd)
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return Outcome{}, &StartError{Path: c.Path, Err: err}
	}
	w := &watch{cmd: cmd, limits: c.Limits, stdout: stdout, stderr: stderr, start: start, tree: newTree(cmd.Process.Pid)}
	waited := make(chan error, 1)
	go func() { waited <- cmd.Wait() }()
	hit := w.until(ctx, waited)
	out := Outcome{
		PID: cmd.Process.Pid, Hit: hit, Wall: time.Since(start),
		Stdout: stdout.bytes(), Stderr: stderr.bytes(), Truncated: stdout.over() || stderr.over(),
		PeakMemory: w.peak, Isolation: isolation,
	}
	if state := cmd.ProcessState; state != nil {
		out.ExitCode = state.ExitCode()
		out.Signal = signalName(state)
		out.CPU = state.UserTime() + state.SystemTime()
	}
	if hit == "" && out.Truncated {
		out.Hit = HitOutput
	}
	return out, nil
}

// watch looks on while a command runs.
type watch struct {
	cmd            *exec.Cmd
	limits         Limits
	stdout, stderr *capture
	start          time.Time
	tree           *tree
	peak           int64
	// quietSince is when the tree was first seen asleep without a break, and quietCPU its CPU time then.
	quietSince time.Time
	quietCPU   time.Duration
}

// until waits for the command's end and ends it at the first limit. When it returns everything is gone.
func (w *watch) until(ctx context.Context, waited <-chan error) Hit {
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	for {
		select {
		case <-waited:
			w.tree.kill() // what it left behind
			return ""
		case <-ctx.Done():
			w.end(waited, false)
			return HitCancelled
		case <-w.stdout.full:
			w.end(waited, false)
			return HitOutput
		case <-w.stderr.full:
			w.end(waited, false)
			return HitOutput
		case now := <-tick.C:
			if hit := w.sample(now); hit != "" {
				w.end(waited, wantsDump[hit])
				return hit
			}
		}
	}
}

// wantsDump are the limits after which it matters where the program was.
var wantsDump = map[Hit]bool{HitWall: true, HitCPU: true, HitIdle: true}

// sample looks at the tree once.
func (w *watch) sample(now time.Time) Hit {
	l := w.limits
	if l.Wall > 0 && now.Sub(w.start) > l.Wall {
		return HitWall
	}
	s, ok := w.tree.look()
	if !ok {
		return ""
	}
	w.peak = max(w.peak, s.memory)
	switch {
	case l.Memory > 0 && s.memory > l.Memory:
		return HitMemory
	case l.Processes > 0 && s.processes > l.Processes:
		return HitProcesses
	case l.CPU > 0 && s.cpu > l.CPU:
		return HitCPU
	case l.Idle > 0 && w.idle(now, s):
		return HitIdle
	}
	return ""
}

// idleCPU is the CPU time that a wholly blocked tree may use over the idle span all the same: the Go runtime's
// monitor thread wakes now and then, and the kernel counts in hundredths of a second. Measured: a blocked race binary
// uses none in a span of seconds.
const idleCPU = 10 * time.Millisecond

// idle reports whether the tree has been asleep for the whole idle span.
func (w *watch) idle(now time.Time, s sample) bool {
	if s.runnable || s.cpu-w.quietCPU > idleCPU {
		w.quietSince = time.Time{}
	}
	if s.runnable {
		return false
	}
	if w.quietSince.IsZero() {
		w.quietSince, w.quietCPU = now, s.cpu
	}
	return now.Sub(w.quietSince) >= w.limits.Idle
}

// end asks for a dump where one is wanted, then kills the whole tree and waits for the command.
func (w *watch) end(waited <-chan error, dump bool) {
	if dump && w.askForDump() {
		w.stdout.allow(dumpAllowance)
		w.stderr.allow(dumpAllowance)
		select {
		case <-waited:
			w.tree.kill()
			return
		case <-time.After(dumpGrace):
		}
	}
	w.tree.kill()
	<-waited
	w.tree.kill() // what was started while we killed
}

func (w *watch) askForDump() bool {
	err := quit(w.cmd.Process)
	return err == nil || !errors.Is(err, os.ErrProcessDone)
}
