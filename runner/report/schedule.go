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
	widestGoroutine    = 18
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
	// column is the width of a goroutine's column; 0: there is one column of names for all.
	column int
	names  int
	digits int
}

func newTable(steps []verdict.Step, width int) table {
	t := table{digits: len(fmt.Sprint(len(steps))), column: narrowestGoroutine}
	for _, s := range steps {
		if !slices.Contains(t.goroutines, s.Goroutine) {
			t.goroutines = append(t.goroutines, s.Goroutine)
		}
		t.column = max(t.column, columns(visible(s.Goroutine)), columns(visible(s.Op)))
		t.names = max(t.names, columns(visible(s.Goroutine)))
	}
	t.names = min(t.names, widestGoroutine)
	t.column = min(t.column, widestGoroutine, width/2/len(t.goroutines)-2)
	if t.column < narrowestGoroutine {
		t.column = 0
	}
	return t
}

// row writes the cells that stand before the source line.
func (t table) row(number string, cells []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "    %*s  ", t.digits, number)
	for _, c := range cells {
		b.WriteString(pad(visible(c), t.column) + "  ")
	}
	return b.String()
}

func (t table) writeHead(p *page) {
	if t.column > 0 {
		p.line(span{bold, t.row("", t.goroutines)})
	}
}

func (t table) writeStep(p *page, number int, s verdict.Step, source func(string) []byte) {
	place := span{faint, at(s.File, s.Line) + "  "}
	code := text(codeAt(source, s.File, s.Line))
	if t.column == 0 {
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
