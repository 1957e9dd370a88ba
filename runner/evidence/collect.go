package evidence

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/python-concurrency/kata/katas/lab/wire"
	"github.com/python-concurrency/kata/runner/verdict"
)

// maxLog bounds what is read of a log that the submission's process wrote, in bytes.
const maxLog = 8 << 20

// Collect reads what a process left behind: its crash report and the race detector's logs, which are files beside
// the path log, named by process. pid is the test binary's own.
func Collect(run *Run, crash, log string, pid int) error {
	said, err := readSome(crash)
	if err != nil {
		return fmt.Errorf("read the crash report: %w", err)
	}
	// A descriptor of its own tells a real crash from a printed one; a runtime that failed before the lab could set
	// it up (while packages are initialised) writes to stderr alone.
	if c, ok := ParseCrash(said); ok {
		run.Crash = &c
	} else if c, ok := ParseCrash(string(run.Outcome.Stderr)); ok && run.Outcome.ExitCode == crashExit {
		run.Crash = &c
	}
	logs, err := filepath.Glob(log + ".*")
	if err != nil {
		return fmt.Errorf("find the race detector's logs: %w", err)
	}
	for _, file := range logs {
		text, err := readSome(file)
		if err != nil {
			return fmt.Errorf("read the race detector's log: %w", err)
		}
		if strings.HasSuffix(file, fmt.Sprintf(".%d", pid)) {
			run.Races = ParseRaces(text)
		} else {
			run.ChildRaces = append(run.ChildRaces, ParseRaces(text)...)
		}
	}
	if n := countedRaces(run.Records); n > 0 && len(run.Races) == 0 && run.Malformed == nil {
		run.Malformed = fmt.Errorf("the race detector counted %d races and its log is gone", n)
	}
	return nil
}

// countedRaces is how many races the lab knew of when it last said so.
func countedRaces(records []wire.Record) (n int) {
	for _, r := range records {
		n = max(n, r.Races)
	}
	return n
}

// crashExit is the exit code of the Go runtime after a panic or a fatal error.
const crashExit = 2

func readSome(path string) (string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxLog))
	return string(data), err
}

// Explored sums up what the explored lens reported: all schedules, and whether each test saw all of its own.
func Explored(runs []*Run) verdict.Schedules {
	var s verdict.Schedules
	first := true
	for _, run := range runs {
		for _, r := range run.Records {
			if r.Event != wire.Explored {
				continue
			}
			s.Explored += r.N
			s.Exhaustive = (first || s.Exhaustive) && r.Exhaustive
			if first || r.Of < s.Bound {
				s.Bound = r.Of
			}
			first = false
		}
	}
	return s
}
