package form

import (
	"fmt"
	"strings"
)

// checkSignature holds every solution to the names that hidden tests use: a variant that lacks one would fail for that
// and not for what it is to show.
func checkSignature(s *subject) []Fault {
	var want []exported
	for _, f := range s.stub() {
		want = append(want, surface(f)...)
	}
	var faults []Fault
	for _, v := range s.solutions() {
		if v.broken() || len(v.files) == 0 || len(parsed(v.files)) < len(v.files) {
			continue // other rules say what is wrong
		}
		faults = append(faults, v.lacks(want)...)
	}
	return faults
}

// lacks is what a solution has not, or has otherwise.
func (v variant) lacks(want []exported) []Fault {
	type place struct {
		exported
		file *source
	}
	got := make(map[string]place)
	for _, f := range v.files {
		for _, e := range surface(f) {
			got[e.name] = place{e, f}
		}
	}
	var faults []Fault
	for _, w := range want {
		g, there := got[w.name]
		owner, _, method := strings.Cut(w.name, ".")
		switch {
		case !there && method && promotes(v.files, owner):
		case !there:
			faults = append(faults, v.files[0].fault(0, fmt.Sprintf("%s of the stub is not here", w.name), w.signature))
		case g.signature != w.signature:
			faults = append(faults, g.file.fault(g.line, fmt.Sprintf("%s is declared otherwise than in the stub: %s", w.name, g.signature), w.signature))
		}
	}
	return faults
}
