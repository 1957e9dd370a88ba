package explore

// Add changes a group's counter and returns it, and how many waited for it. At zero they may go on.
//
//go:norace
func (res *Resource) Add(delta int) (count, waiting int, explored bool) {
	op := Add
	if delta < 0 {
		op = Done
	}
	if At(op, res) == nil {
		return 0, 0, false
	}
	res.count += delta
	waiting = res.waiting
	if res.count == 0 && waiting > 0 {
		res.waiting = 0
		active.release(res)
	}
	return res.count, waiting, true
}

// release lets all go on that wait for a group.
//
//go:norace
func (r *Run) release(res *Resource) {
	for i := range r.n {
		if g := r.gs[i]; g.on == res && g.op == WaitZero && g.state == parked {
			g.signalled = true
		}
	}
}

// Wait waits for a group's counter to be zero. first says that nobody waited for it before, reused that the counter had
// changed again before the caller was gone. before is called where it has to wait.
//
//go:norace
func (res *Resource) Wait(before func(first bool)) (reused, explored bool) {
	if At(Wait, res) == nil {
		return false, false
	}
	if res.count == 0 {
		return false, true
	}
	before(res.waiting == 0)
	res.waiting++
	me := At(WaitZero, res)
	me.signalled = false
	return res.count != 0, true
}
