package lab_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/python-concurrency/kata/katas/lab/wire"
)

func TestMain(m *testing.M) {
	if os.Getenv(subjectVariable) != "" {
		os.Exit(m.Run())
	}
	goleak.VerifyTestMain(m)
}

// heard is what one child process told.
type heard struct {
	records []wire.Record
	crash   string
	races   string
}

func (h heard) findings() (kinds []string) {
	for _, r := range h.records {
		if r.Event == wire.Found {
			kinds = append(kinds, r.Kind)
		}
	}
	return kinds
}

func (h heard) finding() wire.Record {
	for _, r := range h.records {
		if r.Event == wire.Found {
			return r
		}
	}
	return wire.Record{}
}

func (h heard) events() (events []wire.Event) {
	for _, r := range h.records {
		events = append(events, r.Event)
	}
	return events
}

// run runs one subject in a child process, as the runner does.
func run(t *testing.T, subject string) heard {
	t.Helper()
	out, in, err := os.Pipe()
	require.NoError(t, err)
	defer out.Close()
	crash, err := os.Create(filepath.Join(t.TempDir(), "crash"))
	require.NoError(t, err)
	defer crash.Close()
	races := filepath.Join(t.TempDir(), "races")
	cmd := exec.Command(os.Args[0], "-test.run=^"+subject+"$")
	cmd.Env = []string{
		subjectVariable + "=1", wire.EnvRecords + "=3", wire.EnvCrash + "=4",
		"GORACE=atexit_sleep_ms=0 log_path=" + races,
	}
	cmd.ExtraFiles = []*os.File{in, crash}
	require.NoError(t, cmd.Start())
	in.Close()
	h := heard{}
	r := bufio.NewReader(out)
	for {
		rec, err := wire.Read(r)
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		h.records = append(h.records, rec)
	}
	_ = cmd.Wait()
	said, err := os.ReadFile(crash.Name())
	require.NoError(t, err)
	h.crash = string(said)
	report, _ := os.ReadFile(fmt.Sprintf("%s.%d", races, cmd.Process.Pid))
	h.races = string(report)
	return h
}

func TestEachLensNamesWhatItSees(t *testing.T) {
	for subject, want := range map[string]wire.Record{
		"TestSubjectSequential": {Kind: "timing", Title: "three calls of one second took 3s, must take 1s: the three calls ran one after another"},
		"TestSubjectDeadlock":   {Kind: "deadlock", Title: "every goroutine waits and none can go on"},
		"TestSubjectLeak":       {Kind: "leak", Title: "a goroutine is still there when the test has ended"},
		"TestSubjectPanics":     {Kind: "panic", Title: "panic: assignment to entry in nil map"},
		"TestSubjectSpins":      {Kind: "spin", Title: "a goroutine burns CPU in a loop instead of waiting"},
		"TestSubjectMeetsAlone": {Kind: "timing", Title: "the three tasks must run at the same time: only 1 of 3 did"},
		"TestSubjectRealLeak":   {Kind: "leak", Title: "a goroutine is still there when the test has ended"},
	} {
		t.Run(subject, func(t *testing.T) {
			h := run(t, subject)
			require.Equal(t, []string{want.Kind}, h.findings(), "%v", h.records)
			require.Equal(t, want.Title, h.finding().Title)
			require.Contains(t, h.finding().Stack, "subjects_test.go")
			require.Contains(t, h.events(), wire.End)
		})
	}
}

func TestRightSubjectsReportOneStartAndOneEnd(t *testing.T) {
	for _, subject := range []string{"TestSubjectPasses", "TestSubjectSleepsOut"} {
		h := run(t, subject)
		require.Equal(t, []wire.Event{wire.Start, wire.End}, h.events())
		require.False(t, h.records[1].Failed)
	}
	h := run(t, "TestSubjectMeets")
	require.Empty(t, h.findings())
}

func TestADeadBubbleEndsTheProcess(t *testing.T) {
	h := run(t, "TestSubject(Leak|SleepsOut)")
	require.Equal(t, []wire.Event{wire.Start, wire.Found, wire.End, wire.Stopped}, h.events())
}

func TestACrashLeavesTheTestOpenAndItsReportApart(t *testing.T) {
	h := run(t, "TestSubjectCrashes")
	require.Equal(t, []wire.Event{wire.Start}, h.events())
	require.Contains(t, h.crash, "panic: in a goroutine")
}

func TestTheTimelineComesWithTheFinding(t *testing.T) {
	spans := run(t, "TestSubjectSequential").finding().Spans
	require.Len(t, spans, 3)
	require.Equal(t, wire.Span{Lane: "call 2", Start: 1e9, End: 2e9}, spans[1])
}

func TestTheLabOrdersNothing(t *testing.T) {
	if !raceDetector {
		t.Skip("needs the race detector")
	}
	h := run(t, "TestSubjectRaces")
	require.Contains(t, h.races, "WARNING: DATA RACE")
	require.Equal(t, 1, h.records[len(h.records)-1].Races)
	for _, subject := range []string{"TestSubjectRecords", "TestSubjectDeadlock", "TestSubjectLeak", "TestSubjectMeetsAlone"} {
		h = run(t, subject)
		require.NotContains(t, h.races, "DATA RACE", subject)
	}
}
