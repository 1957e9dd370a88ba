package sandbox

import (
	"fmt"
	"os"
)

// process is the command while it runs.
type process struct {
	os             *os.Process
	stdout, stderr *capture
	// confinement is what is known of how it confines itself.
	confinement *confinement
	// group bounds its memory; nil where none could be had.
	group *cgroup
	// exceeded: the kernel has killed for the group's bound.
	exceeded bool
	// exited is closed when the command has ended; its children may live on.
	exited chan struct{}
	// state is how it ended, once it was waited for. It is written before exited is closed, or by reap.
	state *os.ProcessState
}

// launch starts c with its output going to captures. Between launch and run the tree is made ready. Both must be called
// from the same thread.
func launch(c Command) (*process, error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, fmt.Errorf("open standard input: %w", err)
	}
	defer null.Close()
	outRead, outWrite, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a pipe for stdout: %w", err)
	}
	defer outWrite.Close()
	errRead, errWrite, err := os.Pipe()
	if err != nil {
		outRead.Close()
		return nil, fmt.Errorf("make a pipe for stderr: %w", err)
	}
	defer errWrite.Close()
	started, confinement, err := begin(c, []*os.File{null, outWrite, errWrite})
	if err != nil {
		outRead.Close()
		errRead.Close()
		return nil, err
	}
	return &process{
		os: started, group: newCgroup(c.Limits.Memory), exited: make(chan struct{}), confinement: confinement,
		stdout: newCapture(outRead, c.Limits.Output), stderr: newCapture(errRead, c.Limits.Output),
	}, nil
}

// ownPID is the process's number as it sees it.
func (p *process) ownPID() int {
	if p.confinement.namespaces {
		return 1
	}
	return p.pid()
}

func (p *process) pid() int { return p.os.Pid }

// run lets the process begin, on a system where launch holds it at its first instruction. To put it into a cgroup takes
// the kernel some milliseconds: one that confines itself does so meanwhile, and waits at its gate.
func (p *process) run() {
	if p.confinement.gate == nil {
		p.join()
		release(p.os.Pid)
	} else {
		release(p.os.Pid)
		p.join()
	}
	go p.await()
}

// join puts the process into its group, and does without one where that fails.
func (p *process) join() {
	if !p.group.take(p.os.Pid) {
		p.group.remove()
		p.group = nil
	}
}

// await closes exited when the command has ended. Where the system can tell of an end without reaping the process, its
// number stays taken until reap, and a signal to its group cannot meet a stranger.
func (p *process) await() {
	defer close(p.exited)
	if !awaitExit(p.os.Pid) {
		p.state, _ = p.os.Wait()
	}
}

// reap waits for the command's end and returns how it ended; nil where the program around us has waited for it.
func (p *process) reap() *os.ProcessState {
	<-p.exited
	if p.state == nil {
		p.state, _ = p.os.Wait()
	}
	return p.state
}

// hasExited reports whether the command has ended.
func (p *process) hasExited() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}
