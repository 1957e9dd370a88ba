package mutation

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// edit puts text in place of the bytes from … to of a file. An empty range inserts.
type edit struct {
	from, to int
	text     string
}

// apply carries edits out. Of two at one place the first given comes first. Two that erase may share the blanks between
// them, and overlap in nothing else.
func apply(source []byte, edits []edit) []byte {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(source[at:max(at, e.from)])
		out.WriteString(e.text)
		at = max(at, e.to)
	}
	out.Write(source[at:])
	return out.Bytes()
}

// erase removes the bytes from … to, and with them what the author would not leave behind: a semicolon and the blanks
// on one side. Line breaks stay, so that no line gets another number.
func erase(source []byte, from, to int) edit {
	breaks := strings.Repeat("\n", bytes.Count(source[from:to], []byte("\n")))
	if rest := source[to:]; len(rest) > 1 && rest[0] == ';' && isBlank(rest[1]) {
		return edit{from, to + 2, breaks}
	}
	start, end := from, to
	for start > 0 && isBlank(source[start-1]) {
		start--
	}
	for end < len(source) && isBlank(source[end]) {
		end++
	}
	switch {
	case endsLine(source, end):
		return edit{start, to, breaks}
	case start > 0 && source[start-1] == '\n':
		return edit{from, end, breaks} // a comment behind keeps its indentation
	case end > to:
		return edit{start, to, breaks}
	}
	return edit{from, to, breaks}
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' }

func endsLine(source []byte, at int) bool {
	return at == len(source) || source[at] == '\n' || source[at] == '\r'
}

// keepLines adds the line breaks that edits take away, behind the line on which the statement at the site ends: what stands below
// keeps its numbers.
func (s site) keepLines(edits []edit) []edit {
	lost := 0
	for _, e := range edits {
		lost += bytes.Count(s.text[e.from:e.to], []byte("\n")) - strings.Count(e.text, "\n")
	}
	stmt := s.statement()
	if lost <= 0 || stmt == nil {
		return edits
	}
	at := s.offset(stmt.End())
	if end := bytes.IndexByte(s.text[at:], '\n'); end >= 0 {
		at += end
	} else {
		at = len(s.text)
	}
	return append(edits, edit{at, at, strings.Repeat("\n", lost)})
}
