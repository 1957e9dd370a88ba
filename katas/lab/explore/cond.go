package explore

// Enqueue puts the caller into a condition variable's line. Park, which must follow, waits to be signalled.
//
//go:norace
func (res *Resource) Enqueue() *Goroutine {
	me := At(CondWait, res)
	if me == nil {
		return nil
	}
	me.signalled, me.behind = false, nil
	if res.first == nil {
		res.first = me
	} else {
		res.last.behind = me
	}
	res.last = me
	return me
}

// Park waits until the caller, which Enqueue put into the line, is signalled.
//
//go:norace
func (res *Resource) Park() {
	me := At(CondWake, res)
	me.signalled = false
}

// Signal lets the first in the line go, all of them the whole line. It reports whether there is a run.
//
//go:norace
func (res *Resource) Signal(all bool) bool {
	op := Signal
	if all {
		op = Broadcast
	}
	if At(op, res) == nil {
		return false
	}
	for res.first != nil {
		g := res.first
		res.first = g.behind
		g.signalled = true
		if !all {
			break
		}
	}
	return true
}
