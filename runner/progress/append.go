package progress

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// File is what appending needs of the log's file.
type File interface {
	io.ReaderAt
	io.Writer
	io.Closer
	Stat() (fs.FileInfo, error)
	Truncate(size int64) error
	Sync() error
}

func openToAppend(path string) (File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
}

// Append adds events, all or none, stamped with the version and, where they have none, the time. When it returns
// without an error they are on the disk. An error leaves the earlier lines whole; it says that nothing was recorded.
// An event that Read would not take is refused.
func (l *Log) Append(events ...Event) error {
	lines, err := l.encode(events)
	if err != nil {
		return fmt.Errorf("progress was not recorded: %w", err)
	}
	unlock, err := l.lock()
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
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("the event %s", err)
		}
		line, err := json.Marshal(e)
		if err != nil {
			return nil, err
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
	if err := writeWhole(f, lines); err != nil {
		return errors.Join(err, f.Truncate(size))
	}
	return nil
}

func writeWhole(f File, data []byte) error {
	n, err := f.Write(data)
	if err == nil && n < len(data) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return err
	}
	return f.Sync()
}
