package explore

// Once reports whether the caller is the one to do it, after waiting for one who is at it. OnceDone must follow.
//
//go:norace
func (res *Resource) Once() (mine, explored bool) {
	me := At(Once, res)
	if me == nil {
		return false, false
	}
	if res.done {
		return false, true
	}
	res.take(me)
	return true, true
}

// OnceDone says that it was done.
//
//go:norace
func (res *Resource) OnceDone() {
	At(OnceDone, res)
	res.holder, res.done = nil, true
}
