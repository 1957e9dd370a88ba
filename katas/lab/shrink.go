package lab

import "github.com/python-concurrency/kata/katas/lab/explore"

// Bounds on the search for a shorter schedule: runs, and points in all of them together.
const (
	maxShrinks      = 80
	maxShrinkPoints = 300_000
)

// shrink looks for a schedule that fails in the same way with fewer deviations from the usual one, and returns the run
// of the shortest, recorded. It leaves out half of the deviations, then quarters, down to single ones (ddmin: Zeller and
// Hildebrandt, TSE 2002).
func (e *exploration) shrink(failing *trial) *trial {
	plan := failing.run.Followed()
	if failing.races == 0 { // the race detector reports a race once, so whether a shorter one has it cannot be seen
		plan = e.shorten(plan, failing)
	}
	told := e.try(plan, true)
	if failing.races == 0 && !told.likens(failing) {
		return failing // it makes choices of its own: what was seen is told, without the way there
	}
	told.races = failing.races
	return told
}

func (e *exploration) shorten(plan *explore.Plan, failing *trial) *explore.Plan {
	runs, points := 0, 0
	for chunk := (plan.Len() + 1) / 2; chunk > 0; {
		shorter := false
		for from := 0; from < plan.Len(); {
			if runs >= maxShrinks || points > maxShrinkPoints {
				return plan
			}
			tried := e.try(plan.Without(from, min(from+chunk, plan.Len())), false)
			runs++
			points += tried.Points
			if followed := tried.run.Followed(); tried.likens(failing) && followed.Len() < plan.Len() {
				plan, shorter = followed, true
				continue
			}
			from += chunk
		}
		if !shorter || chunk > plan.Len() {
			chunk /= 2
		}
	}
	return plan
}

// likens reports whether two trials fail in the same way.
func (tr *trial) likens(other *trial) bool {
	if !tr.failed() || tr.Stuck != other.Stuck || len(tr.found) == 0 != (len(other.found) == 0) {
		return false
	}
	return len(tr.found) == 0 || tr.found[0].Kind == other.found[0].Kind
}
