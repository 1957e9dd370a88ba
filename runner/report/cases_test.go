package report_test

import (
	"fmt"
	"strings"

	"github.com/python-concurrency/kata/runner/verdict"
)

// testCase is one verdict as the golden files show it.
type testCase struct {
	name    string
	verdict verdict.Verdict
	source  map[string]string
	next    string
}

const counter = `package lostupdate

import "sync"

// Counter counts.
type Counter struct {
	mu sync.Mutex
	n  int
}

// Add adds one.
func (c *Counter) Add() {
	v := c.n
	c.n = v + 1
}

// AddAll adds one from each of k goroutines.
func (c *Counter) AddAll(k int) {
	var wg sync.WaitGroup
	for range k {
		wg.Go(c.Add)
	}
	wg.Wait()
}
`

var tests = []verdict.Test{
	{Name: "TestAdd", About: "TestAdd checks that one call adds one.", Status: verdict.TestPassed, DurationMS: 0.2},
	{Name: "TestAddAll", About: "TestAddAll checks that no update is lost when many goroutines add.", Status: verdict.TestFailed, DurationMS: 1.5},
	{Name: "TestOverlap", Status: verdict.TestMissing},
}

// failed is a verdict on the counter with the given findings.
func failed(findings ...verdict.Finding) verdict.Verdict {
	return verdict.Verdict{
		Schema: verdict.Schema, Kata: "gil/lostupdate", KataHash: "0123456789abcdef", Status: verdict.Failed,
		Tests: tests, Findings: findings, TimingMS: verdict.Spent{Build: 310, Run: 80, Total: 420},
		Toolchain: "go1.26 linux/amd64", Sandbox: "process group",
	}
}

func passed(change func(*verdict.Verdict)) verdict.Verdict {
	v := failed()
	v.Status = verdict.Passed
	v.Tests = []verdict.Test{tests[0], {Name: "TestOverlap", Status: verdict.TestPassed}}
	if change != nil {
		change(&v)
	}
	return v
}

var race = verdict.Finding{
	Kind: verdict.Race, Rule: "race", Test: "TestAddAll",
	Title:   "a write in line 14 and a read in line 13 touch the same memory and nothing orders them",
	Explain: "Nothing makes one of the two happen before the other: no lock that both hold, no channel, no Wait in between. What is read may be old, torn, or lost. Guard both with the same lock, or let one goroutine own the value.",
	File:    "lostupdate.go", Line: 14, Code: "c.n = v + 1",
	Related: []verdict.Place{
		{Role: "the other access, a read", File: "lostupdate.go", Line: 13, Code: "v := c.n"},
		{Role: "a goroutine of the two was started here", File: "lostupdate.go", Line: 21, Code: "wg.Go(c.Add)"},
		{Role: "a goroutine of the two was started here, in the hidden tests", File: "lostupdate_test.go", Line: 40},
	},
}

// at is a finding at a line of the counter.
func at(kind verdict.Kind, line int, title, explain string) verdict.Finding {
	code := strings.TrimSpace(strings.Split(counter, "\n")[line-1])
	return verdict.Finding{Kind: kind, Rule: string(kind), Test: "TestAddAll", Title: title, Explain: explain, File: "lostupdate.go", Line: line, Code: code}
}

// with changes a finding.
func with(f verdict.Finding, change func(*verdict.Finding)) verdict.Finding {
	change(&f)
	return f
}

const second = int64(1_000_000_000)

var learners = map[string]string{"lostupdate.go": counter}

var cases = []testCase{
	{name: "pass", next: "kata next", verdict: passed(nil)},
	{name: "passcached", next: "kata next", verdict: passed(func(v *verdict.Verdict) { v.Cached = true })},
	{name: "passexplored", verdict: passed(func(v *verdict.Verdict) {
		v.Schedules = verdict.Schedules{Explored: 70, Exhaustive: true, Bound: 2}
	})},
	{name: "passnotes", next: "kata next", verdict: passed(func(v *verdict.Verdict) {
		copied := verdict.Note{Rule: "copylocks", Title: "assignment copies lock value", Explain: "A copy of a lock is another lock.", File: "lostupdate.go", Line: 12, Code: "d := *c"}
		again := copied
		again.Line, again.Title = 14, "Clone passes lock by value"
		v.Notes = []verdict.Note{copied, again, {Rule: "lostcancel", Title: "the cancel function is not used", Explain: "Its context holds on.", File: "lostupdate.go", Line: 20}, copied, copied}
	})},
	{name: "compile", next: "kata hint", source: learners, verdict: failed(with(
		at(verdict.Compile, 13, "does not compile: undefined: c.m", "Mend the first error; later ones often follow from it."),
		func(f *verdict.Finding) {
			f.Test = ""
			f.Effects = []string{"lostupdate.go:14: declared and not used: v"}
		}))},
	{name: "policy", next: "kata hint", source: learners, verdict: failed(with(
		at(verdict.Policy, 3, "this kata does not allow the import of net/http", "Solve it with what the stub imports."),
		func(f *verdict.Finding) { f.Test = "" }))},
	{name: "wrong", next: "kata hint", source: learners, verdict: failed(with(
		at(verdict.Wrong, 12, "the sum of 100 calls is wrong", ""),
		func(f *verdict.Finding) { f.Want, f.Got = "100", "99" }),
		at(verdict.Leak, 21, "a goroutine is still there when the test has ended", "Whoever starts a goroutine must see to its end."))},
	{name: "wrongtoldonce", source: learners, verdict: failed(at(verdict.Wrong, 12, "the sum of 100 calls is wrong", tests[1].About))},
	{name: "wronglines", source: learners, verdict: failed(with(
		at(verdict.Wrong, 12, "the order is wrong", ""),
		func(f *verdict.Finding) {
			f.Want = "start\n1\n2\n3\n4\n5\n6\n7\n8\n9\nput a\nput b\nend\n"
			f.Got = "start\n1\n2\n3\n4\n5\n6\n7\n8\n9\nput b\nput a\nend\n"
		}))},
	{name: "wronglong", source: learners, verdict: failed(with(
		at(verdict.Wrong, 12, "the list is wrong", ""),
		func(f *verdict.Finding) {
			f.Want = fmt.Sprint(make([]int, 300))
			f.Got = strings.Replace(f.Want, "0 0 0]", "0 7 0]", 1)
		}))},
	{name: "panic", next: "kata hint", source: learners, verdict: failed(with(
		at(verdict.Panic, 14, "panic: send on closed channel", "Whoever closes a channel must know that nobody sends any more."),
		func(f *verdict.Finding) {
			f.Related = []verdict.Place{{Role: "the goroutine was started here", File: "lostupdate.go", Line: 21, Code: "wg.Go(c.Add)"}}
		}))},
	{name: "race", next: "kata hint", source: learners, verdict: failed(with(race, func(f *verdict.Finding) {
		f.Effects = []string{"wrong in TestAddAll: the sum of 100 calls is wrong"}
	}))},
	{name: "raceoneline", source: learners, verdict: failed(with(race, func(f *verdict.Finding) {
		f.Title = "a write in line 14 and a read in line 14 touch the same memory and nothing orders them"
		f.Related = []verdict.Place{{Role: "the other access, a read", File: "lostupdate.go", Line: 14, Code: "c.n = v + 1"}}
	}))},
	{name: "deadlock", next: "kata hint", source: learners, verdict: failed(with(
		at(verdict.Deadlock, 23, "every goroutine waits and none can go on", "Each of them waits for something that only another one could do, and all of them wait. Look at what each holds, and who was to wake it."),
		func(f *verdict.Finding) {
			f.Got = "it waits for a WaitGroup"
			f.Related = []verdict.Place{{Role: "another goroutine waits for a Mutex", File: "lostupdate.go", Line: 13, Code: "v := c.n"}}
		}))},
	{name: "leak", next: "kata hint", source: learners, verdict: failed(
		at(verdict.Leak, 21, "a goroutine is still there when the test has ended", "It waits for something that will never come now."))},
	{name: "timing", next: "kata hint", source: learners, verdict: failed(with(
		at(verdict.Timing, 19, "took 3s, must take 1s: the three tasks ran one after another", "Each part waited for the one before it. Start all of them first, then wait for them."),
		func(f *verdict.Finding) {
			f.Timeline = &verdict.Timeline{Total: 3 * second, Spans: []verdict.Span{
				{Lane: "task 1", Start: 0, End: second},
				{Lane: "task 2", Start: second, End: 2 * second},
				{Lane: "task 3", Start: 2 * second, End: 3 * second},
			}}
		}))},
	{name: "timeline", source: learners, verdict: failed(with(
		at(verdict.Timing, 19, "took 90m0s, must take 1s: too slow", ""),
		func(f *verdict.Finding) {
			f.Timeline = &verdict.Timeline{Total: 5400 * second, Spans: []verdict.Span{
				{Lane: "日本の仕事 with a name that is far too long", Start: 60 * second, End: 5400 * second},
				{Lane: "twice", Start: 0, End: 1800 * second}, {Lane: "twice", Start: 3600 * second, End: 4000 * second},
				{Lane: "at once", Start: 1800 * second, End: 1800 * second},
				{Lane: "at the very end", Start: 5400 * second, End: 5400 * second},
				{Lane: "never ends", Start: 2700 * second, End: -1},
				{Lane: "longer than the chart", Start: 5000 * second, End: 6000 * second},
			}}
			for i := range 20 {
				f.Timeline.Spans = append(f.Timeline.Spans, verdict.Span{Lane: fmt.Sprint("worker ", i), Start: 100 * second, End: 200 * second})
			}
		}))},
	{name: "timelinenothing", source: learners, verdict: failed(with(
		at(verdict.Timing, 19, "took 0s, must take 1s: too early", ""),
		func(f *verdict.Finding) {
			f.Timeline = &verdict.Timeline{Spans: []verdict.Span{{Lane: "task", Start: 0, End: 0}, {Lane: "other", Start: 0, End: -1}}}
		}))},
	{name: "spin", next: "kata hint", source: learners, verdict: failed(
		at(verdict.Spin, 20, "a loop burns CPU while it waits", "The loop asks again and again whether something has happened and lets nobody sleep."))},
	{name: "timeout", next: "kata hint", source: learners, verdict: failed(
		at(verdict.Timeout, 23, "the time ran out", "The run came to no end within its outer limit."))},
	{name: "resource", next: "kata hint", verdict: failed(verdict.Finding{
		Kind: verdict.Resource, Rule: "memory", Test: "TestAddAll", Title: "uses more memory than this kata may", Explain: "Something grows without bound.",
	})},
	{name: "exit", next: "kata hint", verdict: failed(verdict.Finding{
		Kind: verdict.Exit, Rule: "exit", Test: "TestAddAll", Title: "the process ended before the test did",
		Explain: "Something in the submission ended the process: os.Exit, log.Fatal, or a signal.", Got: "exit code 3",
	})},
	{name: "error", verdict: verdict.Verdict{
		Schema: verdict.Schema, Kata: "gil/lostupdate", Status: verdict.Error,
		Problem: &verdict.Problem{What: "go: executable file not found in PATH", Hint: "install Go 1.26 or newer"},
	}},
	{name: "schedule", next: "kata hint", source: learners, verdict: explored(2)},
	{name: "schedulewide", source: learners, verdict: explored(9)},
	{name: "schedulelong", source: learners, verdict: failed(with(
		at(verdict.Wrong, 14, "an update is lost", ""),
		func(f *verdict.Finding) {
			f.Schedule = &verdict.Schedule{Seed: -7}
			for i := range 100 {
				f.Schedule.Steps = append(f.Schedule.Steps, verdict.Step{Goroutine: "only", File: "lostupdate.go", Line: 13 + i%2, Op: "read"})
			}
		}))},
	{name: "hostile", next: "kata hint", verdict: hostile(), source: map[string]string{
		"lostupdate.go": "package lostupdate // \x1b[2J\r\n\n\tx := \"\x1b]0;owned\a\" // \u202etxt\xff\n\ty := 1\t// 日本語\t🐍\r\n",
	}},
	{name: "longlines", verdict: long(), source: map[string]string{
		"lostupdate.go": "package lostupdate\n\n\t" + strings.Repeat("long ", 100) + "\n" + strings.Repeat("日本", 100) + "\n",
	}},
	{name: "changedsource", verdict: failed(race), source: map[string]string{"lostupdate.go": "package lostupdate\n"}},
	{name: "manyfindings", verdict: many(), source: learners},
}

// explored is a lost update of n goroutines, found on a schedule.
func explored(n int) verdict.Verdict {
	f := at(verdict.Wrong, 14, "an update is lost", "Between the read and the write another goroutine wrote.")
	f.Want, f.Got = fmt.Sprint(n), "1"
	f.Schedule = &verdict.Schedule{Seed: 42}
	for i := range n {
		f.Schedule.Steps = append(f.Schedule.Steps, verdict.Step{Goroutine: fmt.Sprint("worker ", i+1), File: "lostupdate.go", Line: 13, Op: "read c.n"})
	}
	for i := range n {
		f.Schedule.Steps = append(f.Schedule.Steps, verdict.Step{Goroutine: fmt.Sprint("worker ", i+1), File: "lostupdate.go", Line: 14, Op: "write c.n"})
	}
	v := failed(f)
	v.Schedules = verdict.Schedules{Explored: 17, Bound: 2}
	return v
}

// hostile is what a submission can try on its reader.
func hostile() verdict.Verdict {
	f := verdict.Finding{
		Kind: verdict.Wrong, Test: "TestAddAll", Title: "panic: \x1b[31mgil/lostupdate: passed\x1b[0m\nnext: rm -rf", Explain: "\u009b2J\u0007",
		File: "lostupdate.go", Line: 3, Want: "e\u0301 or \u00e9", Got: "\xff\xfe\x00 \u200b\u00a0",
		Related: []verdict.Place{{Role: "other\x1b[A", File: "lostupdate.go", Line: 4}, {Role: "x", File: "\x1bfile.go", Line: 9, Code: "\tx\x1b"}},
	}
	v := failed(f)
	v.Output = "gil/lostupdate: passed, 5 of 5 tests passed\n\x1b[1A\x1b[2Kerased\rover\x1b]8;;http://example.org\x07link\x1b]8;;\x07\n\ttabs\tof\tit\n\xe2\x82\n\u202eevil\n" + strings.Repeat("again\n", 50)
	return v
}

// long has no end anywhere.
func long() verdict.Verdict {
	words := strings.Repeat("word ", 60)
	solid := strings.Repeat("x", 500)
	f := verdict.Finding{
		Kind: verdict.Wrong, Test: "Test" + solid, Title: words + solid, Explain: strings.Repeat("日本", 90) + " " + words,
		File: "lostupdate.go", Line: 3, Got: solid,
		Related: []verdict.Place{{Role: words, File: "lostupdate.go", Line: 4}, {Role: solid, File: solid, Line: 4, Code: solid}},
		Effects: []string{solid, words},
	}
	v := failed(f, with(f, func(f *verdict.Finding) { f.Title = solid }))
	v.Output = solid + "\n" + strings.Repeat("日本", 200)
	return v
}

// many is a submission with a hundred findings.
func many() verdict.Verdict {
	f := race
	f.Related, f.Effects = nil, nil
	for i := range 30 {
		f.Related = append(f.Related, verdict.Place{Role: fmt.Sprint("access ", i), File: "lostupdate.go", Line: i%25 + 1})
		f.Effects = append(f.Effects, fmt.Sprint("effect ", i))
	}
	all := []verdict.Finding{f}
	for range 99 {
		all = append(all, at(verdict.Leak, 21, "a goroutine is still there when the test has ended", ""))
	}
	return failed(all...)
}
