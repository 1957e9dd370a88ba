package explore

// decision is one choice that was made in a run between several goroutines.
type decision struct {
	// ready holds a bit for each goroutine that could have run.
	ready uint64
	// usual is who would have been chosen without a plan, chosen who was.
	usual, chosen int8
	// going is who was running and could have gone on, -1 where that one could not: then a switch is no preemption.
	going int8
}

// choose decides who goes on among those that are ready, nil for nobody. cur is who ran until now and could go on.
//
//go:norace
func (r *Run) choose(cur *Goroutine) *Goroutine {
	ready, count := r.ready(false)
	if count == 0 {
		// Those who go round in a loop run when nobody else can.
		if ready, count = r.ready(true); count == 0 {
			return r.beyond()
		}
	}
	if cur != nil && (cur.id >= maxChoices || ready&(1<<cur.id) == 0) {
		cur = nil
	}
	usual := r.usual(cur, ready)
	if count == 1 {
		return usual
	}
	return r.decide(cur, usual, ready)
}

// ready are the goroutines that could run, those that idle in a loop apart from the others.
//
//go:norace
func (r *Run) ready(idle bool) (set uint64, count int) {
	for i := range min(r.n, maxChoices) {
		if g := r.gs[i]; g.ready() && g.idles(r) == idle {
			set |= 1 << i
			count++
		}
	}
	return set, count
}

// beyond is the first that could run of those that are too many to choose from: they go in their order.
//
//go:norace
func (r *Run) beyond() *Goroutine {
	for i := maxChoices; i < r.n; i++ {
		if r.gs[i].ready() {
			return r.gs[i]
		}
	}
	return nil
}

// usual is who runs where the plan says nothing: the one who ran, or the next in turn.
//
//go:norace
func (r *Run) usual(cur *Goroutine, ready uint64) *Goroutine {
	if cur != nil && r.streak <= streakLimit {
		return cur
	}
	from := 0
	if r.last != nil {
		from = r.last.id
	}
	for i := 1; i <= maxChoices; i++ {
		if at := (from + i) % maxChoices; ready&(1<<at) != 0 {
			return r.gs[at]
		}
	}
	return cur
}

// decide makes one choice as the plan has it, and notes it.
//
//go:norace
func (r *Run) decide(cur, usual *Goroutine, ready uint64) *Goroutine {
	k := r.decisions
	r.decisions++
	chosen := usual
	if r.plan.random {
		chosen = r.highest(k, cur, ready)
	} else if id, ok := r.plan.deviates(k); ok {
		if id < maxChoices && ready&(1<<id) != 0 {
			chosen = r.gs[id]
		} else {
			r.diverged = true
		}
	}
	if r.recording && cur != nil && chosen != cur {
		r.notePreemption(cur)
	}
	if k < maxDecisions {
		d := &r.taken[k]
		d.ready, d.usual, d.chosen, d.going = ready, int8(usual.id), int8(chosen.id), -1
		if cur != nil && r.streak <= streakLimit {
			d.going = int8(cur.id)
		}
		r.nTaken = k + 1
	}
	return chosen
}

// highest is the choice of the random search: the highest priority among those that are ready. At a change point who
// would go on falls below all others (PCT); so does who has run for long while others wait, for fairness.
//
//go:norace
func (r *Run) highest(k int, cur *Goroutine, ready uint64) *Goroutine {
	if cur != nil && (r.plan.changes(k) || r.streak > streakLimit) {
		cur.priority = uint64(maxPoints - r.points) // each fall is deeper than the one before
		r.streak = 0
	}
	var top *Goroutine
	for i := range min(r.n, maxChoices) {
		if g := r.gs[i]; ready&(1<<i) != 0 && (top == nil || g.priority > top.priority) {
			top = g
		}
	}
	return top
}
