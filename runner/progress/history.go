package progress

import (
	"slices"
	"time"
)

// Status is where a learner stands with a kata.
type Status string

const (
	// New: never graded.
	New Status = "new"
	// Tried: graded and not passed yet.
	Tried Status = "tried"
	// Passed: passed as it is now.
	Passed Status = "passed"
	// Stale: passed, but the kata's content has changed since.
	Stale Status = "stale"
)

// History is a log as read: events by time, since a merge may put them in any order; those of the same moment, and those
// from before and after the clock was set back, in the order of the log. It is immutable and safe for use by many
// goroutines.
type History struct {
	events []Event
}

func newHistory(events []Event) History {
	events = slices.Clone(events)
	slices.SortStableFunc(events, func(a, b Event) int { return a.order().Compare(b.order()) })
	return History{events: events}
}

// Status says where the learner stands with a kata whose content is named by hash now.
func (h History) Status(kata, hash string) Status {
	status := New
	for _, e := range h.of(kata, Attempt) {
		switch {
		case e.Status == string(Passed) && e.KataHash == hash:
			return Passed
		case e.Status == string(Passed):
			status = Stale
		case status == New:
			status = Tried
		}
	}
	return status
}

// Current is the kata that is worked on, empty where there is none yet.
func (h History) Current() string {
	for _, e := range slices.Backward(h.events) {
		if e.What == Current {
			return e.Kata
		}
	}
	return ""
}

// EverPassed reports whether the kata was passed, as it is now or as it was.
func (h History) EverPassed(kata string) bool {
	return slices.ContainsFunc(h.of(kata, Attempt), func(e Event) bool { return e.Status == string(Passed) })
}

// Hints is how many hints were shown.
func (h History) Hints(kata string) int {
	most := 0
	for _, e := range h.of(kata, Hint) {
		most = max(most, e.N)
	}
	return most
}

// Attempts is how often the kata was graded.
func (h History) Attempts(kata string) int { return len(h.of(kata, Attempt)) }

// Shown reports whether the reference solution was shown before a pass.
func (h History) Shown(kata string) bool { return len(h.of(kata, Solution)) > 0 }

// Begun is when the kata was first fetched or graded; the zero time where it never was. That it was made current counts as
// well: a process that dies may have laid it down without saying so, and the next one finds it there.
func (h History) Begun(kata string) time.Time {
	for _, e := range h.events {
		if e.Kata == kata && (e.What == Fetched || e.What == Current || e.What == Attempt) {
			return e.Time
		}
	}
	return time.Time{}
}

// Took is the time from the first sight of the kata to its first pass. It reports false where there is none. A clock
// that was set back in between makes it zero.
func (h History) Took(kata string) (time.Duration, bool) {
	for _, e := range h.of(kata, Attempt) {
		if e.Status == string(Passed) {
			return max(0, e.Time.Sub(h.Begun(kata))), true
		}
	}
	return 0, false
}

// Empty reports whether nothing was ever recorded.
func (h History) Empty() bool { return len(h.events) == 0 }

func (h History) of(kata string, what What) []Event {
	var found []Event
	for _, e := range h.events {
		if e.Kata == kata && e.What == what {
			found = append(found, e)
		}
	}
	return found
}
