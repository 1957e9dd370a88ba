package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/python-concurrency/kata/runner/verdict"
)

const (
	// mostSteps bounds the rows of a schedule: half of them from its beginning, half from its end.
	mostSteps = 60
	// widestGoroutine and narrowestGoroutine bound a goroutine's column.
	widestGoroutine    = 22
	narrowestGoroutine = 8
)

// writeSchedule shows an interleaving: a column for each goroutine, a row for each step with the line that it ran.
// More goroutines than columns fit are written as one column of names.
func writeSchedule(p *page, f verdict.Finding, source func(string) []byte) {
	if f.Schedule == nil || len(f.Schedule.Steps) == 0 {
		return
	}
	p.line(text(fmt.Sprintf("  the schedule that breaks it, seed %d:", f.Schedule.Seed)))
	t := newTable(f.Schedule.Steps, p.width)
	t.writeHead(p)
	steps := f.Schedule.Steps
	for i, s := range steps {
		if left := len(steps) - mostSteps; left > 0 && i >= mostSteps/2 && i < mostSteps/2+left {
			if i == mostSteps/2 {
				p.line(span{faint, fmt.Sprintf("    (%s left out)", count(left, "step"))})
			}
			continue
		}
		t.writeStep(p, i+1, s, source)
	}
}

// table is the layout of a schedule.
type table struct {
	goroutines []string
	// widths are those of the goroutines' columns; nil: there is one column of names for all.
	widths []int
	names  int
	digits int
}

func newTable(steps []verdict.Step, width int) table {
	t := table{digits: len(fmt.Sprint(len(steps)))}
	for _, s := range steps {
		i := slices.Index(t.goroutines, s.Goroutine)
		if i < 0 {
			i = len(t.goroutines)
			t.goroutines = append(t.goroutines, s.Goroutine)
			t.widths = append(t.widths, narrowestGoroutine)
		}
		t.widths[i] = min(widestGoroutine, max(t.widths[i], columns(visible(s.Goroutine)), columns(visible(s.Op))))
		t.names = max(t.names, columns(visible(s.Goroutine)))
	}
	t.names = min(t.names, widestGoroutine)
	t.fit(width / 2)
	return t
}

// fit narrows the widest columns until all of them take no more than their share of the page.
func (t *table) fit(room int) {
	for {
		total, widest := 0, 0
		for i, w := range t.widths {
			total += w + 2
			if w > t.widths[widest] {
				widest = i
			}
		}
		switch {
		case total <= room:
			return
		case t.widths[widest] == narrowestGoroutine:
			t.widths = nil
			return
		}
		t.widths[widest]--
	}
}

// row writes the cells that stand before the source line.
func (t table) row(number string, cells []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "    %*s  ", t.digits, number)
	for i, c := range cells {
		b.WriteString(pad(visible(c), t.widths[i]) + "  ")
	}
	return b.String()
}

func (t table) writeHead(p *page) {
	if t.widths != nil {
		p.line(span{bold, t.row("", t.goroutines)})
	}
}

func (t table) writeStep(p *page, number int, s verdict.Step, source func(string) []byte) {
	place := span{faint, at(s.File, s.Line) + "  "}
	code := text(codeAt(source, s.File, s.Line))
	if t.widths == nil {
		name := pad(visible(s.Goroutine), t.names) + "  "
		p.line(text(t.row(fmt.Sprint(number), nil)), span{bold, name}, text(s.Op+"  "), place, code)
		return
	}
	cells := make([]string, len(t.goroutines))
	cells[slices.Index(t.goroutines, s.Goroutine)] = s.Op
	p.line(text(t.row(fmt.Sprint(number), cells)), place, code)
}

// codeAt is the text of a line without its indentation, or "".
func codeAt(source func(string) []byte, file string, line int) string {
	lines := sourceLines(source, file)
	if line < 1 || line > len(lines) {
		return ""
	}
	return expandTabs(strings.TrimSpace(lines[line-1]))
}
