package evidence_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/lab/wire"
	"github.com/python-concurrency/kata/runner/evidence"
)

// The files in testdata were recorded from real processes; see CONTRIBUTING.md for how to record them again.
func recorded(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(data)
}

func TestStacksOfABubble(t *testing.T) {
	goroutines := evidence.ParseStacks(recorded(t, "bubble.txt"))
	states := make(map[string]evidence.Goroutine)
	for _, g := range goroutines {
		states[g.State] = g
	}
	require.Equal(t, evidence.Goroutine{
		ID: 23, State: "chan send (nil chan)", Parent: 22,
		Frames:  []evidence.Frame{{Func: "main.TestX.func2.1", File: "dl/main.go", Line: 7}},
		Created: evidence.Frame{Func: "main.TestX.func2", File: "dl/main.go", Line: 7},
	}, states["chan send (nil chan)"])
	require.Equal(t, "sync.(*WaitGroup).Wait", states["sync.WaitGroup.Wait"].Frames[1].Func)
	require.Contains(t, states, "sync.Cond.Wait")
	require.Contains(t, states, "select (no cases)")
	require.Equal(t, "running", goroutines[0].State)
	require.Equal(t, evidence.Frame{Func: "panic", File: "runtime/panic.go", Line: 860}, goroutines[0].Frames[1])
}

func TestACrash(t *testing.T) {
	c, ok := evidence.ParseCrash(recorded(t, "crashes.txt"))
	require.True(t, ok)
	require.Equal(t, "in a goroutine", c.Message)
	require.False(t, c.Fatal)
	require.Equal(t, evidence.Frame{Func: "github.com/python-concurrency/kata/katas/lab_test.TestSubjectCrashes.func1.1", File: "katas/lab/subjects_test.go", Line: 75}, c.Goroutines[0].Frames[0])
	require.Equal(t, 5, c.Goroutines[0].Parent)
}

func TestCrashMessages(t *testing.T) {
	for text, want := range map[string]evidence.Crash{
		"panic: first line\n\tsecond\n\ngoroutine 1 [running]:\n":                        {Message: "first line\n\tsecond"},
		"out\nfatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1":         {Message: "all goroutines are asleep - deadlock!", Fatal: true},
		"panic: x [recovered]\n\tpanic: y\n\ngoroutine 1 [running]:\n":                   {Message: "x [recovered]\n\tpanic: y"},
		"panic: nil\n[signal SIGSEGV: segmentation violation code=0x1]\n\ngoroutine 1":   {Message: "nil"},
		"SIGQUIT: quit\nPC=0x1 m=0\n\ngoroutine 0 gp=0x1 m=0 mp=0x2 [idle]:\nx()\n\ty:1": {Message: "quit\nPC=0x1 m=0", Signal: true},
	} {
		c, ok := evidence.ParseCrash(text)
		require.True(t, ok, text)
		c.Goroutines = nil
		require.Equal(t, want, c)
	}
	_, ok := evidence.ParseCrash("it said panic: but in the middle of a line\n")
	require.False(t, ok)
}

func TestARace(t *testing.T) {
	races := evidence.ParseRaces(recorded(t, "races.txt"))
	require.Len(t, races, 1)
	require.Len(t, races[0].Accesses, 2)
	read, write := races[0].Accesses[0], races[0].Accesses[1]
	require.False(t, read.Write)
	require.True(t, write.Write)
	require.Equal(t, 14, read.Goroutine)
	require.Equal(t, []evidence.Frame{{Func: "github.com/python-concurrency/kata/katas/lab_test.TestSubjectRaces.func1.1", File: "katas/lab/subjects_test.go", Line: 127}}, read.Frames)
	require.Equal(t, "sync.(*WaitGroup).Go", read.Created[0].Func)
	require.Equal(t, "katas/lab/virtual.go", write.Created[1].File)
}

func TestRecordsOfAProcessThatDied(t *testing.T) {
	whole := wire.Append(nil, wire.Record{Event: wire.Start, Test: "TestA"})
	records, err := evidence.ReadRecords(bytes.NewReader(append(whole, whole[:5]...)), "")
	require.NoError(t, err)
	require.Len(t, records, 1)
	_, err = evidence.ReadRecords(bytes.NewReader(append(whole, 1, 1, 'x')), "")
	require.Error(t, err)
}

func TestARecordWithoutTheKeyIsForged(t *testing.T) {
	const key = "sixteen bytes ..."
	start := wire.Append([]byte(key), wire.Record{Event: wire.Start, Test: "TestA"})
	end := wire.Append(nil, wire.Record{Event: wire.End, Test: "TestA"})
	records, err := evidence.ReadRecords(bytes.NewReader(append(start, end...)), key)
	require.ErrorContains(t, err, "not of the tests' making")
	require.Len(t, records, 1)
	_, err = evidence.ReadRecords(bytes.NewReader(append(start, wire.Append([]byte("sixteen bytes ,,."), wire.Record{})...)), key)
	require.ErrorContains(t, err, "not of the tests' making")
	records, err = evidence.ReadRecords(bytes.NewReader(append(start, key[:9]...)), key)
	require.NoError(t, err, "torn")
	require.Len(t, records, 1)
}

// TestARaceWhoseReportIsGoneIsNotForgotten: whoever can write to its folder can empty the log.
func TestARaceWhoseReportIsGoneIsNotForgotten(t *testing.T) {
	dir := t.TempDir()
	run := &evidence.Run{Records: []wire.Record{{Event: wire.Start, Test: "TestA"}, {Event: wire.End, Test: "TestA", Races: 2}}}
	require.NoError(t, evidence.Collect(run, filepath.Join(dir, "crash"), filepath.Join(dir, "race"), 1))
	require.ErrorContains(t, run.Malformed, "counted 2 races")

	require.NoError(t, os.WriteFile(filepath.Join(dir, "race.1"), []byte(recorded(t, "races.txt")), 0o600))
	run.Malformed = nil
	require.NoError(t, evidence.Collect(run, filepath.Join(dir, "crash"), filepath.Join(dir, "race"), 1))
	require.NoError(t, run.Malformed)
	require.NotEmpty(t, run.Races)
}

func TestTestsAreSortedOverRuns(t *testing.T) {
	race := func(n int) evidence.Race { return evidence.Race{Accesses: []evidence.Access{{Goroutine: n}}} }
	runs := []*evidence.Run{
		{
			Races: []evidence.Race{race(1), race(2)},
			Records: []wire.Record{
				{Event: wire.Start, Test: "TestA"}, {Event: wire.End, Test: "TestA", Races: 1},
				{Event: wire.Start, Test: "TestB", Races: 1}, {Event: wire.Found, Test: "TestB", Kind: "wrong"},
			},
		},
		{Records: []wire.Record{{Event: wire.Start, Test: "TestC"}, {Event: wire.End, Test: "TestC", Failed: true}, {Event: wire.End, Test: "TestZ"}}},
	}
	tests, unexpected := evidence.Tests([]string{"TestA", "TestB", "TestC", "TestD"}, runs)
	require.Equal(t, []wire.Record{{Event: wire.End, Test: "TestZ"}}, unexpected)
	require.Equal(t, []evidence.Race{race(1)}, tests[0].Races)
	require.Equal(t, []evidence.Race{race(2)}, tests[1].Races)
	require.Same(t, runs[0], tests[1].Last)
	require.Len(t, tests[1].Found, 1)
	require.True(t, tests[2].Failed)
	require.Zero(t, tests[3].Starts)
	require.True(t, runs[0].Open())
	require.False(t, runs[1].Open())
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"bubble.txt", "crashes.txt", "races.txt"} {
		f.Add(recorded(f, name))
	}
	f.Add("goroutine 1 [")
	f.Add("WARNING: DATA RACE\nRead at 0x1 by main goroutine:\n  f()\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, g := range evidence.ParseStacks(text) {
			for _, frame := range g.Frames {
				require.NotEmpty(t, frame.File)
			}
		}
		evidence.ParseCrash(text)
		evidence.ParseRaces(text)
	})
}
