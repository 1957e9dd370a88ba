package form

import (
	"bytes"
	"go/format"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// all are the files that could be read, by path.
func (s *subject) all() []*source {
	var files []*source
	for _, name := range slices.Sorted(maps.Keys(s.sources)) {
		files = append(files, s.sources[name])
	}
	return files
}

func checkText(s *subject) []Fault {
	var faults []Fault
	for _, f := range s.all() {
		switch {
		case len(f.text) == 0:
			faults = append(faults, f.fault(0, "is empty", "write it, or rm "+f.path))
		case !utf8.Valid(f.text) || bytes.HasPrefix(f.text, []byte("\ufeff")):
			faults = append(faults, f.fault(0, "is not UTF-8 without a byte order mark", "save it as UTF-8"))
		case bytes.Contains(f.text, []byte("\r")):
			line := 1 + bytes.Count(f.text[:bytes.IndexByte(f.text, '\r')], []byte("\n"))
			faults = append(faults, f.fault(line, "has a carriage return", "sed -i 's/\\r//' "+f.path))
		case !bytes.HasSuffix(f.text, []byte("\n")):
			faults = append(faults, f.fault(len(f.lines()), "does not end in a newline", "echo >> "+f.path))
		}
	}
	return faults
}

func checkGofmt(s *subject) []Fault {
	var faults []Fault
	for _, f := range parsed(s.compiled()) {
		want, err := format.Source(f.text)
		if err == nil && !bytes.Equal(want, f.text) {
			faults = append(faults, f.fault(firstDifference(f.text, want), "is not formatted", "gofmt -w "+f.path))
		}
	}
	return faults
}

// firstDifference is the first line that differs.
func firstDifference(got, want []byte) int {
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return i + 1
		}
	}
	return min(len(g), len(w))
}

// leftovers are the words that unfinished work is marked with.
var leftovers = []struct {
	words *regexp.Regexp
	what  string
	hint  string
}{
	{regexp.MustCompile(regexp.QuoteMeta(Marker)), "kata new wrote this for you to replace", "write your own, and take the line away"},
	{regexp.MustCompile(`\b(?:TODO|FIXME)\b`), "something is left to do", "do it, and take the remark away"},
	{regexp.MustCompile(`(?i)\bgoes here\b`), "is a placeholder", "write what belongs there"},
}

func checkLeftover(s *subject) []Fault {
	var faults []Fault
	for _, f := range s.all() {
		for i, line := range f.lines() {
			for _, left := range leftovers {
				if left.words.MatchString(line) {
					faults = append(faults, f.fault(i+1, left.what, left.hint))
					break
				}
			}
		}
	}
	return faults
}
