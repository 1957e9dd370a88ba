package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/python-concurrency/kata/runner/verdict"
)

// Text writes the verdict for a person: the outcome first, then the root cause with the code it is about, then what
// else was seen, then what to do next.
func Text(w io.Writer, v verdict.Verdict, o Options) error {
	p := newPage(o)
	for _, section := range sections {
		p.gap()
		section(p, v, o)
	}
	_, err := w.Write(p.out.Bytes())
	return err
}

// sections are the parts of a text report in their order. One that has nothing to say writes nothing.
var sections = []func(*page, verdict.Verdict, Options){
	writeHeadline,
	writeProblem,
	writeChecked,
	writeRootCause,
	writeOthers,
	writeNotes,
	writeOutput,
	writeNext,
}

var statusStyle = map[verdict.Status]style{verdict.Passed: green, verdict.Failed: red, verdict.Error: yellow}

func writeHeadline(p *page, v verdict.Verdict, _ Options) {
	p.line(span{bold, v.Kata}, text(": "), span{statusStyle[v.Status], string(v.Status)}, text(tally(v)+spent(v)))
	p.prose(text(""), span{faint, explored(v)})
}

// tally counts the tests.
func tally(v verdict.Verdict) string {
	counts := make(map[verdict.TestStatus]int)
	for _, t := range v.Tests {
		counts[t.Status]++
	}
	if len(v.Tests) == 0 {
		return ""
	}
	s := fmt.Sprintf(", %d of %s passed", counts[verdict.TestPassed], count(len(v.Tests), "test"))
	if missing := counts[verdict.TestMissing]; missing > 0 {
		s += fmt.Sprintf(", %d did not run to the end", missing)
	}
	return s
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func spent(v verdict.Verdict) string {
	switch {
	case v.Cached:
		return " (cached)"
	case v.TimingMS.Total > 0:
		return fmt.Sprintf(" (%.1f s)", v.TimingMS.Total/1000)
	}
	return ""
}

// usualBound is how many preemptions there are at most, as far as a learner is told: where there are schedules with up to
// fewer only, these are all.
const usualBound = 2

func explored(v verdict.Verdict) string {
	s := v.Schedules
	switch {
	case s.Explored == 0:
		return ""
	case v.Status == verdict.Failed:
		return fmt.Sprintf("%s explored", count(s.Explored, "schedule"))
	case s.Exhaustive:
		return fmt.Sprintf("%s explored: all with up to %s", count(s.Explored, "schedule"), count(max(s.Bound, usualBound), "preemption"))
	default:
		return fmt.Sprintf("%s explored, out of more", count(s.Explored, "schedule"))
	}
}

func writeProblem(p *page, v verdict.Verdict, _ Options) {
	if v.Problem == nil {
		return
	}
	p.prose(text("could not be graded: "), text(v.Problem.What))
	if v.Problem.Hint != "" {
		p.prose(text("hint: "), text(v.Problem.Hint))
	}
}

// writeChecked lists, after a pass, what the tests have checked.
func writeChecked(p *page, v verdict.Verdict, _ Options) {
	if v.Status != verdict.Passed {
		return
	}
	for _, t := range v.Tests {
		p.prose(span{green, "  ok  "}, text(about(t)))
	}
}

// about is what a test says of itself, or its name where it says nothing.
func about(t verdict.Test) string {
	if t.About == "" {
		return t.Name
	}
	return t.About
}

func writeRootCause(p *page, v verdict.Verdict, o Options) {
	if len(v.Findings) == 0 {
		return
	}
	f := v.Findings[0]
	seen := seenBy(f, v.Tests)
	writeTitle(p, f, seen)
	if f.Explain == seen {
		f.Explain = "" // what the test says of itself is told already
	}
	for _, part := range parts {
		p.gap()
		part(p, f, o.Source)
	}
}

// parts are what a finding shows below its title, in their order.
var parts = []func(*page, verdict.Finding, func(string) []byte){
	writeFrames,
	writeValues,
	writeExplanation,
	writeTimeline,
	writeSchedule,
	writeEffects,
}

func writeTitle(p *page, f verdict.Finding, seen string) {
	kind := string(f.Kind) + ": "
	p.prose(span{red, kind}, span{bold, strings.TrimPrefix(f.Title, kind)})
	if seen != "" && !strings.HasPrefix(seen, f.Test) {
		seen = f.Test + ": " + seen
	}
	p.prose(text("test: "), span{faint, seen})
}

// seenBy says which test saw a finding, in the test's own words; "" where none did.
func seenBy(f verdict.Finding, tests []verdict.Test) string {
	for _, t := range tests {
		if t.Name == f.Test {
			return about(t)
		}
	}
	return f.Test
}

func writeExplanation(p *page, f verdict.Finding, _ func(string) []byte) {
	p.prose(text("  "), text(f.Explain))
}

// mostEffects and mostOthers keep a submission with a hundred findings readable: the first one is to be mended first.
const (
	mostEffects = 8
	mostOthers  = 8
)

func writeEffects(p *page, f verdict.Finding, _ func(string) []byte) {
	if len(f.Effects) == 0 {
		return
	}
	p.line(text("  may well follow from it:"))
	for _, e := range f.Effects[:min(len(f.Effects), mostEffects)] {
		p.prose(text("  - "), text(e))
	}
	writeMore(p, len(f.Effects)-mostEffects, "finding")
}

func writeOthers(p *page, v verdict.Verdict, _ Options) {
	if len(v.Findings) < 2 {
		return
	}
	others := v.Findings[1:]
	p.line(text("also found:"))
	for _, f := range others[:min(len(others), mostOthers)] {
		p.line(text("  - "), span{red, string(f.Kind)}, text(where(f)+": "+f.Title))
	}
	writeMore(p, len(others)-mostOthers, "finding")
}

// mostNotes: more of them are a list that nobody reads.
const mostNotes = 4

// writeNotes shows what decides nothing, and says so.
func writeNotes(p *page, v verdict.Verdict, _ Options) {
	if len(v.Notes) == 0 {
		return
	}
	p.line(text("go vet would say, which decides nothing here:"))
	explained := make(map[string]bool)
	for _, n := range v.Notes[:min(len(v.Notes), mostNotes)] {
		says := at(n.File, n.Line) + ": " + n.Title
		if !explained[n.Rule] {
			says += ". " + n.Explain
		}
		explained[n.Rule] = true
		p.prose(text("  - "), text(says))
	}
	writeMore(p, len(v.Notes)-mostNotes, "note")
}

// where says in a few words what a finding is about.
func where(f verdict.Finding) string {
	s := ""
	if f.Test != "" {
		s = " in " + f.Test
	}
	if f.File != "" {
		s += " at " + at(f.File, f.Line)
	}
	return s
}

// at names a line as editors and compilers do.
func at(file string, line int) string {
	if line == 0 {
		return file
	}
	return fmt.Sprintf("%s:%d", file, line)
}

// writeMore says how many were left out, if any were.
func writeMore(p *page, n int, noun string) {
	if n > 0 {
		p.line(span{faint, "  and " + count(n, "more "+noun)})
	}
}

func writeNext(p *page, _ verdict.Verdict, o Options) {
	if o.Next != "" {
		p.line(text("next: "), span{cyan, o.Next})
	}
}
