package explore

import (
	"sync"
	"testing/synctest"
	"time"
)

// Bounds on one run.
const (
	// maxGoroutines is how many goroutines a run may have; the scheduler chooses between the first 64 only.
	maxGoroutines = 1024
	maxChoices    = 64
	// maxDecisions is how many decisions can be deviated from; after them the default goes on.
	maxDecisions = 2048
	// maxPoints ends a run that gets nowhere: the tests of right programs come to some hundred points.
	maxPoints = 100_000
	// maxIdle is how many loop heads may be passed while nothing changes.
	maxIdle = 50_000
	// streakLimit is how many points one goroutine may pass while others wait to run: a loop that waits for what
	// another must do comes to its end.
	streakLimit = 200
	// maxSteps is how many steps are recorded.
	maxSteps = 4000
)

// horizon is how far the bubble's clock may run while nobody in it does anything, before they count as stuck: no
// program under test has a timer as far away.
const horizon = 1000 * time.Hour

// active is the run that is going on, nil for none. It is set and cleared by the bubble's root, around the run.
var active *Run

// Run is one execution of a program under one plan. Its methods are for the bubble's root, after the run.
type Run struct {
	plan *Plan
	// settle is how long, in the bubble's time, goroutines may go on after the test's own has ended.
	settle time.Duration

	// mu guards what follows. It is held for a few instructions at a time, and never over a park.
	mu sync.Mutex
	gs [maxGoroutines]*Goroutine
	n  int
	// current is who may run; last is who ran before the scheduler's root took over.
	current, last *Goroutine
	// starting and away count the goroutines in these states; dirty says that one who is away may have come back.
	starting, away int
	dirty          bool
	// idle: the root waits on wake, for time to pass.
	idle bool
	wake chan struct{}
	// over: the test's own goroutine has ended, at endTime.
	over    bool
	endTime time.Time
	// stopping: every goroutine ends at its next point.
	stopping bool
	stuck    Stuck
	reason   string
	stack    string
	spinner  *Goroutine
	waiters  [maxWaiters]Waiter
	nWaiters int

	points  int
	streak  int
	version int
	idling  int

	taken     [maxDecisions]decision
	nTaken    int
	decisions int
	diverged  bool
	random    generator

	recording bool
	dump      func() string
	steps     []Step
	nSteps    int
}

// Stuck is how a run ended that could not go on.
type Stuck uint8

const (
	// NotStuck: every goroutine came to its end.
	NotStuck Stuck = iota
	// Deadlocked: nobody can run, the test's own goroutine neither.
	Deadlocked
	// LeftBehind: the test's own goroutine has ended and others have not.
	LeftBehind
	// Spinning: goroutines go round in loops and nothing changes.
	Spinning
	// Livelocked: things change without end and nobody gets anywhere.
	Livelocked
	// Crowded: more goroutines were started than a run may have.
	Crowded
	// Panicked: a panic ended a goroutine, or a misuse that the standard library answers with a fatal error.
	Panicked
)

// Start runs body under a plan, to its end or until it can go no further. It must be called in the root goroutine of a
// synctest bubble. What still runs when it returns waits for something outside of the scheduler's sight.
//
//go:norace
func Start(plan *Plan, how Options, body func()) *Run {
	r := &Run{plan: plan, settle: how.Settle, wake: make(chan struct{}, 1), random: generator(plan.seed)}
	if how.Dump != nil {
		r.recording, r.dump = true, how.Dump
		r.steps = make([]Step, maxSteps)
	}
	active = r
	me := r.add()
	go func() { // body's own panics are body's to catch
		me.begin(r)
		defer r.bodyEnded(me)
		At(Begin, nil)
		body()
	}()
	r.schedule()
	active = nil
	return r
}

// Options say how a run is made.
type Options struct {
	// Settle is how long, in the bubble's time, goroutines may go on after the test's own has ended.
	Settle time.Duration
	// Dump returns the stacks of the bubble's goroutines. Where it is set the run is recorded, and the stacks are taken
	// at the moment it gets stuck.
	Dump func() string
}

// add makes the books of a new goroutine.
//
//go:norace
func (r *Run) add() *Goroutine {
	if r.n == maxGoroutines {
		r.stop(Crowded)
		r.abandon()
	}
	g := &Goroutine{id: r.n, grant: make(chan struct{}, 1), state: starting}
	g.priority = r.random.next() | 1<<63
	r.gs[r.n] = g
	r.n++
	r.starting++
	return g
}

// begin is the first thing that a new goroutine does. It runs until its first point beside the one that started it;
// nothing it does until then can be seen.
//
//go:norace
func (g *Goroutine) begin(r *Run) {
	deaf()
	r.mu.Lock()
	native := getg()
	for i := range r.n {
		if r.gs[i].native == native && r.gs[i] != g {
			r.retire(r.gs[i]) // the runtime has used its record again
		}
	}
	g.native = native
	r.mu.Unlock()
	hear()
}

// self finds the books of the calling goroutine, and opens them where it is not known.
//
//go:norace
func (r *Run) self() *Goroutine {
	native := getg()
	if r.current != nil && r.current.native == native {
		return r.current
	}
	for i := r.n - 1; i >= 0; i-- {
		if g := r.gs[i]; g.native == native && g.state != ended {
			return g
		}
	}
	g := r.add()
	g.native, g.unknown = native, true
	return g
}

// retire closes the books of a goroutine.
//
//go:norace
func (r *Run) retire(g *Goroutine) {
	r.leave(g)
	g.state = ended
}

// leave takes a goroutine out of the counts of its state.
//
//go:norace
func (r *Run) leave(g *Goroutine) {
	switch g.state {
	case starting:
		r.starting--
	case away:
		r.away--
	}
}

//go:norace
func (r *Run) bodyEnded(me *Goroutine) {
	deaf()
	r.mu.Lock()
	r.over = true
	r.endTime = time.Now()
	r.mu.Unlock()
	hear()
	r.end(me)
}

// end is the last thing that a goroutine does: it hands over.
//
//go:norace
func (r *Run) end(me *Goroutine) {
	deaf()
	r.mu.Lock()
	wasCurrent := r.current == me
	r.retire(me)
	if wasCurrent {
		r.current, r.last = nil, nil
		if r.settled() && !r.stopping {
			if next := r.choose(nil); next != nil {
				r.let(next)
			}
		}
	} else {
		r.alert()
	}
	r.mu.Unlock()
	hear()
}

// settled reports whether every goroutine's state is known without asking the bubble.
//
//go:norace
func (r *Run) settled() bool { return r.starting == 0 && (r.away == 0 || !r.dirty) }

// let makes a parked goroutine the one that may run.
//
//go:norace
func (r *Run) let(g *Goroutine) {
	if g != r.last {
		r.streak = 0
	}
	r.current, r.last = g, g
	g.state = running
	g.grant <- struct{}{}
}

// alert wakes the root where it waits for time to pass.
//
//go:norace
func (r *Run) alert() {
	if r.idle {
		r.idle = false
		r.wake <- struct{}{}
	}
}

// schedule is the root's loop. The bubble tells it when nobody runs any more; who has not come to a point by then is
// away, and it chooses among the others.
//
//go:norace
func (r *Run) schedule() {
	deaf()
	defer hear()
	for {
		synctest.Wait()
		r.mu.Lock()
		r.takeStock()
		if next := r.next(); next != nil {
			r.dirty = false
			r.let(next)
			r.mu.Unlock()
			continue
		}
		switch {
		case r.stopping || r.over && r.left() == 0:
			r.mu.Unlock()
			return
		default: // a timer may still call something, even where nobody is away
			r.idle = true
			r.mu.Unlock()
			r.letTimePass()
		}
	}
}

// takeStock notes who is away: nobody in the bubble runs.
//
//go:norace
func (r *Run) takeStock() {
	for i := range r.n {
		if g := r.gs[i]; g.state == running || g.state == starting {
			r.leave(g)
			g.state = away
			r.away++
		}
	}
	r.current = nil
}

// next is who goes on, nil for nobody.
//
//go:norace
func (r *Run) next() *Goroutine {
	if r.over && time.Since(r.endTime) > r.settle && !r.stopping {
		r.stop(LeftBehind)
	}
	if r.stopping {
		for i := range r.n {
			if r.gs[i].state == parked {
				return r.gs[i]
			}
		}
		return nil
	}
	cur := r.last
	if cur != nil && cur.state != parked {
		cur = nil
	}
	return r.choose(cur)
}

// left counts the goroutines that have not ended. One that is away and was not started under the scheduler may be gone
// for all it knows; the bubble knows.
//
//go:norace
func (r *Run) left() (n int) {
	for i := range r.n {
		if g := r.gs[i]; g.state != ended && !(g.unknown && g.state == away) {
			n++
		}
	}
	return n
}

//go:norace
func (r *Run) stopStuck() {
	if r.over {
		r.stop(LeftBehind)
	} else {
		r.stop(Deadlocked)
	}
}

// letTimePass waits until somebody comes to a point. Where nobody does although the bubble's clock has run far, the
// run is stuck.
//
//go:norace
func (r *Run) letTimePass() {
	patience := horizon
	if r.over {
		patience = r.settle
	}
	if r.wakes(patience) {
		return
	}
	r.mu.Lock()
	if r.idle {
		r.idle = false
		r.stopStuck()
	} else {
		<-r.wake // somebody came at the same moment
	}
	r.mu.Unlock()
}

// wakes waits for somebody to come to a point, and reports whether that was before patience was over. The detector
// listens here: the standard library's timers have locks of their own that it must know of.
//
//go:norace
func (r *Run) wakes(patience time.Duration) bool {
	hear()
	defer deaf()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-r.wake:
		return true
	case <-timer.C:
		return false
	}
}

// stop ends the run: every goroutine ends at its next point.
//
//go:norace
func (r *Run) stop(why Stuck) {
	if r.stopping {
		return
	}
	r.stopping = true
	r.stuck = why
	if r.recording {
		r.noteWaiters()
		if r.stack == "" {
			r.stack = r.dump()
		}
	}
}
