package progress

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"
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
	if err := plain(path); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
}

// Append adds events, all or none, stamped with the version and, where they have none, the time. When it returns
// without an error they are on the disk. An error leaves the earlier lines whole; it says that nothing was recorded.
// An event that Read would not take is refused.
func (l *Log) Append(events ...Event) error {
	events, err := l.stamp(events)
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
	if err := appendEvents(f, events); err != nil {
		f.Close()
		return fmt.Errorf("progress was not recorded: %s: %w", l.Path(), err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("progress may not have been recorded: %s: %w", l.Path(), err)
	}
	return nil
}

// stamp fills in what the caller left out, and refuses what Read would not take.
func (l *Log) stamp(events []Event) ([]Event, error) {
	events = slices.Clone(events)
	for i := range events {
		e := &events[i]
		e.V = Version
		if e.Time.IsZero() {
			e.Time = l.now()
		}
		e.Time = e.Time.UTC()
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("the event %s", err)
		}
	}
	return events, nil
}

// appendEvents adds events after those that are there, whatever the clock says.
func appendEvents(f File, events []Event) error {
	last, err := latest(f)
	if err != nil {
		return err
	}
	lines, err := encode(events, last)
	if err != nil {
		return err
	}
	return appendTo(f, lines)
}

// encode writes events as lines that come after the last event, and each after the one before.
func encode(events []Event, last time.Time) ([]byte, error) {
	var lines []byte
	for _, e := range events {
		if e.After = (time.Time{}); last.After(e.Time) {
			e.After = last
		}
		last = e.order()
		line, err := json.Marshal(e)
		if err != nil {
			return nil, err
		}
		lines = append(append(lines, line...), '\n')
	}
	return lines, nil
}

// tail is how much of the log is looked at for the latest event, in bytes. The last line has it, unless a merge has put
// some lines of another machine behind it.
const tail = 16 << 10

// latest is the time of the event that comes last; the zero time where there is none.
func latest(f File) (time.Time, error) {
	info, err := f.Stat()
	if err != nil {
		return time.Time{}, err
	}
	data := make([]byte, min(info.Size(), tail))
	if n, err := f.ReadAt(data, info.Size()-int64(len(data))); err != nil && n < len(data) {
		return time.Time{}, err
	}
	events, _, _ := decode(data, "")
	var last time.Time
	for _, e := range events {
		if e.order().After(last) {
			last = e.order()
		}
	}
	return last, nil
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
