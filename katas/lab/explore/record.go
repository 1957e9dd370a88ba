package explore

// Step is one operation of a run.
type Step struct {
	Goroutine int
	Op        Op
	At        Site
	// Note says what came of it, where the drop-in knows: "= 3".
	Note string
	// Preempted: the goroutine could have gone on behind this step, and another did.
	Preempted bool
}

//go:norace
func (r *Run) record(me *Goroutine) {
	if r.nSteps == maxSteps {
		return
	}
	s := &r.steps[r.nSteps]
	s.Goroutine, s.Op, s.At = me.id, me.op, me.at
	r.nSteps++
}

// Recording reports whether the caller is in a run that is recorded.
//
//go:norace
func Recording() bool { return active != nil && active.recording }

// Note says what came of the caller's last operation.
//
//go:norace
func Note(note string) {
	if r := active; r != nil && r.recording && r.nSteps > 0 {
		r.steps[r.nSteps-1].Note = note
	}
}

// notePreemption marks the last step of the goroutine that could have gone on.
//
//go:norace
func (r *Run) notePreemption(g *Goroutine) {
	for i := r.nSteps - 1; i >= 0; i-- {
		if r.steps[i].Goroutine == g.id {
			r.steps[i].Preempted = true
			return
		}
	}
}

// maxWaiters bounds the goroutines that are told about.
const maxWaiters = 32

// Waiter is a goroutine that had not ended when a run got stuck.
type Waiter struct {
	Goroutine int
	// Op is what it waited to do, At where; Away says that it waited outside of the scheduler's sight, and then they
	// are what it did last.
	Op   Op
	At   Site
	Away bool
	// Began is where it was started.
	Began Site
	// Holder is who held what it waited for, -1 for nobody that is known, and Since where that one took it.
	Holder int
	Since  Site
}

//go:norace
func (r *Run) noteWaiters() {
	for i := range r.n {
		g := r.gs[i]
		if g.state == ended || g.unknown && g.state == away || r.nWaiters == maxWaiters {
			continue
		}
		w := &r.waiters[r.nWaiters]
		r.nWaiters++
		w.Goroutine, w.Op, w.At, w.Away, w.Began, w.Holder = g.id, g.op, g.at, g.state == away, g.began, -1
		if g.on == nil || g.state != parked {
			continue
		}
		switch holder := g.on.holder; {
		case holder != nil:
			w.Holder, w.Since = holder.id, g.on.since
		case g.op == Announce && g.on.reading != nil:
			w.Holder, w.Since = g.on.reading.id, g.on.since
		case g.on.announced != nil:
			w.Holder, w.Since = g.on.announced.id, g.on.announced.at
		}
	}
}

// Result is how a run ended.
type Result struct {
	Stuck Stuck
	// Reason is the panic's, or that of the fatal error.
	Reason string
	// Stack holds the stacks of the bubble's goroutines at the moment the run got stuck, or that of the panic.
	Stack string
	// Spinner is the goroutine that went round last, for Spinning.
	Spinner int
	Waiters []Waiter
	// Steps is what was done in what order, where the run was recorded.
	Steps []Step
	// Began is where each goroutine was started.
	Began []Site
	// Points counts the places where another goroutine could have been chosen, or was seen to be harmless.
	Points int
	// Diverged: the program did not come to where the plan wanted to deviate. It has a choice of its own that the
	// scheduler does not make: a random number, the order of a map.
	Diverged bool
}

// Result sums the run up.
//
//go:norace
func (r *Run) Result() Result {
	res := Result{Stuck: r.stuck, Reason: r.reason, Stack: r.stack, Points: r.points, Diverged: r.diverged, Spinner: -1}
	if r.spinner != nil {
		res.Spinner = r.spinner.id
	}
	if !r.recording {
		return res
	}
	res.Steps = r.steps[:r.nSteps]
	res.Waiters = r.waiters[:r.nWaiters]
	res.Began = make([]Site, r.n)
	for i := range r.n {
		res.Began[i] = r.gs[i].began
	}
	return res
}
