package diagnosis

import (
	"slices"

	"github.com/python-concurrency/kata/runner/verdict"
)

// ranked is a finding with the place of its test in the source.
type ranked struct {
	finding verdict.Finding
	test    int
}

// weight orders findings of one test: what can cause the others comes first. Those of equal weight stay in the order
// they were seen.
var weight = map[verdict.Kind]int{
	verdict.Race:     0,
	verdict.Panic:    1,
	verdict.Deadlock: 1,
	verdict.Spin:     1,
	verdict.Resource: 1,
	verdict.Wrong:    2,
	verdict.Timing:   2,
	verdict.Exit:     3,
	verdict.Timeout:  3,
	verdict.Leak:     4,
}

// rank puts the root cause first. A race anywhere comes before all else, since nothing that a racing program does
// means anything; then the tests in their order, which is from easy to hard. Within a test the weightiest finding
// stays and the others become its effects; the same finding in several tests is told once.
func rank(all []ranked) []verdict.Finding {
	slices.SortStableFunc(all, func(a, b ranked) int {
		if ra, rb := a.finding.Kind == verdict.Race, b.finding.Kind == verdict.Race; ra != rb {
			if ra {
				return -1
			}
			return 1
		}
		if a.test != b.test {
			return a.test - b.test
		}
		return weight[a.finding.Kind] - weight[b.finding.Kind]
	})
	var out []verdict.Finding
	for _, r := range all {
		if i := slices.IndexFunc(out, func(f verdict.Finding) bool { return follows(r.finding, f) }); i >= 0 {
			out[i].Effects = appendNew(out[i].Effects, effect(r.finding))
			continue
		}
		out = append(out, r.finding)
	}
	return out
}

// follows reports whether f needs no telling of its own where root has been told.
func follows(f, root verdict.Finding) bool {
	if f.Test == root.Test {
		return true
	}
	return f.Rule == root.Rule && f.File == root.File && f.Line == root.Line && f.Line > 0 && f.Kind != verdict.Wrong
}

func effect(f verdict.Finding) string {
	if f.Test == "" {
		return string(f.Kind) + ": " + f.Title
	}
	return string(f.Kind) + " in " + f.Test + ": " + f.Title
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
