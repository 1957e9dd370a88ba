package explore

// Resource is what goroutines wait for: the state of a lock, of a group, of a condition variable. The drop-ins hold one
// in each value; the zero Resource is free. While one run is active it is touched only by the goroutine that may run.
type Resource struct {
	// run is the run that used it last.
	run *Run
	// holder holds it for itself alone; since is where it took it, known while recording.
	holder *Goroutine
	since  Site
	// announced is the writer that waits for the readers to leave.
	announced *Goroutine
	// readers counts those who share it; reading is who came first, for the report.
	readers int
	reading *Goroutine
	// count is a group's counter, waiting how many wait for it.
	count   int
	waiting int
	// tried: TryLock was called on it, so giving it back can be seen.
	tried bool
	// done belongs to a Once.
	done bool
	// first and last are the line of a condition variable.
	first, last *Goroutine
}

// admits reports whether g could do its operation now.
//
//go:norace
func (res *Resource) admits(g *Goroutine) bool {
	switch g.op {
	case Lock:
		return res.holder == nil && res.announced == nil
	case Announce:
		return res.readers == 0
	case RLock:
		return res.holder == nil && res.announced == nil
	case WaitZero, CondWake:
		return g.signalled
	case Once:
		return res.holder == nil
	}
	return true
}

// in makes the resource one of run r. What a run that was stopped left behind counts for nothing: its goroutines are
// gone. What a run that came to its end left in a package variable stays, as it would in one process.
//
//go:norace
func (res *Resource) in(r *Run) {
	if res.run == r {
		return
	}
	if res.run != nil && res.run.stopping {
		*res = Resource{}
	}
	res.run = r
}

// take makes g the holder.
//
//go:norace
func (res *Resource) take(g *Goroutine) {
	res.holder = g
	res.since = g.at
}
