// Package progress keeps the log of what a learner did, and says what follows from it. The log is append-only: one
// JSON object a line, never rewritten, so that it can be merged like any text and survives whatever happens to the
// process that writes it. A torn last line costs that line; a line that cannot be read is set aside and reported.
package progress

import (
	"errors"
	"fmt"
	"io/fs"
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

// Log is the log in one folder. It is safe for use by many goroutines and many processes at once: who reads or appends
// holds a lock on a file beside the log.
type Log struct {
	dir string
	now func() time.Time
	// open opens the log for appending; tests hand in files that fail.
	open func(path string) (File, error)
}

// Open names the log in dir, which must exist when something is appended. It touches nothing.
func Open(dir string, now func() time.Time) *Log {
	return &Log{dir: dir, now: now, open: openToAppend}
}

// Path is the log's file.
func (l *Log) Path() string { return filepath.Join(l.dir, logFile) }

// lock keeps other goroutines and processes out until unlock is called.
func (l *Log) lock() (unlock func(), err error) {
	path := filepath.Join(l.dir, lockFile)
	if err := plain(path); err != nil {
		return nil, err
	}
	return lockedfile.MutexAt(path).Lock()
}

// plain refuses what is there and is no plain file: a symbolic link may lead out of the folder, a pipe would be waited for.
func plain(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no plain file; move it away first", path)
	}
	return err
}
