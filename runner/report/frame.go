package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/python-concurrency/kata/runner/verdict"
)

const (
	// around is how many lines stand before and behind the one that is meant.
	around = 2
	// mostFrames bounds the code that is shown; places beyond it are named by their line.
	mostFrames = 4
	// mostPlaces bounds the places that are named at all.
	mostPlaces = 12
)

// frame is a window on one file with the places that lie in it.
type frame struct {
	file     string
	lines    []string
	from, to int // line numbers, both included
	places   []verdict.Place
	// order and line are of the place in it that the finding names first.
	order, line int
}

// writeFrames shows the lines that a finding is about: places that lie near each other in one frame, places without
// source by their name.
func writeFrames(p *page, f verdict.Finding, source func(string) []byte) {
	places := slices.Clone(f.Related)
	if f.File != "" {
		places = slices.Insert(places, 0, verdict.Place{File: f.File, Line: f.Line, Code: f.Code})
	}
	beyond := len(places) - mostPlaces
	places = places[:min(len(places), mostPlaces)]
	frames, rest := cut(places, source)
	for i, fr := range frames {
		if i == mostFrames {
			rest = append(rest, outside(frames[i:])...)
			break
		}
		p.gap()
		fr.write(p)
	}
	if len(rest) > 0 {
		p.gap()
	}
	for _, place := range rest {
		writePlace(p, place)
	}
	writeMore(p, beyond, "place")
}

// cut groups places into frames, the frame of the first place first. What the source does not bear out is the rest:
// it stands in a file that is not the learner's, or the file was changed since.
func cut(places []verdict.Place, source func(string) []byte) (frames []*frame, rest []verdict.Place) {
	var shown []*frame
	for i, place := range places {
		lines := sourceLines(source, place.File)
		if !borneOut(place, lines) {
			rest = append(rest, place)
			continue
		}
		shown = append(shown, &frame{
			file: place.File, lines: lines, places: []verdict.Place{place}, order: i, line: place.Line,
			from: max(place.Line-around, 1), to: min(place.Line+around, len(lines)),
		})
	}
	frames = join(shown)
	slices.SortFunc(frames, func(a, b *frame) int { return a.order - b.order })
	return frames, rest
}

func borneOut(place verdict.Place, lines []string) bool {
	if place.Line < 1 || place.Line > len(lines) {
		return false
	}
	return place.Code == "" || strings.TrimSpace(lines[place.Line-1]) == strings.TrimSpace(place.Code)
}

// join makes one of the frames that overlap or touch.
func join(frames []*frame) (joined []*frame) {
	slices.SortStableFunc(frames, func(a, b *frame) int {
		return cmp.Or(strings.Compare(a.file, b.file), a.from-b.from, a.order-b.order)
	})
	for _, fr := range frames {
		if len(joined) == 0 || joined[len(joined)-1].file != fr.file || fr.from > joined[len(joined)-1].to+1 {
			joined = append(joined, fr)
			continue
		}
		last := joined[len(joined)-1]
		last.to = max(last.to, fr.to)
		if fr.order < last.order {
			last.order, last.line = fr.order, fr.line
		}
		last.places = append(last.places, fr.places...)
	}
	return joined
}

func outside(frames []*frame) (places []verdict.Place) {
	for _, fr := range frames {
		places = append(places, fr.places...)
	}
	return places
}

// sourceLines are a file's lines without their ends; none where there is no source.
func sourceLines(source func(string) []byte, file string) []string {
	if source == nil {
		return nil
	}
	data := source(file)
	if len(data) == 0 {
		return nil
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSuffix(l, "\r")
	}
	return lines
}

func (fr *frame) write(p *page) {
	p.line(text("  "), span{cyan, at(fr.file, fr.line)})
	digits := len(fmt.Sprint(fr.to))
	gutter := strings.Repeat(" ", digits+4) + " | "
	for n := fr.from; n <= fr.to; n++ {
		code := visible(expandTabs(fr.lines[n-1]))
		here := fr.at(n)
		marker, codeStyle := "    ", plain
		if len(here) > 0 {
			marker, codeStyle = "  > ", bold
		}
		p.line(span{red, marker}, span{faint, fmt.Sprintf("%*d | ", digits, n)}, span{codeStyle, code})
		for _, place := range here {
			writeMark(p, gutter, code, place.Role)
		}
	}
}

// at are the places in line n, each once. The finding's own place has no role, and needs no mark of its own where
// another one marks the line.
func (fr *frame) at(n int) (places []verdict.Place) {
	for _, place := range fr.places {
		if place.Line == n && !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	if slices.ContainsFunc(places, func(p verdict.Place) bool { return p.Role != "" }) {
		places = slices.DeleteFunc(places, func(p verdict.Place) bool { return p.Role == "" })
	}
	return places
}

// writeMark underlines the code of the line above and says what it has to do with the finding.
func writeMark(p *page, gutter, code, role string) {
	indent := len(code) - len(strings.TrimLeft(code, " "))
	room := p.width - columns(gutter)
	indent = min(indent, room/2)
	carets := min(columns(strings.TrimSpace(code)), room-indent)
	line := strings.Repeat(" ", indent) + strings.Repeat("^", max(carets, 1))
	if role == "" || columns(line)+1+columns(visible(role)) <= room {
		p.line(span{faint, gutter}, span{red, strings.TrimRight(line+" "+role, " ")})
		return
	}
	p.line(span{faint, gutter}, span{red, line})
	p.prose(span{faint, gutter + strings.Repeat(" ", indent)}, span{red, role})
}

// writePlace names a place that no frame shows.
func writePlace(p *page, place verdict.Place) {
	name := at(place.File, place.Line)
	if place.Role != "" {
		name += ": " + place.Role
	}
	p.prose(text("  "), text(name))
	if place.Code != "" {
		p.line(text("    > "), text(expandTabs(strings.TrimSpace(place.Code))))
	}
}
