package diagnosis

import (
	"fmt"
	"strings"

	"github.com/python-concurrency/kata/katas/lab/wire"
	"github.com/python-concurrency/kata/runner/evidence"
	"github.com/python-concurrency/kata/runner/verdict"
)

// at puts a finding at a place.
func at(f *verdict.Finding, p verdict.Place) { f.File, f.Line, f.Code = p.File, p.Line, p.Code }

// locateLab takes over what the lab said. The place is the learner's innermost line on the stack or, where the stack
// has none, the declaration of what the test called last.
func locateLab(s *source, o observation, f *verdict.Finding) {
	r := o.record
	f.Title, f.Want, f.Got = r.Title, r.Want, r.Got
	if r.Explain != "" {
		f.Explain = r.Explain
	}
	if f.Kind == verdict.Panic && f.Explain == "" {
		f.Explain = explainPanic(r.Title)
	}
	if f.Explain == "" {
		f.Explain = s.about(f.Test)
	}
	if f.Kind == verdict.Timing || f.Kind == verdict.Wrong {
		f.Timeline = timeline(r.Spans)
	}
	for _, g := range o.goroutines {
		if p, ok := s.innermost(g.Frames); ok {
			at(f, p)
			return
		}
	}
	if p, ok := s.tested(r.At, o.test.Name); ok {
		at(f, p)
	}
}

// timeline is the lab's spans as the verdict holds them; nil where there are none.
func timeline(spans []wire.Span) *verdict.Timeline {
	if len(spans) == 0 {
		return nil
	}
	tl := &verdict.Timeline{}
	for _, s := range spans {
		tl.Spans = append(tl.Spans, verdict.Span{Lane: s.Lane, Start: s.Start, End: s.End})
		tl.Total = max(tl.Total, s.Start, s.End)
	}
	return tl
}

// locateCrash places a crash at the learner's innermost line of the goroutine that crashed, which is dumped first.
func locateCrash(s *source, o observation, f *verdict.Finding) {
	if o.source == fromLab {
		locateLab(s, o, f)
		return
	}
	if f.Title == "" {
		f.Title = "panic: " + firstLine(o.crash.Message)
		if o.crash.Fatal {
			f.Title = "fatal error: " + firstLine(o.crash.Message)
		}
	}
	if f.Explain == "" {
		f.Explain = explainPanic(o.crash.Message)
	}
	for i, g := range o.goroutines {
		if i > 0 && g.State != "running" {
			continue
		}
		p, ok := s.innermost(g.Frames)
		if !ok {
			continue
		}
		at(f, p)
		if started, ok := s.place("the goroutine was started here", g.Created); ok {
			f.Related = append(f.Related, started)
		}
		return
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// panics says why, for those that concurrent code meets.
var panics = []struct{ says, explain string }{
	{"send on closed channel", "Whoever closes a channel must know that nobody sends any more. Let the only sender close it, or wait for all senders first."},
	{"close of closed channel", "Two paths close the same channel. Let one owner close it, or put the close into a sync.Once."},
	{"close of nil channel", "The channel was never made."},
	{"assignment to entry in nil map", "The map was declared and never made: make(map[…]…) before the first write."},
	{"negative WaitGroup counter", "Done was called more often than Add counted."},
	{"WaitGroup is reused before previous Wait has returned", "Add was called for a new round while a Wait of the last one was still on its way out."},
	{"WaitGroup misuse", "Add with the counter at zero must come before Wait; call Add before the go statement, not in the goroutine."},
	{"nil pointer dereference", "Something that was never set is used here."},
	{"index out of range", "The index is not within the slice."},
}

func explainPanic(message string) string {
	for _, p := range panics {
		if strings.Contains(message, p.says) {
			return p.explain
		}
	}
	return "A panic that nobody recovers ends the whole process, whichever goroutine it comes from."
}

// locateRunning places a loop at the goroutine that runs.
func locateRunning(s *source, o observation, f *verdict.Finding) {
	if o.record.Title != "" {
		f.Title = o.record.Title
	}
	for _, g := range o.goroutines {
		if g.State != "running" && g.State != "runnable" {
			continue
		}
		if p, ok := s.innermost(g.Frames); ok {
			at(f, p)
			if started, ok := s.place("the goroutine was started here", g.Created); ok {
				f.Related = append(f.Related, started)
			}
			return
		}
	}
	locateWaiting(s, o, f)
}

// locateWaiting tells what each goroutine waits for, at the learner's lines: the finding stands at the first, the
// others are related.
func locateWaiting(s *source, o observation, f *verdict.Finding) {
	if o.record.Title != "" {
		f.Title = o.record.Title
	}
	seen := make(map[string]bool)
	for _, g := range o.goroutines {
		p, ok := s.innermost(g.Frames)
		if !ok {
			continue
		}
		role := waitsFor(g)
		key := fmt.Sprint(role, p.File, p.Line)
		if seen[key] {
			continue
		}
		seen[key] = true
		if f.Line == 0 {
			at(f, p)
			f.Got = "it " + role
		} else {
			p.Role = "another goroutine " + role
			f.Related = append(f.Related, p)
		}
		if started, ok := s.place("started here", g.Created); ok && !seen[fmt.Sprint(started)] {
			seen[fmt.Sprint(started)] = true
			f.Related = append(f.Related, started)
		}
	}
	if f.Line == 0 && o.test != nil {
		if p, ok := s.tested(o.record.At, o.test.Name); ok {
			at(f, p)
		}
	}
}

// waits says in words what a state of the runtime means; the drop-in's frames come first, since a lock there waits
// on a channel.
var waits = []struct{ call, state, says string }{
	{call: "lab/sync.(*Mutex).Lock", says: "waits for a Mutex"},
	{call: "lab/sync.(*RWMutex).Lock", says: "waits for an RWMutex, to write"},
	{call: "lab/sync.(*RWMutex).RLock", says: "waits for an RWMutex, to read"},
	{call: "lab/sync.(*Once).Do", says: "waits for a Once that another one is doing"},
	{call: "lab/sync.(*Cond).Wait", says: "waits on a Cond to be signalled"},
	{call: "lab/sync.(*WaitGroup).Wait", says: "waits for a WaitGroup"},
	{call: "lab.(*Rendezvous).Arrive", says: "waits in the test for the other tasks to start"},
	{state: "chan receive (nil chan)", says: "receives from a nil channel, which never comes"},
	{state: "chan send (nil chan)", says: "sends to a nil channel, which never goes"},
	{state: "chan receive", says: "waits to receive from a channel"},
	{state: "chan send", says: "waits to send to a channel"},
	{state: "select (no cases)", says: "waits in an empty select, for ever"},
	{state: "select", says: "waits in a select"},
	{state: "sync.Cond.Wait", says: "waits on a Cond"},
	{state: "sync.WaitGroup.Wait", says: "waits for a WaitGroup"},
	{state: "sync.Mutex.Lock", says: "waits for a Mutex"},
	{state: "sync.RWMutex.RLock", says: "waits for an RWMutex, to read"},
	{state: "sync.RWMutex.Lock", says: "waits for an RWMutex, to write"},
	{state: "semacquire", says: "waits for a lock or a WaitGroup"},
	{state: "sleep", says: "sleeps"},
	{state: "IO wait", says: "waits for input or output"},
	{state: "syscall", says: "is in a system call"},
	{state: "running", says: "runs"},
	{state: "runnable", says: "could run"},
}

func waitsFor(g evidence.Goroutine) string {
	for _, w := range waits {
		if w.call != "" && calls(g.Frames, w.call) || w.state != "" && w.state == g.State {
			return w.says
		}
	}
	return "waits (" + g.State + ")"
}

func calls(frames []evidence.Frame, suffix string) bool {
	for _, f := range frames[:min(len(frames), 4)] {
		if strings.HasSuffix(f.Func, suffix) {
			return true
		}
	}
	return false
}

// locateRace names both accesses, and where their goroutines were started.
func locateRace(s *source, o observation, f *verdict.Finding) {
	var words []string
	for i, a := range o.race.Accesses {
		role := "the other access, a " + verb(a)
		p, ok := s.place(role, a.Frames...)
		if !ok {
			continue
		}
		words = append(words, fmt.Sprintf("a %s in line %d", verb(a), p.Line))
		if own := s.lines[p.File] != nil; own && f.Line == 0 {
			at(f, p)
		} else {
			if i == 0 {
				p.Role = strings.Replace(p.Role, "the other access", "one access", 1)
			}
			f.Related = append(f.Related, p)
		}
	}
	for _, a := range o.race.Accesses {
		if p, ok := s.place("a goroutine of the two was started here", a.Created...); ok {
			f.Related = appendPlace(f.Related, p)
			if f.Line == 0 && s.lines[p.File] != nil {
				at(f, p)
			}
		}
	}
	if f.Title == "" {
		f.Title = "two goroutines touch the same memory and nothing orders them"
		if len(words) == 2 {
			f.Title = fmt.Sprintf("%s and %s touch the same memory and nothing orders them", words[0], words[1])
		}
	}
}

func appendPlace(list []verdict.Place, p verdict.Place) []verdict.Place {
	for _, have := range list {
		if have == p {
			return list
		}
	}
	return append(list, p)
}

func verb(a evidence.Access) string {
	v := "read"
	if a.Write {
		v = "write"
	}
	if a.Atomic {
		return "atomic " + v
	}
	return v
}

// shortMeeting is a rendezvous that some reached and not all.
func shortMeeting(t *evidence.Test) (wire.Record, bool) {
	if t == nil {
		return wire.Record{}, false
	}
	for _, r := range t.Arrived {
		if r.N > 0 && r.N < r.Of {
			return r, true
		}
	}
	return wire.Record{}, false
}

func locateMeeting(s *source, o observation, f *verdict.Finding) {
	r, _ := shortMeeting(o.test)
	f.Title = fmt.Sprintf("%s must run at the same time: only %d of %d did", r.Title, r.N, r.Of)
	f.Want, f.Got = fmt.Sprintf("%d at once", r.Of), fmt.Sprintf("%d at once", r.N)
	got := f.Got
	locateWaiting(s, o, f)
	f.Got = got
}
