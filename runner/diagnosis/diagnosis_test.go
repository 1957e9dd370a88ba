package diagnosis_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/lab/wire"
	"github.com/python-concurrency/kata/runner/build"
	"github.com/python-concurrency/kata/runner/diagnosis"
	"github.com/python-concurrency/kata/runner/evidence"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/sandbox"
	"github.com/python-concurrency/kata/runner/verdict"
)

const learner = `package demo

func Start(work func()) {
	go work()
}

func Count() int {
	n++
	return n
}

var n int
`

const hidden = `package demo_test

func TestCount(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		demo.Start(func() {})
		t.Equal("the count", demo.Count(), 1)
	})
}
`

var demo = kata.Kata{
	ID:       "track/demo",
	Manifest: kata.Manifest{Files: []string{"demo.go"}},
	Hidden:   map[string][]byte{"demo_test.go": []byte(hidden)},
	Tests:    []kata.Test{{Name: "TestCount", About: "TestCount checks that it counts."}, {Name: "TestHard"}},
}

// run makes a run in which both tests start and end, with records in between that belong to TestCount.
func run(found ...wire.Record) *evidence.Run {
	records := []wire.Record{{Event: wire.Start, Test: "TestCount"}}
	for _, r := range found {
		r.Event, r.Test = wire.Found, "TestCount"
		records = append(records, r)
	}
	return &evidence.Run{Records: append(records,
		wire.Record{Event: wire.End, Test: "TestCount", Failed: len(found) > 0, Races: 9},
		wire.Record{Event: wire.Start, Test: "TestHard", Races: 9},
		wire.Record{Event: wire.End, Test: "TestHard", Races: 9},
	)}
}

// open makes a run that ended while TestCount was open.
func open(outcome sandbox.Outcome, crash string) *evidence.Run {
	r := &evidence.Run{Records: []wire.Record{{Event: wire.Start, Test: "TestCount"}}, Outcome: outcome}
	if c, ok := evidence.ParseCrash(crash); ok {
		r.Crash = &c
	}
	return r
}

func diagnose(runs ...*evidence.Run) []verdict.Finding {
	findings, _ := diagnosis.Diagnose(diagnosis.Case{Kata: demo, Files: map[string][]byte{"demo.go": []byte(learner)}, Runs: runs})
	return findings
}

func stack(id int, state string, places ...string) string {
	var b strings.Builder
	b.WriteString("goroutine " + string(rune('0'+id)) + " [" + state + "]:\n")
	for _, p := range places {
		name, where, _ := strings.Cut(p, "@")
		b.WriteString(name + "\n\t" + where + " +0x1\n")
	}
	return b.String() + "\n"
}

const (
	inCount  = "github.com/python-concurrency/kata/katas/track/demo.Count()@katas/track/demo/demo.go:8"
	inStart  = "created by github.com/python-concurrency/kata/katas/track/demo.Start in goroutine 1@katas/track/demo/demo.go:4"
	inTest   = "main.TestCount.func1()@katas/track/demo/demo_test.go:6"
	inMutex  = "github.com/python-concurrency/kata/katas/lab/sync.(*Mutex).Lock()@katas/lab/sync/mutex.go:9"
	raceText = `==================
WARNING: DATA RACE
Write at 0x00c000096f18 by goroutine 14:
  github.com/python-concurrency/kata/katas/track/demo.Count()
      katas/track/demo/demo.go:8 +0x84

Previous read at 0x00c000096f18 by goroutine 13:
  main.TestCount.func1()
      katas/track/demo/demo_test.go:6 +0x96

Goroutine 14 (running) created at:
  github.com/python-concurrency/kata/katas/track/demo.Start()
      katas/track/demo/demo.go:4 +0x72
==================
`
)

// fixtures are observations, each with the rule that must tell it and where. A rule that fires on another's fixture
// fails the test of that one.
var fixtures = []struct {
	rule  string
	kind  verdict.Kind
	run   *evidence.Run
	line  int
	title string
}{
	{"race", verdict.Race, withRaces(run(), raceText), 8, "a write in line 8 and a read in line 6 touch the same memory and nothing orders them"},
	{"race-close", verdict.Race, withRaces(run(), strings.Replace(raceText, "  github.com/python-concurrency/kata/katas/track/demo.Count()", "  runtime.closechan()\n      runtime/chan.go:1 +0x1\n  demo.Count()", 1)), 8, "a send and a close of the same channel, and nothing orders them"},
	{"race-map", verdict.Race, withRaces(run(), strings.Replace(raceText, "  github.com/python-concurrency/kata/katas/track/demo.Count()", "  runtime.mapassign_faststr()\n      runtime/map.go:1 +0x1\n  demo.Count()", 1)), 8, "two goroutines use the same map and nothing orders them"},
	{"race-map-fatal", verdict.Race, open(sandbox.Outcome{ExitCode: 2}, "fatal error: concurrent map writes\n\n"+stack(5, "running", inCount)), 8, ""},
	{"deadlock", verdict.Deadlock, run(wire.Record{Kind: "deadlock", Title: "every goroutine waits", Stack: stack(5, "chan receive (durable), synctest bubble 1", inMutex, inCount)}), 8, "every goroutine waits"},
	{"deadlock-circle", verdict.Deadlock, run(wire.Record{Kind: "deadlock", Title: "goroutine 1 waits for a lock that it holds itself", Places: []wire.Place{{Role: "goroutine 1 waits here", At: "demo.go:8"}}}), 8, "goroutine 1 waits for a lock that it holds itself"},
	{"misused-lock", verdict.Panic, run(wire.Record{Kind: "panic", Title: "fatal error: sync: unlock of unlocked mutex", Stack: stack(5, "running", inCount)}), 8, "fatal error: sync: unlock of unlocked mutex"},
	{"wrong", verdict.Wrong, run(wire.Record{Kind: "wrong", Title: "an update is lost", At: "demo_test.go:6", Steps: []wire.Step{
		{Goroutine: "goroutine 1", At: "demo.go:8", Op: "loads", Preempted: true}, {Goroutine: "goroutine 2", At: "demo.go:8", Op: "stores"}, {Goroutine: "goroutine 1", At: "demo.go:9", Op: "stores"},
	}}), 8, "an update is lost"},
	{"deadlock-process", verdict.Deadlock, open(sandbox.Outcome{ExitCode: 2}, "fatal error: all goroutines are asleep - deadlock!\n\n"+stack(1, "select (no cases)", inCount)), 8, ""},
	{"hang", verdict.Deadlock, open(sandbox.Outcome{Hit: sandbox.HitIdle}, "SIGQUIT: quit\n\n"+stack(5, "sync.WaitGroup.Wait", inCount)), 8, ""},
	{"leak", verdict.Leak, run(wire.Record{Kind: "leak", Title: "still there", Stack: stack(5, "chan send (durable), synctest bubble 1", inCount, inStart)}), 8, "still there"},
	{"leak-bubble", verdict.Leak, open(sandbox.Outcome{ExitCode: 2}, "panic: deadlock: main bubble goroutine has exited but blocked goroutines remain\n\n"+stack(5, "chan receive", inCount)), 8, ""},
	{"leak-other", verdict.Leak, run(wire.Record{Kind: "leak", Title: "a worker process is still there", At: "demo_test.go:6"}), 7, "a worker process is still there"},
	{"spin", verdict.Spin, run(wire.Record{Kind: "spin", Title: "burns", Stack: stack(5, "runnable, synctest bubble 1", inCount, inStart)}), 8, "burns"},
	{"spin-process", verdict.Spin, open(sandbox.Outcome{Hit: sandbox.HitCPU}, "SIGQUIT: quit\n\n"+stack(5, "running", inCount)), 8, ""},
	{"grows", verdict.Resource, run(wire.Record{Kind: "resource", Title: "more than a thousand goroutines are started", Stack: stack(5, "running", inCount, inStart)}), 8, "more than a thousand goroutines are started"},
	{"timing", verdict.Timing, run(wire.Record{Kind: "timing", Title: "took 5s, must take 1s", Want: "1s", Got: "5s", At: "demo_test.go:6"}), 7, "took 5s, must take 1s"},
	{"wrong", verdict.Wrong, run(wire.Record{Kind: "wrong", Title: "the count: not as specified", At: "demo_test.go:6"}), 7, "the count: not as specified"},
	{"never-met", verdict.Timing, met(open(sandbox.Outcome{Hit: sandbox.HitIdle}, "SIGQUIT: quit\n\n"+stack(5, "chan receive", inCount))), 8, "the four tasks must run at the same time: only 1 of 4 did"},
	{"timeout", verdict.Timeout, open(sandbox.Outcome{Hit: sandbox.HitWall}, "SIGQUIT: quit\n\n"+stack(5, "sleep", inCount)), 8, ""},
	{"memory", verdict.Resource, open(sandbox.Outcome{Hit: sandbox.HitMemory}, ""), 0, ""},
	{"output", verdict.Resource, open(sandbox.Outcome{Hit: sandbox.HitOutput}, ""), 0, ""},
	{"processes", verdict.Resource, open(sandbox.Outcome{Hit: sandbox.HitProcesses}, ""), 0, ""},
	{"out-of-memory", verdict.Resource, open(sandbox.Outcome{ExitCode: 2}, "fatal error: runtime: out of memory\n\n"+stack(5, "running", inCount)), 8, ""},
	{"stack-overflow", verdict.Panic, open(sandbox.Outcome{ExitCode: 2}, "fatal error: stack overflow\n\n"+stack(5, "running", inCount)), 8, ""},
	{"misused-lock", verdict.Panic, open(sandbox.Outcome{ExitCode: 2}, "fatal error: sync: unlock of unlocked mutex\n\n"+stack(5, "running", inCount)), 8, "fatal error: sync: unlock of unlocked mutex"},
	{"bubble-crossed", verdict.Panic, open(sandbox.Outcome{ExitCode: 2}, "panic: send on synctest channel from outside bubble\n\n"+stack(5, "running", inCount)), 8, ""},
	{"panic", verdict.Panic, open(sandbox.Outcome{ExitCode: 2}, "panic: send on closed channel\n\n"+stack(5, "running", inCount, inStart)), 8, "panic: send on closed channel"},
	{"lab-panic", verdict.Panic, run(wire.Record{Kind: "panic", Title: "panic: boom", Stack: stack(5, "running", inTest, inCount)}), 8, "panic: boom"},
	{"exit", verdict.Exit, open(sandbox.Outcome{ExitCode: 0}, ""), 0, ""},
	{"tampering", verdict.Policy, &evidence.Run{Records: append(run().Records, run().Records...)}, 0, ""},
}

func withRaces(r *evidence.Run, log string) *evidence.Run {
	r.Races = evidence.ParseRaces(log)
	return r
}

func met(r *evidence.Run) *evidence.Run {
	r.Records = append(r.Records, wire.Record{Event: wire.Arrived, Test: "TestCount", Title: "the four tasks", N: 1, Of: 4})
	return r
}

func TestEachRuleTellsItsFixture(t *testing.T) {
	for _, f := range fixtures {
		t.Run(f.rule, func(t *testing.T) {
			found := diagnose(f.run)
			require.NotEmpty(t, found)
			require.Equal(t, f.rule, found[0].Rule)
			require.Equal(t, f.kind, found[0].Kind)
			require.Equal(t, f.line, found[0].Line)
			if f.title != "" {
				require.Equal(t, f.title, found[0].Title)
			}
			require.NotEmpty(t, found[0].Title)
			if f.line > 0 {
				require.Equal(t, "demo.go", found[0].File)
				require.NotEmpty(t, found[0].Code)
			}
		})
	}
}

// TestAPanicCannotSayThatItIsAnotherFailure: its text is the submission's.
func TestAPanicCannotSayThatItIsAnotherFailure(t *testing.T) {
	const said = "x\n\tfatal error: all goroutines are asleep - deadlock!\n\tconcurrent map writes"
	require.Equal(t, "panic", diagnose(open(sandbox.Outcome{ExitCode: 2}, "panic: "+said+"\n\n"+stack(5, "running", inCount)))[0].Rule)
	require.Equal(t, "lab-panic", diagnose(run(wire.Record{Kind: "panic", Title: "panic: " + said, Stack: stack(5, "running", inTest, inCount)}))[0].Rule)
}

func TestEveryRuleHasAFixture(t *testing.T) {
	have := make(map[string]bool)
	for _, f := range fixtures {
		have[f.rule] = true
	}
	for _, id := range diagnosis.RuleIDs() {
		require.True(t, have[id], "rule %s has no fixture", id)
	}
}

func TestAPassIsOneStartAndOneEndOfEachTest(t *testing.T) {
	findings, tests := diagnosis.Diagnose(diagnosis.Case{Kata: demo, Runs: []*evidence.Run{run()}})
	require.Empty(t, findings)
	for _, test := range tests {
		require.Equal(t, verdict.TestPassed, test.Status)
	}
	require.Equal(t, "TestCount checks that it counts.", tests[0].About)
}

func TestAMissingTestIsNoPass(t *testing.T) {
	for name, r := range map[string]*evidence.Run{
		"none started": {},
		"one missing":  {Records: run().Records[:2]},
	} {
		found := diagnose(r)
		require.Len(t, found, 1, name)
		require.Equal(t, verdict.Exit, found[0].Kind, name)
	}
}

// TestReportsThatTheLabCannotHaveSentAreTampering: a pass that comes with any of them is none.
func TestReportsThatTheLabCannotHaveSentAreTampering(t *testing.T) {
	start := func(test string) wire.Record { return wire.Record{Event: wire.Start, Test: test} }
	end := func(test string) wire.Record { return wire.Record{Event: wire.End, Test: test} }
	for name, records := range map[string][]wire.Record{
		"a doubled start":          {start("TestCount"), start("TestCount"), end("TestCount"), start("TestHard"), end("TestHard")},
		"a doubled end":            {start("TestCount"), end("TestCount"), end("TestCount"), start("TestHard"), end("TestHard")},
		"an end without a start":   {end("TestCount"), start("TestHard"), end("TestHard")},
		"an end before its start":  {end("TestCount"), start("TestCount"), start("TestHard"), end("TestHard")},
		"a start inside another":   {start("TestCount"), start("TestHard"), end("TestHard"), end("TestCount")},
		"the end of another":       {start("TestCount"), end("TestHard"), start("TestHard"), end("TestCount")},
		"a test with another name": {start("TestCount"), end("TestCount"), start("TestHard"), end("TestHard"), start("TestMore"), end("TestMore")},
	} {
		found, tests := diagnosis.Diagnose(diagnosis.Case{Kata: demo, Runs: []*evidence.Run{{Records: records}}})
		require.NotEmpty(t, found, name)
		require.Equal(t, verdict.Policy, found[0].Kind, name)
		require.Equal(t, "tampering", found[0].Rule, name)
		require.Len(t, tests, 2, name)
	}
}

// TestTamperingComesBeforeAnyRace: what a channel says that somebody else wrote to is worth nothing.
func TestTamperingComesBeforeAnyRace(t *testing.T) {
	r := withRaces(run(), raceText)
	r.Records = append(r.Records, wire.Record{Event: wire.End, Test: "TestCount", Races: 9})
	require.Equal(t, "tampering", diagnose(r)[0].Rule)
	r = withRaces(run(), raceText)
	r.Malformed = errors.New("a record that is not of the tests' making")
	found := diagnose(r)
	require.Equal(t, verdict.Policy, found[0].Kind)
	require.Equal(t, verdict.Race, found[1].Kind)
}

// TestARaceOutsideOfEveryTestIsAFinding: what the submission starts in an init, or leaves behind, may race when no test is
// open.
func TestARaceOutsideOfEveryTestIsAFinding(t *testing.T) {
	for name, races := range map[string][4]int{
		"before the first": {1, 1, 1, 1},
		"between two":      {0, 0, 1, 1},
		"behind the last":  {0, 0, 0, 0},
	} {
		r := withRaces(run(), raceText)
		for i := range r.Records {
			r.Records[i].Races = races[i]
		}
		found := diagnose(r)
		require.Len(t, found, 1, name)
		require.Equal(t, verdict.Race, found[0].Kind, name)
		require.Equal(t, 8, found[0].Line, name)
		require.Empty(t, found[0].Test, name)
	}
}

// TestNoLaterRunMakesGoodForAnEarlierOne: never the best of several.
func TestNoLaterRunMakesGoodForAnEarlierOne(t *testing.T) {
	clean := &evidence.Run{Records: run().Records[2:]}
	for name, first := range map[string]*evidence.Run{
		"a race":     withRaces(&evidence.Run{Records: run().Records[:2]}, raceText),
		"a deadlock": {Records: run(wire.Record{Kind: "deadlock", Title: "stuck"}).Records[:3]},
		"a leak":     {Records: run(wire.Record{Kind: "leak", Title: "left"}).Records[:3]},
		"a crash":    open(sandbox.Outcome{ExitCode: 2}, "panic: boom\n\n"+stack(5, "running", inCount)),
		"an exit":    open(sandbox.Outcome{}, ""),
		"a limit":    open(sandbox.Outcome{Hit: sandbox.HitCPU}, ""),
	} {
		found, tests := diagnosis.Diagnose(diagnosis.Case{Kata: demo, Runs: []*evidence.Run{first, clean}})
		require.Len(t, found, 1, name)
		require.Equal(t, verdict.TestFailed, tests[0].Status, name)
		require.Equal(t, verdict.TestPassed, tests[1].Status, name)
	}
}

func TestARaceComesBeforeWhatFollowsFromIt(t *testing.T) {
	r := withRaces(run(wire.Record{Kind: "wrong", Title: "the sum"}, wire.Record{Kind: "leak", Title: "left"}), raceText)
	found := diagnose(r)
	require.Len(t, found, 1)
	require.Equal(t, verdict.Race, found[0].Kind)
	require.Equal(t, []string{"wrong in TestCount: the sum", "leak in TestCount: left"}, found[0].Effects)
}

func TestARaceInALaterTestComesFirst(t *testing.T) {
	r := run(wire.Record{Kind: "wrong", Title: "the sum"})
	r.Records[len(r.Records)-2].Races = 0
	r.Records[2].Races = 0
	r = withRaces(r, raceText)
	found := diagnose(r)
	require.Equal(t, verdict.Race, found[0].Kind)
	require.Equal(t, "TestHard", found[0].Test)
	require.Equal(t, verdict.Wrong, found[1].Kind)
}

func TestWithinATestWhatBlocksComesBeforeWhatIsWrong(t *testing.T) {
	found := diagnose(run(wire.Record{Kind: "wrong", Title: "the sum"}, wire.Record{Kind: "deadlock", Title: "stuck"}))
	require.Equal(t, verdict.Deadlock, found[0].Kind)
	require.Equal(t, []string{"wrong in TestCount: the sum"}, found[0].Effects)
}

func TestARaceOfTheLabAloneIsNotTold(t *testing.T) {
	log := strings.NewReplacer("katas/track/demo/demo.go", "katas/lab/x.go", "katas/track/demo/demo_test.go", "katas/lab/y.go").Replace(raceText)
	require.Empty(t, diagnose(withRaces(run(), log)))
}

func TestTheWordsForADeadlockNameTheLock(t *testing.T) {
	found := diagnose(run(wire.Record{Kind: "deadlock", Title: "x", Stack: stack(5, "chan receive (durable), synctest bubble 1", inMutex, inCount) + stack(6, "chan send (durable), synctest bubble 1", inCount, inStart)}))
	require.Equal(t, "it waits for a Mutex", found[0].Got)
	require.Equal(t, "another goroutine waits to send to a channel", found[0].Related[0].Role)
	require.Equal(t, verdict.Place{Role: "started here", File: "demo.go", Line: 4, Code: "go work()"}, found[0].Related[1])
}

func TestALineThatCannotBeIsReplacedByTheFunction(t *testing.T) {
	// A loop of nothing but its condition, preempted, shows with line 1 (seen with Go 1.26).
	found := diagnose(run(wire.Record{Kind: "spin", Title: "burns", Stack: stack(5, "runnable", strings.Replace(inCount, ":8", ":1", 1))}))
	require.Equal(t, 7, found[0].Line)
}

func TestCompileErrors(t *testing.T) {
	files := map[string][]byte{"demo.go": []byte(learner)}
	f := diagnosis.Compile(demo, files, &build.CompileError{Diagnostics: []build.Diagnostic{{File: "demo.go", Line: 8, Message: "undefined: m"}, {File: "demo.go", Line: 9, Message: "too"}}})
	require.Equal(t, verdict.Compile, f.Kind)
	require.Equal(t, "n++", f.Code)
	require.Equal(t, []string{"demo.go:9: too"}, f.Effects)
	f = diagnosis.Compile(demo, files, &build.CompileError{Diagnostics: []build.Diagnostic{{File: "demo_test.go", Line: 6, Message: "not enough arguments in call to demo.Count\n\thave ()\n\twant (int)"}}})
	require.Equal(t, "signature", f.Rule)
	require.Equal(t, 7, f.Line)
	require.Equal(t, "have ()\n\twant (int)", f.Got)
}

func TestAScheduleIsToldWhereItStopsSomebody(t *testing.T) {
	step := func(goroutine, at, op string, preempted bool) wire.Step {
		return wire.Step{Goroutine: goroutine, At: at, Op: op, Preempted: preempted}
	}
	f := diagnose(run(wire.Record{Kind: "wrong", Title: "an update is lost", At: "demo_test.go:6", Seed: 7, Steps: []wire.Step{
		step("the test", "demo_test.go:5", "adds", false), step("the test", "demo_test.go:5", "starts goroutine 1", false),
		step("the test", "demo_test.go:5", "starts goroutine 2", false), step("goroutine 1", "demo.go:8", "reads", false),
		step("goroutine 1", "demo.go:8", "unlocks", true), step("goroutine 2", "demo.go:8", "locks", false),
		step("goroutine 1", "demo.go:9", "locks", false), step("goroutine 1", "sync.go:1", "is nowhere", false),
	}}))[0]
	require.Equal(t, 8, f.Line)
	require.Equal(t, "In the schedule below goroutine 1 is stopped between line 8 and line 9, and goroutine 2 runs meanwhile. What goroutine 1 knew before may be old by then.", f.Explain)
	require.Equal(t, []verdict.Place{{Role: "goroutine 1 goes on here", File: "demo.go", Line: 9, Code: f.Related[0].Code}}, f.Related)
	require.Equal(t, &verdict.Schedule{Seed: 7, Steps: []verdict.Step{
		{Goroutine: "the test", File: "demo_test.go", Line: 5, Op: "starts goroutine 1, 2"},
		{Goroutine: "goroutine 1", File: "demo.go", Line: 8, Op: "unlocks"},
		{Goroutine: "goroutine 2", File: "demo.go", Line: 8, Op: "locks"},
		{Goroutine: "goroutine 1", File: "demo.go", Line: 9, Op: "locks"},
	}}, f.Schedule)
}
