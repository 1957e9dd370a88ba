package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/python-concurrency/kata/runner/verdict"
)

const (
	// mostLanes bounds the rows of a chart.
	mostLanes = 16
	// widestLane bounds the column of the lanes' names.
	widestLane = 20
)

// lane is one row of a chart.
type lane struct {
	name  string
	spans []verdict.Span
}

// writeTimeline draws who ran when: a row for each lane, a bar for each span, scaled to the width. A bar that ends in
// '>' was still running.
func writeTimeline(p *page, f verdict.Finding, _ func(string) []byte) {
	if f.Timeline == nil || len(f.Timeline.Spans) == 0 {
		return
	}
	total := length(*f.Timeline)
	all := lanes(f.Timeline.Spans)
	shown := all[:min(len(all), mostLanes)]
	names, when := 0, 0
	for _, l := range shown {
		names = max(names, columns(visible(l.name)))
		when = max(when, columns(times(l.spans)))
	}
	names = min(names, widestLane)
	when = min(when, p.width/3)
	bars := max(p.width-names-when-10, 8)
	p.line(text(fmt.Sprintf("  who ran when, from 0s to %v in the test's time:", time.Duration(total))))
	for _, l := range shown {
		p.line(text("    "+pad(visible(l.name), names)+" |"), span{cyan, bar(l.spans, total, bars)}, text("| "+clip(times(l.spans), when)))
	}
	writeMore(p, len(all)-mostLanes, "lane")
}

// length is the chart's, or as far as its spans reach if that is farther.
func length(t verdict.Timeline) int64 {
	total := max(t.Total, 0)
	for _, s := range t.Spans {
		total = max(total, s.Start, s.End)
	}
	return total
}

// lanes are the rows in the order in which they began.
func lanes(spans []verdict.Span) (all []lane) {
	sorted := slices.Clone(spans)
	slices.SortStableFunc(sorted, func(a, b verdict.Span) int { return int(min(max(a.Start-b.Start, -1), 1)) })
	for _, s := range sorted {
		i := slices.IndexFunc(all, func(l lane) bool { return l.name == s.Lane })
		if i < 0 {
			i = len(all)
			all = append(all, lane{name: s.Lane})
		}
		all[i].spans = append(all[i].spans, s)
	}
	return all
}

// bar draws spans over n columns. A span always takes one column at least, so that nothing that ran is lost.
func bar(spans []verdict.Span, total int64, n int) string {
	cells := []byte(strings.Repeat(" ", n))
	for _, s := range spans {
		end := s.End
		if end < 0 {
			end = total
		}
		from, to := min(scale(s.Start, total, n), n-1), scale(end, total, n)
		for i := from; i < max(to, from+1); i++ {
			cells[i] = '='
		}
		if s.End < 0 {
			cells[max(to, from+1)-1] = '>'
		}
		if s.End == s.Start {
			cells[from] = '|'
		}
	}
	return string(cells)
}

// scale is the column of a moment.
func scale(at, total int64, n int) int {
	if total <= 0 {
		return 0
	}
	share := float64(max(at, 0)) / float64(total)
	return min(int(share*float64(n)+0.5), n)
}

// times writes spans in words.
func times(spans []verdict.Span) string {
	parts := make([]string, len(spans))
	for i, s := range spans {
		switch {
		case s.End < 0:
			parts[i] = fmt.Sprintf("%v, still running", time.Duration(s.Start))
		case s.End == s.Start:
			parts[i] = fmt.Sprintf("at %v", time.Duration(s.Start))
		default:
			parts[i] = fmt.Sprintf("%v to %v", time.Duration(s.Start), time.Duration(s.End))
		}
	}
	return strings.Join(parts, ", ")
}
