package diagnosis

import (
	"slices"
	"strings"

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
	verdict.Policy:   0,
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

// rank puts the root cause first. Tampering and a race anywhere come before all else, since nothing that is reported
// behind them means anything; then the tests in their order, which is from easy to hard. Within a test the weightiest finding
// stays and the others become its effects; the same finding in several tests is told once.
func rank(all []ranked) []verdict.Finding {
	closed := closedChannels(all)
	urgency := func(f verdict.Finding) int {
		switch {
		case f.Kind == verdict.Policy:
			return 0
		case f.Kind == verdict.Race && !(f.Rule == "race-close" && closed[f.Test]):
			return 1
		}
		return 2
	}
	weigh := func(f verdict.Finding) int {
		if f.Rule == "race-close" && closed[f.Test] {
			return weight[verdict.Wrong]
		}
		return weight[f.Kind]
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		if d := urgency(a.finding) - urgency(b.finding); d != 0 {
			return d
		}
		if a.test != b.test {
			return a.test - b.test
		}
		return weigh(a.finding) - weigh(b.finding)
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

// closedChannels are the tests in which a send on a closed channel was seen to panic. The detector calls the close and the
// send a race; the panic says it better.
func closedChannels(all []ranked) map[string]bool {
	tests := make(map[string]bool)
	for _, r := range all {
		if r.finding.Kind == verdict.Panic && strings.Contains(r.finding.Title, "closed channel") {
			tests[r.finding.Test] = true
		}
	}
	return tests
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
