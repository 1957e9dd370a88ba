// Package progress keeps the log of what a learner did, and says what follows from it. The log is append-only: one
// JSON object a line, never rewritten, so that it can be merged like any text and survives whatever happens to the
// process that writes it. A torn last line costs that line; a line that cannot be read is set aside and reported.
package progress

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

const (
	logFile      = "progress.jsonl"
	rejectedFile = "progress.rejected.jsonl"
	lockFile     = "progress.lock"
)

// Log is the log in one folder. It is safe for use by many goroutines and many processes at once.
type Log struct {
	dir string
	now func() time.Time
	// open opens the log for appending; tests hand in files that fail.
	open func(path string) (File, error)
}

// File is what appending needs of the log's file.
type File interface {
	io.ReaderAt
	io.Writer
	io.Closer
	Stat() (os.FileInfo, error)
	Truncate(size int64) error
	Sync() error
}

// Open names the log in dir, which must exist when something is appended. It touches nothing.
func Open(dir string, now func() time.Time) *Log {
	return &Log{dir: dir, now: now, open: openToAppend}
}

func openToAppend(path string) (File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
}

// Path is the log's file.
func (l *Log) Path() string { return filepath.Join(l.dir, logFile) }

// Append adds events, all or none, stamped with the version and, where they have none, the time. When it returns
// without an error they are on the disk. An error leaves the earlier lines whole; it says that nothing was recorded.
func (l *Log) Append(events ...Event) error {
	lines, err := l.encode(events)
	if err != nil {
		return err
	}
	unlock, err := lockedfile.MutexAt(filepath.Join(l.dir, lockFile)).Lock()
	if err != nil {
		return fmt.Errorf("progress was not recorded: lock %s: %w", l.dir, err)
	}
	defer unlock()
	f, err := l.open(l.Path())
	if err != nil {
		return fmt.Errorf("progress was not recorded: %w", err)
	}
	if err := appendTo(f, lines); err != nil {
		f.Close()
		return fmt.Errorf("progress was not recorded: %s: %w", l.Path(), err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("progress may not have been recorded: %s: %w", l.Path(), err)
	}
	return nil
}

func (l *Log) encode(events []Event) ([]byte, error) {
	var lines []byte
	for _, e := range events {
		e.V = Version
		if e.Time.IsZero() {
			e.Time = l.now()
		}
		e.Time = e.Time.UTC()
		line, err := json.Marshal(e)
		if err != nil {
			return nil, fmt.Errorf("progress was not recorded: %w", err)
		}
		lines = append(append(lines, line...), '\n')
	}
	return lines, nil
}

// appendTo writes lines at the end, in one write. A file that does not end with a newline was torn by a process that
// died: the torn line gets an end of its own, so that it spoils none of ours. What was written in part is cut off
// again.
func appendTo(f File, lines []byte) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	size := info.Size()
	if size > 0 {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, size-1); err != nil {
			return err
		}
		if last[0] != '\n' {
			lines = append([]byte{'\n'}, lines...)
		}
	}
	n, err := f.Write(lines)
	if err == nil && n < len(lines) {
		err = io.ErrShortWrite
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return errors.Join(err, f.Truncate(size))
	}
	return nil
}

// Warning is a line of the log that could not be taken.
type Warning struct {
	File string
	// Line counts from 1.
	Line int
	Why  string
	// Torn: it is the last line and has no end: the process that wrote it died.
	Torn bool
}

func (w Warning) String() string {
	if w.Torn {
		return fmt.Sprintf("%s:%d: the last line is torn and was left out; nothing else is lost", w.File, w.Line)
	}
	return fmt.Sprintf("%s:%d: this line was left out, it %s (kept in %s)", w.File, w.Line, w.Why, rejectedFile)
}

// Read reads the whole log. Lines that cannot be read come back as warnings and are copied into a file beside the
// log; the log itself stays as it is. A log that is not there is empty.
func (l *Log) Read() (History, []Warning, error) {
	data, err := os.ReadFile(l.Path())
	if errors.Is(err, os.ErrNotExist) {
		return History{}, nil, nil
	}
	if err != nil {
		return History{}, nil, fmt.Errorf("read progress: %w", err)
	}
	events, warnings, rejected := decode(data, l.Path())
	if len(rejected) > 0 {
		// Keeping them apart is a service: where it cannot be done (a workspace that is read-only) the lines are
		// still in the log.
		_ = l.setAside(rejected)
	}
	return newHistory(events), warnings, nil
}

func decode(data []byte, file string) (events []Event, warnings []Warning, rejected [][]byte) {
	for n := 1; len(data) > 0; n++ {
		line, rest, ended := bytes.Cut(data, []byte("\n"))
		data = rest
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		e, err := parse(line)
		switch {
		case err == nil:
			events = append(events, e)
		case !ended:
			warnings = append(warnings, Warning{File: file, Line: n, Torn: true, Why: err.Error()})
		default:
			warnings = append(warnings, Warning{File: file, Line: n, Why: err.Error()})
			rejected = append(rejected, line)
		}
	}
	return events, warnings, rejected
}

// setAside adds lines to the file of rejected ones, each once.
func (l *Log) setAside(lines [][]byte) error {
	unlock, err := lockedfile.MutexAt(filepath.Join(l.dir, lockFile)).Lock()
	if err != nil {
		return err
	}
	defer unlock()
	path := filepath.Join(l.dir, rejectedFile)
	have := make(map[string]bool)
	if data, err := os.ReadFile(path); err == nil {
		s := bufio.NewScanner(bytes.NewReader(data))
		s.Buffer(nil, len(data)+1)
		for s.Scan() {
			have[s.Text()] = true
		}
	}
	var fresh []byte
	for _, line := range lines {
		if !have[string(line)] {
			have[string(line)] = true
			fresh = append(append(fresh, line...), '\n')
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	f, err := openToAppend(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return appendTo(f, fresh)
}
