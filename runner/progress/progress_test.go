package progress

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// clock ticks a second at each look.
func clock() func() time.Time {
	now := noon
	return func() time.Time { now = now.Add(time.Second); return now }
}

func read(t *testing.T, l *Log) (History, []Warning) {
	t.Helper()
	h, warnings, err := l.Read()
	require.NoError(t, err)
	return h, warnings
}

func attempt(kata, hash, status string) Event {
	return Event{What: Attempt, Kata: kata, KataHash: hash, Status: status}
}

func TestALogThatIsNotThereIsEmpty(t *testing.T) {
	h, warnings := read(t, Open(t.TempDir(), clock()))
	require.True(t, h.Empty())
	require.Empty(t, warnings)
	require.Equal(t, New, h.Status("gil/lostupdate", "a"))
}

func TestStatusFollowsTheAttempts(t *testing.T) {
	l := Open(t.TempDir(), clock())
	step := func(want Status, hash string, e ...Event) {
		t.Helper()
		require.NoError(t, l.Append(e...))
		h, _ := read(t, l)
		require.Equal(t, want, h.Status("k/a", hash))
	}
	step(New, "1", Event{What: Fetched, Kata: "k/a"}, Event{What: Current, Kata: "k/a"})
	step(Tried, "1", attempt("k/a", "1", "failed"))
	step(Passed, "1", attempt("k/a", "1", "passed"))
	step(Passed, "1", attempt("k/a", "1", "failed"))
	step(Stale, "2")
	step(Stale, "2", attempt("k/a", "2", "failed"))
	step(Passed, "2", attempt("k/a", "2", "passed"))
	h, _ := read(t, l)
	require.Equal(t, "k/a", h.Current())
	require.Equal(t, 5, h.Attempts("k/a"))
	took, ok := h.Took("k/a")
	require.True(t, ok)
	require.Equal(t, 3*time.Second, took)
}

func TestHintsCountUp(t *testing.T) {
	l := Open(t.TempDir(), clock())
	require.NoError(t, l.Append(Event{What: Hint, Kata: "k/a", N: 1}, Event{What: Hint, Kata: "k/a", N: 2}, Event{What: Hint, Kata: "k/b", N: 1}))
	h, _ := read(t, l)
	require.Equal(t, 2, h.Hints("k/a"))
	require.False(t, h.Shown("k/a"))
}

func TestATornTailCostsThatLineOnly(t *testing.T) {
	dir := t.TempDir()
	l := Open(dir, clock())
	require.NoError(t, l.Append(attempt("k/a", "1", "passed")))
	whole, err := os.ReadFile(l.Path())
	require.NoError(t, err)
	for cut := 1; cut < len(whole)-1; cut++ {
		require.NoError(t, os.WriteFile(l.Path(), append(bytes.Clone(whole), whole[:cut]...), 0o644))
		h, warnings := read(t, l)
		require.Equal(t, Passed, h.Status("k/a", "1"))
		require.Len(t, warnings, 1)
		require.True(t, warnings[0].Torn)
		require.Equal(t, 2, warnings[0].Line)

		require.NoError(t, l.Append(attempt("k/b", "1", "passed")))
		h, warnings = read(t, l)
		require.Equal(t, Passed, h.Status("k/a", "1"))
		require.Equal(t, Passed, h.Status("k/b", "1"), "what was appended behind a torn line counts")
		require.Len(t, warnings, 1)
	}
}

func TestALineThatCannotBeReadIsSetAsideAndReported(t *testing.T) {
	dir := t.TempDir()
	l := Open(dir, clock())
	bad := []string{
		`not json`, `{"v":2,"time":"2026-01-02T12:00:00Z","event":"attempt","kata":"k/a"}`, `{"v":1,"event":"danced","kata":"k/a","time":"2026-01-02T12:00:00Z"}`,
		`{"time":"2026-01-02T12:00:00Z","event":"attempt","kata":"k/a"}`, `<<<<<<< HEAD`, `[]`, `{"v":1,"event":"attempt","kata":"","time":"2026-01-02T12:00:00Z"}`,
		`{"v":1,"event":"attempt","kata":"k/a"}`, strings.Repeat("x", 2<<20), `=======`, `>>>>>>> main`, `{"v":3,"time":7}`,
		`{"v":1,"event":"attempt","kata":"k/a","time":"2026-01-02T12:00:00Z","status":"error"}`, `{"v":1,"event":"hint","kata":"k/a","time":"2026-01-02T12:00:00Z"}`,
	}
	require.NoError(t, os.WriteFile(l.Path(), []byte(strings.Join(bad, "\n")+"\n"), 0o644))
	require.NoError(t, l.Append(attempt("k/a", "1", "passed")))
	for _, known := range []bool{false, true} {
		h, warnings := read(t, l)
		require.Equal(t, Passed, h.Status("k/a", "1"))
		require.Equal(t, 1, h.Attempts("k/a"))
		require.Zero(t, h.Hints("k/a"))
		require.Len(t, warnings, len(bad))
		require.Contains(t, warnings[1].String(), "a newer kata wrote it")
		require.Equal(t, 3, warnings[2].Line)
		require.Contains(t, warnings[4].String(), "conflict marker")
		require.Contains(t, warnings[11].String(), "a newer kata wrote it", "whatever its keys have become")
		for _, w := range warnings {
			require.Equal(t, known, w.Known, w)
		}
	}
	kept, err := os.ReadFile(filepath.Join(dir, rejectedFile))
	require.NoError(t, err)
	require.Equal(t, strings.Join(bad, "\n")+"\n", string(kept), "each once, as it was")
}

func TestAMergeByLinesIsUnderstood(t *testing.T) {
	l := Open(t.TempDir(), clock())
	require.NoError(t, l.Append(attempt("k/a", "1", "failed"), attempt("k/a", "1", "passed"), Event{What: Current, Kata: "k/a"}, Event{What: Current, Kata: "k/b"}))
	data, err := os.ReadFile(l.Path())
	require.NoError(t, err)
	lines := strings.SplitAfter(strings.TrimSuffix(string(data), "\n")+"\n", "\n")
	var merged strings.Builder
	for i := len(lines) - 1; i >= 0; i-- {
		merged.WriteString(lines[i])
		merged.WriteString(lines[i])
	}
	require.NoError(t, os.WriteFile(l.Path(), []byte(merged.String()), 0o644))
	h, warnings := read(t, l)
	require.Empty(t, warnings)
	require.Equal(t, 2, h.Attempts("k/a"))
	require.Equal(t, "k/b", h.Current())
}

// TestCopiesOfOneMomentCountOnce: two events of one tick of the clock, doubled by a merge, do not stand side by side.
func TestCopiesOfOneMomentCountOnce(t *testing.T) {
	l := Open(t.TempDir(), func() time.Time { return noon })
	require.NoError(t, l.Append(attempt("k/a", "1", "failed"), attempt("k/b", "1", "failed")))
	data, err := os.ReadFile(l.Path())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(l.Path(), append(data, bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))...), 0o644))
	h, warnings := read(t, l)
	require.Empty(t, warnings)
	require.Equal(t, 1, h.Attempts("k/a"))
	require.Equal(t, 1, h.Attempts("k/b"))
}

func TestWhatReadWouldNotTakeIsNotAppended(t *testing.T) {
	l := Open(t.TempDir(), clock())
	for name, e := range map[string]Event{
		"no kata":        {What: Current},
		"unknown event":  {What: "danced", Kata: "k/a"},
		"an error":       attempt("k/a", "1", "error"),
		"hint 0":         {What: Hint, Kata: "k/a"},
		"the year 10000": {What: Reset, Kata: "k/a", Time: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		require.ErrorContains(t, l.Append(attempt("k/a", "1", "failed"), e), "progress was not recorded", name)
	}
	require.NoFileExists(t, l.Path(), "all or none")
}

// TestALogIsReadWithoutItsLock stands for a read-only workspace: permissions do not bind who runs this as root.
func TestALogIsReadWithoutItsLock(t *testing.T) {
	dir := t.TempDir()
	l := Open(dir, clock())
	require.NoError(t, l.Append(attempt("k/a", "1", "passed")))
	data, err := os.ReadFile(l.Path())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(l.Path(), append([]byte("bad\n"), data...), 0o644))
	require.NoError(t, os.Remove(filepath.Join(dir, lockFile)))
	require.NoError(t, os.Mkdir(filepath.Join(dir, lockFile), 0o755))
	for range 2 {
		h, warnings := read(t, l)
		require.Equal(t, Passed, h.Status("k/a", "1"))
		require.Len(t, warnings, 1)
		require.False(t, warnings[0].Known)
	}
	require.NoFileExists(t, filepath.Join(dir, rejectedFile))
	require.ErrorContains(t, l.Append(attempt("k/b", "1", "passed")), "progress was not recorded: lock")
}

func TestSettingAsideMayFail(t *testing.T) {
	dir := t.TempDir()
	l := Open(dir, clock())
	require.NoError(t, os.WriteFile(l.Path(), []byte("bad\n"), 0o644))
	l.open = func(path string) (File, error) {
		f, err := openToAppend(path)
		return faulty{File: f, write: syscall.ENOSPC, short: 2}, err
	}
	for range 2 {
		_, warnings := read(t, l)
		require.Len(t, warnings, 1)
		require.False(t, warnings[0].Known)
	}
	rejected, err := os.ReadFile(filepath.Join(dir, rejectedFile))
	require.NoError(t, err)
	require.Empty(t, rejected, "no half of a line stays")
}

func TestTheClockSetBackBreaksNothing(t *testing.T) {
	now := noon
	l := Open(t.TempDir(), func() time.Time { now = now.Add(-time.Hour); return now })
	require.NoError(t, l.Append(Event{What: Fetched, Kata: "k/a"}))
	require.NoError(t, l.Append(attempt("k/a", "1", "passed")))
	h, _ := read(t, l)
	require.Equal(t, Passed, h.Status("k/a", "1"))
	took, ok := h.Took("k/a")
	require.True(t, ok)
	require.Zero(t, took)
}

func TestManyWritersLeaveWholeLines(t *testing.T) {
	dir := t.TempDir()
	var done sync.WaitGroup
	for w := range 8 {
		l := Open(dir, time.Now)
		done.Go(func() {
			for i := range 25 {
				if err := l.Append(Event{What: Hint, Kata: fmt.Sprintf("k/w%d", w), N: i + 1}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done.Wait()
	h, warnings := read(t, Open(dir, time.Now))
	require.Empty(t, warnings)
	for w := range 8 {
		require.Equal(t, 25, h.Hints(fmt.Sprintf("k/w%d", w)))
	}
}

// writerVar makes a process of this test a writer, to the log in the folder that it names.
const writerVar = "KATA_TEST_WRITES_TO"

func TestMain(m *testing.M) {
	dir := os.Getenv(writerVar)
	if dir == "" {
		os.Exit(m.Run())
	}
	for i := range 50 {
		if err := Open(dir, time.Now).Append(Event{What: Hint, Kata: fmt.Sprintf("k/p%d", os.Getpid()), N: i + 1}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func TestManyProcessesLeaveWholeLines(t *testing.T) {
	dir := t.TempDir()
	var writers []*exec.Cmd
	for range 3 {
		w := exec.Command(os.Args[0])
		w.Env = append(os.Environ(), writerVar+"="+dir)
		w.Stderr = os.Stderr
		require.NoError(t, w.Start())
		writers = append(writers, w)
	}
	for range 20 { // meanwhile, nobody ever sees half of a line
		_, warnings := read(t, Open(dir, time.Now))
		require.Empty(t, warnings)
	}
	for _, w := range writers {
		require.NoError(t, w.Wait())
	}
	h, warnings := read(t, Open(dir, time.Now))
	require.Empty(t, warnings)
	for _, w := range writers {
		kata := fmt.Sprintf("k/p%d", w.Process.Pid)
		require.Len(t, h.of(kata, Hint), 50)
	}
}

// faulty is a log file that fails on cue.
type faulty struct {
	File
	write, sync error
	// short cuts a write after so many bytes.
	short int
}

func (f faulty) Write(p []byte) (int, error) {
	if f.short > 0 {
		n, _ := f.File.Write(p[:min(f.short, len(p))])
		return n, f.write
	}
	if f.write != nil {
		return 0, f.write
	}
	return f.File.Write(p)
}

func (f faulty) Sync() error {
	if f.sync != nil {
		return f.sync
	}
	return f.File.Sync()
}

func TestAFailedWriteLeavesTheEarlierLinesWhole(t *testing.T) {
	for name, fault := range map[string]faulty{
		"full disk":            {write: syscall.ENOSPC},
		"full in the middle":   {write: syscall.ENOSPC, short: 17},
		"short without a word": {short: 17},
		"I/O error at sync":    {sync: syscall.EIO},
	} {
		t.Run(name, func(t *testing.T) {
			l := Open(t.TempDir(), clock())
			require.NoError(t, l.Append(attempt("k/a", "1", "passed")))
			before, err := os.ReadFile(l.Path())
			require.NoError(t, err)
			l.open = func(path string) (File, error) {
				f, err := openToAppend(path)
				fault.File = f
				return fault, err
			}
			err = l.Append(attempt("k/b", "1", "passed"))
			require.ErrorContains(t, err, "progress was not recorded")
			after, err := os.ReadFile(l.Path())
			require.NoError(t, err)
			require.Equal(t, string(before), string(after))
		})
	}
}

func TestALogThatCannotBeOpenedIsAnError(t *testing.T) {
	l := Open(filepath.Join(t.TempDir(), "gone"), clock())
	require.ErrorContains(t, l.Append(Event{What: Reset, Kata: "k/a"}), "progress was not recorded")
	l = Open(t.TempDir(), clock())
	l.open = func(string) (File, error) { return nil, errors.New("read-only file system") }
	require.ErrorContains(t, l.Append(Event{What: Reset, Kata: "k/a"}), "read-only file system")
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"v":1,"time":"2026-01-02T12:00:00Z","event":"attempt","kata":"k/a","status":"passed"}` + "\n{\"to"))
	f.Add([]byte("\n\n\x00\n"))
	f.Add([]byte("\ufeff{\"v\":1,\"time\":\"0001-01-01T00:00:00+01:00\",\"event\":\"hint\",\"kata\":\"k/a\",\"n\":1}\r\n"))
	f.Add([]byte("<<<<<<< a\n{\"v\":2,\"time\":7}\n=======\n>>>>>>> b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		events, warnings, rejected := decode(data, "log")
		h := newHistory(events)
		h.Status("k/a", "")
		h.Took("k/a")
		require.LessOrEqual(t, len(rejected), len(warnings))
		lines, good := 0, make(map[string]bool)
		for line := range bytes.Lines(bytes.TrimPrefix(data, byteOrderMark)) {
			line = bytes.TrimSpace(line)
			if _, err := parse(line); err == nil {
				good[string(line)] = true
			} else if len(line) > 0 {
				lines++
			}
		}
		require.Equal(t, lines+len(good), len(events)+len(warnings), "no line is dropped without a word")
		events, err := Open(t.TempDir(), clock()).stamp(events)
		require.NoError(t, err, "what was read can be written")
		again, err := encode(events, time.Time{})
		require.NoError(t, err, "what was read can be written")
		reread, warnings, _ := decode(again, "log")
		require.Empty(t, warnings)
		require.LessOrEqual(t, len(reread), len(events))
	})
}

// TestTheClockMayBeSetBack: it was a year ahead, and somebody has put it right.
func TestTheClockMayBeSetBack(t *testing.T) {
	now := noon.AddDate(1, 0, 0)
	l := Open(t.TempDir(), func() time.Time { now = now.Add(time.Second); return now })
	require.NoError(t, l.Append(Event{What: Fetched, Kata: "k/a"}, Event{What: Current, Kata: "k/a"}))
	now = noon
	require.NoError(t, l.Append(attempt("k/a", "1", "passed")))
	require.NoError(t, l.Append(Event{What: Fetched, Kata: "k/b"}, Event{What: Current, Kata: "k/b"}))
	require.NoError(t, l.Append(attempt("k/b", "1", "failed")))

	h, warnings := read(t, l)
	require.Empty(t, warnings)
	require.Equal(t, "k/b", h.Current(), "what was done last is last")
	took, ok := h.Took("k/a")
	require.True(t, ok)
	require.Zero(t, took, "no duration is negative")
	require.Equal(t, noon.Add(2*time.Second), h.Begun("k/b"), "times stay what the clock said")

	now = noon.AddDate(2, 0, 0)
	require.NoError(t, l.Append(Event{What: Current, Kata: "k/c"}))
	data, err := os.ReadFile(l.Path())
	require.NoError(t, err)
	require.Equal(t, 4, strings.Count(string(data), `"after":"2027-01-02T12:00:02Z"`), "once time has caught up nothing is said of it: %s", data)
	h, _ = read(t, l)
	require.Equal(t, "k/c", h.Current())
}

func TestALongLogsClockMayBeSetBackToo(t *testing.T) {
	now := noon.AddDate(1, 0, 0)
	l := Open(t.TempDir(), func() time.Time { return now })
	require.NoError(t, l.Append(Event{What: Current, Kata: "k/future"}))
	now = noon
	for i := range 300 {
		require.NoError(t, l.Append(attempt(fmt.Sprint("k/", i), strings.Repeat("x", 100), "failed")))
	}
	require.NoError(t, l.Append(Event{What: Current, Kata: "k/last"}))
	h, _ := read(t, l)
	require.Equal(t, "k/last", h.Current())
}

func TestAKataThatWasMadeCurrentHasBegun(t *testing.T) {
	l := Open(t.TempDir(), clock())
	require.NoError(t, l.Append(Event{What: Current, Kata: "k/a"}, attempt("k/a", "1", "failed"), attempt("k/a", "1", "passed")))
	h, _ := read(t, l)
	require.Equal(t, noon.Add(time.Second), h.Begun("k/a"))
	took, _ := h.Took("k/a")
	require.Equal(t, 2*time.Second, took)
}
