// Package diagnosis turns evidence into findings. Rules are data: each says which observation it knows, what the
// finding is called and why it happens. The first rule that fires on an observation tells it; then findings are
// ranked, the root cause first, and what follows from it stands under it.
package diagnosis

import (
	"slices"

	"github.com/python-concurrency/kata/katas/lab/wire"
	"github.com/python-concurrency/kata/runner/evidence"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/sandbox"
	"github.com/python-concurrency/kata/runner/verdict"
)

// Case is one graded submission with all that was seen of it.
type Case struct {
	Kata kata.Kata
	// Files are the learner's files as they were submitted.
	Files map[string][]byte
	Runs  []*evidence.Run
}

// Diagnose returns the findings, ranked, and how each hidden test ended. A pass is a case without findings in which
// every expected test reported one start and one end.
func Diagnose(c Case) ([]verdict.Finding, []verdict.Test) {
	names := make([]string, len(c.Kata.Tests))
	for i, t := range c.Kata.Tests {
		names[i] = t.Name
	}
	tests, unexpected := evidence.Tests(names, c.Runs)
	src := newSource(c)
	var all []ranked
	for i, t := range tests {
		for _, o := range observe(t) {
			if f, ok := tell(src, o); ok {
				all = append(all, ranked{finding: f, test: i})
			}
		}
	}
	for _, o := range observeRuns(c.Runs, unexpected) {
		if f, ok := tell(src, o); ok {
			all = append(all, ranked{finding: f, test: len(tests)})
		}
	}
	findings := rank(all)
	results := results(c.Kata.Tests, tests, all)
	if len(findings) == 0 {
		findings = missing(results)
	}
	return findings, results
}

// results says of each test how it ended.
func results(expected []kata.Test, tests []*evidence.Test, found []ranked) []verdict.Test {
	blamed := make(map[string]bool)
	for _, r := range found {
		blamed[r.finding.Test] = true
	}
	out := make([]verdict.Test, len(tests))
	for i, t := range tests {
		out[i] = verdict.Test{Name: t.Name, About: expected[i].About, Status: verdict.TestPassed, DurationMS: verdict.Milliseconds(t.Duration)}
		switch {
		case t.Failed || blamed[t.Name]:
			out[i].Status = verdict.TestFailed
		case t.Starts != 1 || t.Ends != 1:
			out[i].Status = verdict.TestMissing
		}
	}
	return out
}

// missing is the finding of a process that ended well and left tests unreported.
func missing(tests []verdict.Test) []verdict.Finding {
	for _, t := range tests {
		if t.Status != verdict.TestPassed {
			return []verdict.Finding{{
				Kind: verdict.Exit, Rule: "tests-missing", Test: t.Name,
				Title:   "the process ended before the tests did",
				Explain: "Something in the submission ended the process, or kept the tests from running, before " + t.Name + " could report. A pass needs a report from every test.",
			}}
		}
	}
	return nil
}

// observation is one thing that was seen, with all that is needed to tell it.
type observation struct {
	source origin
	test   *evidence.Test
	record wire.Record
	race   evidence.Race
	crash  evidence.Crash
	// outcome belongs to the limits and to a process that ended early.
	outcome sandbox.Outcome
	// goroutines are those of the record's or the crash's dump.
	goroutines []evidence.Goroutine
}

// origin says where an observation comes from.
type origin int

const (
	fromLab origin = iota
	fromRace
	fromCrash
	fromLimit
	fromEnd
	fromChannel
)

// observe lists what was seen of one test, in the order it happened.
func observe(t *evidence.Test) []observation {
	var out []observation
	found, explored := takeSchedule(t.Found, t.Races)
	for _, r := range t.Races {
		o := observation{source: fromRace, test: t, race: r}
		if explored != nil {
			o.record = *explored
		}
		out = append(out, o)
	}
	for _, r := range found {
		out = append(out, observation{source: fromLab, test: t, record: r, goroutines: evidence.ParseStacks(r.Stack)})
	}
	if t.Last != nil {
		out = append(out, observeEnd(t)...)
	}
	if t.Starts > 1 || t.Ends > 1 {
		out = append(out, observation{source: fromChannel, test: t})
	}
	if t.Failed && len(out) == 0 {
		out = append(out, observation{source: fromLab, test: t, record: wire.Record{Kind: "wrong", Title: "the test failed"}})
	}
	return out
}

// observeEnd tells how the process ended under an open test. A limit that hit comes before the crash report, since
// the dump is then the runner's own doing.
func observeEnd(t *evidence.Test) []observation {
	o := observation{test: t, outcome: t.Last.Outcome}
	if t.Last.Crash != nil {
		o.crash = *t.Last.Crash
		o.goroutines = o.crash.Goroutines
	}
	switch {
	case t.Last.Outcome.Hit != "":
		o.source = fromLimit
	case t.Last.Crash != nil:
		o.source = fromCrash
	case spinFound(t):
		return nil
	default:
		o.source = fromEnd
	}
	return []observation{o}
}

// spinFound: the lab ended the process itself, from beside the test.
func spinFound(t *evidence.Test) bool {
	return len(t.Found) > 0 && t.Found[len(t.Found)-1].Kind == string(verdict.Spin)
}

// observeRuns lists what belongs to no test: limits and crashes between tests, races there and in child processes, a
// channel that was written to by somebody else.
func observeRuns(runs []*evidence.Run, unexpected []wire.Record) []observation {
	var out []observation
	for _, run := range runs {
		for _, r := range slices.Concat(run.ChildRaces, run.StrayRaces()) {
			out = append(out, observation{source: fromRace, race: r})
		}
		if run.Malformed != nil {
			out = append(out, observation{source: fromChannel, outcome: run.Outcome})
		}
		if run.Open() {
			continue
		}
		o := observation{outcome: run.Outcome}
		if run.Crash != nil {
			o.crash, o.goroutines = *run.Crash, run.Crash.Goroutines
		}
		switch {
		case run.Outcome.Hit != "":
			o.source = fromLimit
			out = append(out, o)
		case run.Crash != nil:
			o.source = fromCrash
			out = append(out, o)
		}
	}
	if len(unexpected) > 0 {
		out = append(out, observation{source: fromChannel, record: unexpected[0]})
	}
	return out
}
