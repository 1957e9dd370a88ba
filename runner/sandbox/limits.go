package sandbox

import "time"

// Limits bound a run; zero means no limit. Wall and Output hold on every system, the others where the process tree
// can be watched (Linux). A watched limit is looked at every 20 ms: what comes and goes in between is not seen.
type Limits struct {
	// Wall is the outer limit of time on the wall.
	Wall time.Duration
	// CPU is the user and system time of the whole process tree: a busy machine does not use it up.
	CPU time.Duration
	// StartCPU takes CPU's place until Started is closed, where there is one: what has not got to its work by then never will.
	StartCPU time.Duration
	Started  <-chan struct{}
	// Idle is how long the process tree may be at rest, with every thread asleep, before the run counts as hung. A thread
	// that is runnable and starved by others is not at rest, nor is one that waits for the disk; a sleep is, and so is
	// waiting for a process outside the tree: keep Idle well above any that a right program makes. A program
	// that does nothing but wake for a moment some twenty times a second counts as at rest too.
	Idle time.Duration
	// Memory is the resident memory of the whole tree, in bytes. Pages that processes share count for each where it is
	// watched, and once where a cgroup bounds it too.
	Memory int64
	// Output is what may be written to stdout and stderr each, in bytes. A goroutine dump comes on top.
	Output int64
	// Processes is how many may live at once, the command's own included; threads do not count.
	Processes int
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
	// HitCancelled: the context was done.
	HitCancelled Hit = "cancelled"
)

// over names the limit that a look at the tree exceeds; time asleep is judged by stillness.
func (l Limits) over(s sample) Hit {
	switch {
	case l.Memory > 0 && s.memory > l.Memory:
		return HitMemory
	case l.Processes > 0 && s.processes > l.Processes:
		return HitProcesses
	case l.cpu() > 0 && s.cpu > l.cpu():
		return HitCPU
	}
	return ""
}

// cpu is the limit of CPU time that holds now.
func (l Limits) cpu() time.Duration {
	if l.Started == nil {
		return l.CPU
	}
	select {
	case <-l.Started:
		return l.CPU
	default:
		return l.StartCPU
	}
}
