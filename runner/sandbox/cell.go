package sandbox

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/python-concurrency/kata/runner/sandbox/confine"
)

// Cell is where one command will run: a process that is made, confined and limited, and waits to be told what to become.
// That takes as long as a small program takes to start, so it is done while the command is still being compiled.
// Where a command is not confined, or cannot be, a Cell is a promise and no process.
type Cell struct {
	command Command
	orders  chan order
	results chan result
	ended   chan struct{}
}

type order struct {
	ctx  context.Context
	path string
	args []string
	env  []string
}

type result struct {
	outcome Outcome
	err     error
}

// Prepare begins to make a cell for a command of which Path, Args and Env are still to be told; what it is confined to
// must let it execute the path. It must be closed, run or not; c.Extra must stay open until then.
func Prepare(c Command) *Cell {
	cell := &Cell{command: c, orders: make(chan order), results: make(chan result, 1), ended: make(chan struct{})}
	go cell.keep()
	return cell
}

// Run lets the cell's process become the program at path, and is as the function of that name. It is called once.
func (c *Cell) Run(ctx context.Context, path string, args, env []string) (Outcome, error) {
	if ctx.Err() != nil {
		return Outcome{Hit: HitCancelled}, nil
	}
	c.orders <- order{ctx: ctx, path: path, args: args, env: env}
	r := <-c.results
	return r.outcome, r.err
}

// Close ends what is left of the cell.
func (c *Cell) Close() {
	close(c.orders)
	<-c.ended
}

// keep is the cell's life. On Linux the kernel kills a process when the thread that started it ends (prctl(2),
// PR_SET_PDEATHSIG). The runtime ends a thread when it likes unless a goroutine holds it. Only that thread may let the
// process run, too.
func (c *Cell) keep() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(c.ended)

	var p *process
	var w *watch
	var err error
	early := c.command.Confinement != nil && confine.Available
	if early {
		p, w, err = c.start(c.command)
	}
	o, ordered := <-c.orders
	if ordered && !early {
		told := c.command
		told.Path, told.Args, told.Env = o.path, o.args, o.env
		p, w, err = c.start(told)
	}
	switch {
	case ordered && err != nil:
		c.results <- result{err: &StartError{Path: o.path, Err: err}}
	case ordered:
		out, err := c.run(p, w, o)
		c.results <- result{outcome: out, err: err}
	case p != nil:
		_, _ = end(p, w, c.command.Path)
	}
}

// start starts the cell's process, with everything in force that is set from outside.
func (c *Cell) start(command Command) (*process, *watch, error) {
	p, err := launch(command)
	if err != nil {
		return nil, nil, err
	}
	w := newWatch(p, command.Limits)
	p.run()
	return p, w, nil
}

// run looks on while the process is the command, and ends it.
func (c *Cell) run(p *process, w *watch, o order) (Outcome, error) {
	start := time.Now()
	unseen := p.confinement.become(c.program(o), o.args, o.env)
	hit := w.until(o.ctx, start)
	state, err := end(p, w, o.path)
	if err != nil {
		return Outcome{}, err
	}
	wall := time.Since(start)
	confined, err := p.confinement.wait()
	if err = cmp.Or(unseen, err); err != nil && hit == "" {
		return Outcome{}, &StartError{Path: o.path, Err: err}
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
	if p.exceeded { // it had as much as it may, whatever was seen of it
		out.PeakMemory = max(out.PeakMemory, c.command.Limits.Memory)
		out.Hit = cmp.Or(out.Hit, HitMemory)
	}
	if out.Hit == "" && out.Truncated { // it ended before the watch saw what it had printed
		out.Hit = HitOutput
	}
	return out, nil
}

// program is the absolute path of what is to be run: a relative one is taken from the command's folder.
func (c *Cell) program(o order) string {
	if filepath.IsAbs(o.path) {
		return o.path
	}
	return filepath.Join(c.command.Dir, o.path)
}

// end ends all that lives of the process and takes in what it leaves.
func end(p *process, w *watch, path string) (*os.ProcessState, error) {
	left := w.tree.kill()
	p.confinement.close()
	if len(left) > 0 { // its cgroup stays too: a later run removes it
		return nil, &LeftoverError{Path: path, PIDs: left}
	}
	state := p.reap()
	p.exceeded = p.group.exceeded()
	p.group.remove()
	p.stdout.finish(drainGrace)
	p.stderr.finish(drainGrace)
	return state, nil
}
