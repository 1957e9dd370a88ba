package diagnosis

import (
	"slices"
	"strconv"
	"strings"

	"github.com/python-concurrency/kata/katas/lab/wire"
	"github.com/python-concurrency/kata/runner/evidence"
	"github.com/python-concurrency/kata/runner/verdict"
)

// schedule is the interleaving of an explored finding; nil where there is none.
func schedule(s *source, r wire.Record) *verdict.Schedule {
	if len(r.Steps) == 0 {
		return nil
	}
	out := &verdict.Schedule{Seed: r.Seed}
	for _, step := range r.Steps {
		file, line, ok := s.known(step.At)
		if !ok {
			continue
		}
		next := verdict.Step{Goroutine: step.Goroutine, File: file, Line: line, Op: step.Op}
		if n := len(out.Steps); n > 0 && sameLine(out.Steps[n-1], next) {
			out.Steps[n-1].Op = join(out.Steps[n-1].Op, next.Op)
			continue
		}
		out.Steps = append(out.Steps, next)
	}
	return out
}

func sameLine(a, b verdict.Step) bool {
	return a.Goroutine == b.Goroutine && a.File == b.File && a.Line == b.Line
}

// starts is how the lab says that a goroutine starts another.
const starts = "starts goroutine "

// plain are operations that go without saying where the same line does something else.
var plain = []string{"reads", "writes", "calls", "adds"}

// join says in one row what one goroutine did on one line. What it did again is not said again.
func join(before, op string) string {
	if n, again := strings.CutPrefix(op, starts); again && strings.HasPrefix(before, starts) {
		return before + ", " + n
	}
	switch ops := strings.Split(before, ", "); {
	case slices.Contains(plain, op) || slices.Contains(ops, op):
		return before
	case slices.Contains(plain, before):
		return op
	case len(ops) == 3:
		return before + ", …"
	case len(ops) > 3:
		return before
	}
	return before + ", " + op
}

// preemption is a place where a goroutine could have gone on and another ran.
type preemption struct {
	// goroutine stopped behind the line after, and went on with the line before; meanwhile is who ran in between.
	goroutine, meanwhile string
	after, before        string
}

// preemptions are those of a schedule that lie in the learner's lines, on both sides.
func preemptions(s *source, r wire.Record) (found []preemption) {
	for i, step := range r.Steps {
		if !step.Preempted {
			continue
		}
		rest := r.Steps[i+1:]
		next := slices.IndexFunc(rest, func(later wire.Step) bool { return later.Goroutine == step.Goroutine })
		if next < 1 || s.lineOf(step.At) == "" || s.lineOf(rest[next].At) == "" {
			continue
		}
		found = append(found, preemption{step.Goroutine, rest[0].Goroutine, step.At, rest[next].At})
	}
	return found
}

// mostTold is how many preemptions are put into words; more than that nobody reads.
const mostTold = 3

// tellSchedule says where the schedule preempts somebody, since that is where it goes wrong: a wrong value is placed
// there, and not where the test looked at it.
func tellSchedule(s *source, r wire.Record, f *verdict.Finding) {
	found := preemptions(s, r)
	if len(found) == 0 || len(found) > mostTold || f.Kind == verdict.Race {
		return
	}
	if f.Kind == verdict.Wrong {
		f.Explain = "" // the test says what it checks; here is why it is not so
		f.Related = nil
		at(f, s.placeOf(found[0].after, ""))
		f.Related = append(f.Related, s.placeOf(found[0].before, found[0].goroutine+" goes on here"))
	}
	var told []string
	for _, p := range found {
		told = append(told, p.tell(s))
	}
	f.Explain = strings.TrimSpace(f.Explain + " In the schedule below " + strings.Join(told, "; then ") + ".")
	if f.Kind == verdict.Wrong {
		f.Explain += " What " + found[0].goroutine + " knew before may be old by then."
	}
}

func (p preemption) tell(s *source) string {
	between := "between " + s.lineOf(p.after) + " and " + s.lineOf(p.before)
	if p.after == p.before {
		between = "in the middle of " + s.lineOf(p.after)
	}
	return p.goroutine + " is stopped " + between + ", and " + p.meanwhile + " runs meanwhile"
}

// placeOf is a line of the learner's own.
func (s *source) placeOf(where, role string) verdict.Place {
	file, line, _ := s.known(where)
	return verdict.Place{Role: role, File: file, Line: line, Code: s.code(file, line)}
}

// lineOf names a line of the learner's own.
func (s *source) lineOf(at string) string {
	file, line, ok := s.known(at)
	switch {
	case !ok || s.lines[file] == nil:
		return ""
	case len(s.lines) > 1:
		return file + ":" + strconv.Itoa(line)
	}
	return "line " + strconv.Itoa(line)
}

// known takes a line of the lab's ("file.go:12") apart, if the file is the learner's or a hidden test.
func (s *source) known(at string) (file string, line int, ok bool) {
	file, number, _ := strings.Cut(at, ":")
	line, err := strconv.Atoi(number)
	_, own := s.lines[file]
	_, hidden := s.kata.Hidden[file]
	return file, line, err == nil && (own || hidden)
}

// locateCircle names who waits where for what whom has, in the lab's words.
func locateCircle(s *source, o observation, f *verdict.Finding) {
	f.Title = o.record.Title
	placed := false
	for _, p := range o.record.Places {
		file, line, ok := s.known(p.At)
		if !ok {
			continue
		}
		place := verdict.Place{Role: p.Role, File: file, Line: line, Code: s.code(file, line)}
		if own := s.lines[file] != nil; own && !placed {
			at(f, place)
			f.Got, placed = p.Role, true
			continue
		}
		f.Related = appendPlace(f.Related, place)
	}
	if !placed {
		locateWaiting(s, o, f)
	}
}

// takeSchedule gives the schedule that the lab reports for a race to the race that the detector reports: the lab knows
// that there was one and how it came to it, the detector which. The lab's own report is not told.
func takeSchedule(found []wire.Record, races []evidence.Race) (rest []wire.Record, of *wire.Record) {
	for i, r := range found {
		if r.Kind == string(verdict.Race) {
			rest = append(append(rest, found[:i]...), found[i+1:]...)
			if len(races) > 0 {
				return rest, &found[i]
			}
			return rest, nil
		}
	}
	return found, nil
}
