package progress

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Warning is a line of the log that could not be taken.
type Warning struct {
	File string
	// Line counts from 1.
	Line int
	Why  string
	// Torn: it is the last line and has no end: the process that wrote it died.
	Torn bool
	// Known: an earlier Read has warned of the same line and set it aside. A caller may keep quiet about it.
	Known bool
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
	data, err := l.load()
	if err != nil {
		return History{}, nil, fmt.Errorf("read progress: %w", err)
	}
	events, warnings, rejected := decode(data, l.Path())
	if len(rejected) > 0 {
		l.setAside(rejected, warnings)
	}
	return newHistory(events), warnings, nil
}

// load reads the log while nobody appends: half of a line that is just being written is no torn one. Where the lock
// cannot be had (a workspace that is read-only) the log is read all the same.
func (l *Log) load() ([]byte, error) {
	if _, err := os.Stat(l.Path()); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err := plain(l.Path()); err != nil {
		return nil, err
	}
	if unlock, err := l.lock(); err == nil {
		defer unlock()
	}
	return os.ReadFile(l.Path())
}

// byteOrderMark is what some editors put first.
var byteOrderMark = []byte("\ufeff")

// decode reads lines. Of those that are the same byte for byte the first counts: a merge may double them. The rejected
// lines are those of the warnings that are not Torn, in their order.
func decode(data []byte, file string) (events []Event, warnings []Warning, rejected [][]byte) {
	seen := make(map[string]bool)
	data = bytes.TrimPrefix(data, byteOrderMark)
	for n := 1; len(data) > 0; n++ {
		line, rest, ended := bytes.Cut(data, []byte("\n"))
		data = rest
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		e, err := parse(line)
		switch {
		case err == nil && seen[string(line)]:
		case err == nil:
			seen[string(line)] = true
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

// setAside adds lines to the file of rejected ones, each once, and marks the warnings of those that were there. It is
// a service: where it cannot be done, the lines are still in the log and the warnings are still given.
func (l *Log) setAside(lines [][]byte, warnings []Warning) {
	unlock, err := l.lock()
	if err != nil {
		return
	}
	defer unlock()
	path := filepath.Join(l.dir, rejectedFile)
	have := linesOf(path)
	var fresh []byte
	for i, line := range lines {
		warnings[i].Known = have[string(line)]
		if !warnings[i].Known {
			fresh = append(append(fresh, line...), '\n')
		}
	}
	if len(fresh) == 0 {
		return
	}
	f, err := l.open(path)
	if err != nil {
		return
	}
	defer f.Close()
	_ = appendTo(f, unique(fresh))
}

// linesOf is the set of a file's lines; empty where it cannot be read.
func linesOf(path string) map[string]bool {
	data, _ := os.ReadFile(path)
	have := make(map[string]bool)
	for line := range bytes.Lines(data) {
		have[string(bytes.TrimSpace(line))] = true
	}
	return have
}

// unique keeps the first of equal lines.
func unique(lines []byte) []byte {
	var kept []byte
	seen := make(map[string]bool)
	for line := range bytes.Lines(lines) {
		if !seen[string(line)] {
			seen[string(line)] = true
			kept = append(kept, line...)
		}
	}
	return kept
}
