package explore

import "runtime"

// At is a point: the caller is about to do op on a resource, nil where the scheduler keeps none for it. It returns once
// the caller may, and what it may: outside of a run nil, after leaving some other goroutine a chance to run.
//
//go:norace
func At(op Op, on *Resource) *Goroutine {
	r := active
	if r == nil {
		chance(op)
		return nil
	}
	deaf()
	r.mu.Lock()
	me := r.self()
	if r.stopping {
		r.abandon()
	}
	if !natures[op].fine {
		r.points++
	}
	if r.points > maxPoints {
		r.stop(Livelocked)
		r.abandon()
	}
	me.op, me.on = op, on
	if on != nil {
		on.in(r)
	}
	if r.recording {
		me.at = here(1)
	}
	if me != r.current {
		r.comeBack(me)
	} else if !r.goesOn(me) {
		r.giveUp(me)
	}
	r.did(me)
	r.mu.Unlock()
	hear()
	return me
}

// goesOn reports whether me goes on at once. Where another was chosen it has been let go.
//
//go:norace
func (r *Run) goesOn(me *Goroutine) bool {
	op := me.op
	r.streak++
	if op == Loop {
		r.pass(me)
	}
	mayRun := me.on == nil || me.on.admits(me)
	if mayRun && r.plain(me) {
		return true
	}
	me.state = parked
	r.current = nil
	r.last = me
	if !r.settled() {
		return false
	}
	cur := me
	if !mayRun {
		cur = nil
	}
	next := r.choose(cur)
	if next == me {
		me.state = running
		r.current = me
		return true
	}
	if next != nil {
		r.let(next)
	}
	return false
}

// plain reports whether the next operation of the one who runs needs no choice before it.
//
//go:norace
func (r *Run) plain(me *Goroutine) bool {
	n, on := natures[me.op], me.on
	switch {
	case n.free:
		return on == nil || !on.tried
	case n.fine:
		return !r.plan.Fine && !me.idles(r) && r.streak <= streakLimit
	case me.op == Once:
		return on.done
	case me.op == Wait: // whether an Add comes first can be seen, but only where the counter is zero
		return on.count != 0
	}
	return false
}

// pass counts a loop head that was come by while nothing changed.
//
//go:norace
func (r *Run) pass(me *Goroutine) {
	if me.seen != r.version {
		me.idle, r.idling = 0, 0
	} else {
		me.idle++
		r.idling++
	}
	me.seen = r.version
	if r.idling > maxIdle {
		r.spinner = me
		r.stop(Spinning)
		r.abandon()
	}
}

// idles says that the goroutine goes round in a loop, and will until something changes.
//
//go:norace
func (g *Goroutine) idles(r *Run) bool { return g.idle >= 2 && g.seen == r.version }

// comeBack parks a goroutine that was not the one to run.
//
//go:norace
func (r *Run) comeBack(me *Goroutine) {
	r.leave(me)
	me.state = parked
	r.alert()
	r.giveUp(me)
}

// giveUp waits until me is let go again. It is called, and returns, with the books locked.
//
//go:norace
func (r *Run) giveUp(me *Goroutine) {
	r.mu.Unlock()
	<-me.grant
	r.mu.Lock()
	if r.stopping {
		r.abandon()
	}
}

// abandon ends the calling goroutine: the run is over. Its deferred calls run, and end at their first point in turn.
//
//go:norace
func (r *Run) abandon() {
	r.mu.Unlock()
	hear()
	runtime.Goexit()
}

// Resume makes sure that the caller is the one to run, and is no choice: it may have waited, out of the scheduler's
// sight, since its last point.
func Resume() { At(goesOn, nil) }

// did notes that me does its operation now.
//
//go:norace
func (r *Run) did(me *Goroutine) {
	n := natures[me.op]
	if !n.reads {
		r.version++
	}
	if n.wakes {
		r.dirty = true
	}
	if r.recording && me.op != Loop && me.op != goesOn {
		r.record(me)
	}
}

// Changed tells that an operation which may turn out either way did change something.
//
//go:norace
func Changed() {
	if r := active; r != nil {
		r.version++
	}
}
