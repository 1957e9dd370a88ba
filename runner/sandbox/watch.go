package sandbox

import (
	"context"
	"time"
)

const (
	// sampleEvery is how often the process tree is looked at. A look costs some tenths of a millisecond.
	sampleEvery = 20 * time.Millisecond
	// dumpGrace is how long a Go program has to write its goroutine dump after SIGQUIT.
	dumpGrace = 2 * time.Second
	// dumpAllowance is how much it may write beyond what is kept by then, in bytes.
	dumpAllowance = 1 << 20
)

// wantsDump are the limits after which it matters where the program was.
var wantsDump = map[Hit]bool{HitWall: true, HitCPU: true, HitIdle: true}

// watch looks on while a command runs.
type watch struct {
	process *process
	limits  Limits
	tree    *tree
	still   stillness
	// cpu and peak are the CPU time and the most memory seen.
	cpu  time.Duration
	peak int64
}

func newWatch(p *process, l Limits) *watch {
	return &watch{process: p, limits: l, tree: newTree(p.pid(), l.Idle > 0), still: stillness{span: l.Idle, look: restLook}}
}

// until waits for the end of a command that began at start, or the first limit hit. In that case the command has written its dump where one
// is wanted; the tree is still to be killed.
func (w *watch) until(ctx context.Context, start time.Time) Hit {
	hit := w.first(ctx, start)
	if w.process.hasExited() { // at the same moment: the end is its own
		return ""
	}
	if wantsDump[hit] {
		w.dump(ctx)
	}
	return hit
}

func (w *watch) first(ctx context.Context, start time.Time) Hit {
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	var wall <-chan time.Time
	if w.limits.Wall > 0 {
		timer := time.NewTimer(w.limits.Wall - time.Since(start))
		defer timer.Stop()
		wall = timer.C
	}
	for {
		select {
		case <-w.process.exited:
			return ""
		case <-ctx.Done():
			return HitCancelled
		case <-w.process.stdout.full:
			return HitOutput
		case <-w.process.stderr.full:
			return HitOutput
		case <-wall:
			return HitWall
		case <-tick.C:
			if hit := w.look(); hit != "" {
				return hit
			}
		}
	}
}

// look samples the tree once and names the limit that it exceeds.
func (w *watch) look() Hit {
	s, ok := w.tree.look()
	if !ok {
		return ""
	}
	w.cpu, w.peak = max(w.cpu, s.cpu), max(w.peak, s.memory)
	if hit := w.limits.over(s); hit != "" {
		return hit
	}
	if w.limits.Idle > 0 && w.still.lasted(time.Now(), s) {
		return HitIdle
	}
	return ""
}

// dump asks the command where its goroutines are, and waits until it has told and ended. Memory and processes stay
// limited meanwhile: it may not listen.
func (w *watch) dump(ctx context.Context) {
	w.process.stdout.allow(dumpAllowance)
	w.process.stderr.allow(dumpAllowance)
	if quit(w.process.os) != nil {
		return
	}
	grace := time.NewTimer(dumpGrace)
	defer grace.Stop()
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	for {
		select {
		case <-w.process.exited:
			return
		case <-ctx.Done():
			return
		case <-grace.C:
			return
		case <-tick.C:
			if hit := w.look(); hit == HitMemory || hit == HitProcesses {
				return
			}
		}
	}
}
