package report

import (
	"fmt"
	"strings"

	"github.com/python-concurrency/kata/runner/verdict"
)

// mostValueLines bounds how much of a value or of the difference of two is shown; the JSON has all of it.
const mostValueLines = 24

// writeValues sets expected against got: two short values under each other, two long ones cut around the first
// difference, values of several lines as a difference line by line.
func writeValues(p *page, f verdict.Finding, _ func(string) []byte) {
	switch {
	case f.Want == "" && f.Got == "":
	case strings.Contains(f.Want, "\n") || strings.Contains(f.Got, "\n"):
		writeBlocks(p, f)
	case f.Want == "" || f.Got == "":
		writeAlone(p, f)
	default:
		writePair(p, visible(f.Want), visible(f.Got))
	}
}

const (
	wantHead = "  want  "
	gotHead  = "  got   "
)

// writeAlone shows the one value that is there.
func writeAlone(p *page, f verdict.Finding) {
	if f.Want != "" {
		p.prose(span{green, wantHead}, text(f.Want))
	} else {
		p.prose(span{red, gotHead}, text(f.Got))
	}
}

// writePair shows two values of one line. Where either does not fit, both are cut to a window around the place where
// they part.
func writePair(p *page, want, got string) {
	room := p.width - columns(wantHead)
	if columns(want) <= room && columns(got) <= room {
		p.line(span{green, wantHead}, text(want))
		p.line(span{red, gotHead}, text(got))
		return
	}
	same := commonPrefix(want, got)
	skip := max(columns(same)-room/2, 0)
	p.line(span{green, wantHead}, text(window(want, skip, room)))
	p.line(span{red, gotHead}, text(window(got, skip, room)))
	p.line(text(strings.Repeat(" ", columns(wantHead)+columns(window(same, skip, room)))), span{faint, "^ the first difference"})
}

// window is the part of s behind its first skip columns, cut to room, with an ellipsis at each end that was cut.
func window(s string, skip, room int) string {
	if skip == 0 {
		return clip(s, room)
	}
	_, rest := split(s, skip)
	return clip(ellipsis+rest, room)
}

func commonPrefix(a, b string) string {
	other := []rune(b)
	n := 0
	for i, r := range a {
		if n == len(other) || other[n] != r {
			return a[:i]
		}
		n++
	}
	return a
}

// writeBlocks shows values of several lines: as a difference where there are two.
func writeBlocks(p *page, f verdict.Finding) {
	want, got := lines(f.Want), lines(f.Got)
	switch {
	case f.Got == "":
		writeBlock(p, span{green, "  want"}, want)
	case f.Want == "":
		writeBlock(p, span{red, "  got"}, got)
	default:
		p.line(span{green, "  - want"}, text("   "), span{red, "+ got"})
		writeDiff(p, diff(want, got))
	}
}

func writeBlock(p *page, head span, block []string) {
	p.line(head)
	for _, l := range block[:min(len(block), mostValueLines)] {
		p.line(text("    "), text(expandTabs(l)))
	}
	writeMore(p, len(block)-mostValueLines, "line")
}

func lines(s string) []string { return strings.Split(strings.TrimSuffix(s, "\n"), "\n") }

// opStyle shows an edit by its sign; the sign alone must do where there is no colour.
var opStyle = map[byte]style{'-': green, '+': red, ' ': plain}

func writeDiff(p *page, edits []edit) {
	shown := 0
	for i := 0; i < len(edits); i++ {
		if shown == mostValueLines {
			p.line(span{faint, fmt.Sprintf("    and %s more of the difference", count(len(edits)-i, "line"))})
			return
		}
		shown++
		if n := equalRun(edits[i:]); n > 2*around+1 {
			i = writeEqual(p, edits, i, n)
			continue
		}
		e := edits[i]
		p.line(text("  "), span{opStyle[e.op], string(e.op) + " " + expandTabs(e.line)})
	}
}

// writeEqual shortens a run of n equal lines to the ones next to a change, and returns the last index it took.
func writeEqual(p *page, edits []edit, from, n int) int {
	head, tail := around, around
	if from == 0 {
		head = 0
	}
	if from+n == len(edits) {
		tail = 0
	}
	for _, e := range edits[from : from+head] {
		p.line(text("    " + expandTabs(e.line)))
	}
	p.line(span{faint, fmt.Sprintf("    (%d equal lines)", n-head-tail)})
	for _, e := range edits[from+n-tail : from+n] {
		p.line(text("    " + expandTabs(e.line)))
	}
	return from + n - 1
}

func equalRun(edits []edit) int {
	for i, e := range edits {
		if e.op != ' ' {
			return i
		}
	}
	return len(edits)
}
