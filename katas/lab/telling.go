package lab

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/python-concurrency/kata/katas/lab/explore"
	"github.com/python-concurrency/kata/katas/lab/wire"
)

// stuckKinds say what a run that could not go on is told as.
var stuckKinds = map[explore.Stuck]wire.Record{
	explore.Deadlocked: {Kind: "deadlock", Title: "every goroutine waits and none can go on"},
	explore.LeftBehind: {Kind: "leak", Title: "a goroutine is still there when the test has ended"},
	explore.Spinning:   {Kind: "spin", Title: "a goroutine goes round and round in a loop, and nothing that it looks at will change"},
	explore.Livelocked: {Kind: "spin", Title: "the goroutines keep each other busy and none gets anywhere (livelock)"},
	explore.Crowded:    {Kind: "resource", Title: "more than a thousand goroutines are started"},
	explore.Panicked:   {Kind: "panic"},
}

// records tell a trial that failed.
func (tr *trial) records(seed int64) []wire.Record {
	records := tr.found
	if stuck, ok := stuckKinds[tr.Stuck]; ok {
		records = append([]wire.Record{tr.tellStuck(stuck)}, records...) // what is wrong may come of it
	} else if tr.dead != "" && len(records) == 0 {
		leak := stuckKinds[explore.LeftBehind]
		leak.Stack = tr.lost
		records = append(records, leak)
	}
	if tr.races > 0 {
		// The detector's log has the race itself.
		records = append(records, wire.Record{Kind: "race"})
	}
	steps := tr.steps()
	for i := range records {
		records[i].Seed, records[i].Steps = seed, steps
	}
	return records
}

// tellStuck says who waits for whom. Where locks are waited for in a circle that is a deadlock, even if the test itself
// got away by a timeout.
func (tr *trial) tellStuck(r wire.Record) wire.Record {
	r.Stack = tr.Stack
	if tr.Stuck == explore.Panicked {
		r.Title = tr.Reason
		if !strings.HasPrefix(r.Title, "fatal error: ") {
			r.Title = "panic: " + r.Title
		}
		return r
	}
	if n, short := tr.shortMeeting(); short && tr.Stuck == explore.Deadlocked {
		tr.meeting.tell(&r, n)
		return r
	}
	told := tr.Waiters
	if circle := tr.circle(); len(circle) > 0 {
		r = stuckKinds[explore.Deadlocked]
		r.Stack, told = tr.Stack, circle
		r.Title = circleTitle(circle)
	}
	for _, w := range told {
		r.Places = append(r.Places, tr.waiting(w)...)
	}
	return r
}

func (tr *trial) shortMeeting() (int, bool) {
	if tr.meeting == nil {
		return 0, false
	}
	return tr.meeting.short()
}

func circleTitle(circle []explore.Waiter) string {
	switch len(circle) {
	case 1:
		return name(circle[0].Goroutine) + " waits for a lock that it holds itself"
	case 2:
		return fmt.Sprintf("%s and %s each wait for a lock that the other holds", name(circle[0].Goroutine), name(circle[1].Goroutine))
	}
	return fmt.Sprintf("%d goroutines wait in a circle: each for a lock that the next one holds", len(circle))
}

// waiting are the places of one goroutine that waits: where, and where what it waits for was taken.
func (tr *trial) waiting(w explore.Waiter) (places []wire.Place) {
	at := place(w.At)
	if at == "" {
		return nil
	}
	switch {
	case w.Holder >= 0:
		holds := name(w.Holder) + " holds"
		if w.Holder == w.Goroutine {
			holds = "it holds itself"
		}
		places = append(places, wire.Place{Role: fmt.Sprintf("%s waits here for what %s", name(w.Goroutine), holds), At: at})
		if since := place(w.Since); since != "" {
			places = append(places, wire.Place{Role: name(w.Holder) + " took it here", At: since})
		}
	case w.Away:
		places = append(places, wire.Place{Role: name(w.Goroutine) + " came as far as this and waits", At: at})
	default:
		places = append(places, wire.Place{Role: name(w.Goroutine) + " waits here", At: at})
	}
	if began := place(w.Began); began != "" {
		places = append(places, wire.Place{Role: name(w.Goroutine) + " was started here", At: began})
	}
	return places
}

// circle is a cycle of goroutines each of which waits for what the next one holds.
func (tr *trial) circle() []explore.Waiter {
	waits := make(map[int]explore.Waiter)
	for _, w := range tr.Waiters {
		if w.Holder >= 0 && !w.Away {
			waits[w.Goroutine] = w
		}
	}
	for _, start := range tr.Waiters {
		var way []explore.Waiter
		for w, ok := waits[start.Goroutine]; ok && len(way) <= len(waits); w, ok = waits[w.Holder] {
			way = append(way, w)
			if w.Holder == start.Goroutine {
				return way
			}
		}
	}
	return nil
}

// steps are the run's, as the drawing wants them. Those that lie in no file of the kata are the lab's own.
func (tr *trial) steps() (steps []wire.Step) {
	for _, s := range tr.Steps {
		at := place(s.At)
		if at == "" {
			continue
		}
		op := s.Op.String()
		if s.Note != "" {
			op += " " + s.Note
		}
		steps = append(steps, wire.Step{Goroutine: name(s.Goroutine), At: at, Op: op, Preempted: s.Preempted})
	}
	if tr.Stuck == explore.Deadlocked || tr.Stuck == explore.LeftBehind {
		for _, w := range tr.Waiters {
			if at := place(w.At); at != "" && !w.Away {
				steps = append(steps, wire.Step{Goroutine: name(w.Goroutine), At: at, Op: waits(w.Op)})
			}
		}
	}
	return steps
}

// waits is an operation that is never done.
func waits(op explore.Op) string {
	switch op {
	case explore.Lock, explore.RLock, explore.Announce, explore.Once:
		return "waits for it"
	case explore.CondWake:
		return "waits for a signal"
	}
	return "waits"
}

// name is a goroutine as the report calls it.
func name(id int) string {
	if id == 0 {
		return "the test"
	}
	return "goroutine " + strconv.Itoa(id)
}

// supports reports whether a file belongs to the lab or a simulator and not to a kata, or to the lab's own tests.
func supports(file string) bool {
	return (strings.HasPrefix(file, "lab/") || strings.HasPrefix(file, "sim/")) && !strings.HasSuffix(file, "_test.go")
}

// place is the innermost line of a site that lies in a kata's folder, as file:line, "" where there is none.
func place(s explore.Site) string {
	frames := s.Frames()
	for {
		f, more := frames.Next()
		if _, in, ok := strings.Cut("/"+f.File, "/katas/"); ok && !supports(in) {
			return path.Base(f.File) + ":" + strconv.Itoa(f.Line)
		}
		if !more {
			return ""
		}
	}
}
