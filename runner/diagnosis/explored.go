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

// plain are operations that go without saying where the same line does something else.
var plain = []string{"reads", "writes", "calls", "adds"}

// join says in one row what one goroutine did on one line. What it did again is not said again.
func join(before, op string) string {
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

// story says in a sentence or two where the schedule preempts somebody: that is where it goes wrong.
func story(s *source, r wire.Record) string {
	var told []string
	for i, step := range r.Steps {
		if !step.Preempted {
			continue
		}
		next := slices.IndexFunc(r.Steps[i+1:], func(later wire.Step) bool { return later.Goroutine == step.Goroutine })
		if next < 1 {
			continue
		}
		after, before := s.lineOf(step.At), s.lineOf(r.Steps[i+1+next].At)
		if after == "" || before == "" {
			continue
		}
		between := "between " + after + " and " + before
		if after == before {
			between = "in the middle of " + after
		}
		told = append(told, step.Goroutine+" is stopped "+between+", and "+r.Steps[i+1].Goroutine+" runs meanwhile")
	}
	if len(told) == 0 || len(told) > 3 {
		return ""
	}
	return "In the schedule below " + strings.Join(told, "; then ") + "."
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
