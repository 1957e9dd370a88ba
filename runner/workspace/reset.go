package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/python-concurrency/kata/runner/kata"
)

// Reset brings the stub and the README back. What was edited is in a snapshot, whole, before the first file is
// overwritten; the folder of the snapshot is returned, or "" where none was needed. It can be stopped at any point and
// done again. An error after the snapshot was made comes with its folder.
func (w *Workspace) Reset(k kata.Kata, now time.Time) (snapshot string, err error) {
	err = w.on(func(d disk) error {
		changed, err := edited(d, k)
		if err != nil {
			return err
		}
		sweepKata(d, k, now)
		dir := ""
		if changed {
			if dir, err = w.snapshot(d, k, now); err != nil {
				return fmt.Errorf("keep a snapshot: %w", err)
			}
			if dir != "" {
				snapshot = w.path(dir)
			}
		}
		return w.bringBack(d, k, dir)
	})
	if err != nil {
		return snapshot, fmt.Errorf("reset %s: %w", k.ID, err)
	}
	return snapshot, nil
}

// edited reports whether there is work that a reset would overwrite, or that belongs to a file it would bring back.
func edited(d disk, k kata.Kata) (bool, error) {
	s, err := state(d, k)
	if err != nil || s == Edited || s == Partial {
		return true, err
	}
	names, err := worthKeeping(d, k)
	return slices.Contains(names, readmeName), err
}

// bringBack overwrites what is as the snapshot has it, and nothing else.
func (w *Workspace) bringBack(d disk, k kata.Kata, snapshot string) error {
	for _, name := range append(slices.Clone(k.Manifest.Files), readmeName) {
		data, full := k.Stub[name], path.Join(folder(k), name)
		if name == readmeName {
			data = k.Readme
		}
		if same, err := reads(d, full, data); err != nil || same {
			if err != nil {
				return err
			}
			continue
		}
		err := write(d, full, data, kept, func(temporary, full string) error {
			// The learner's editor may have saved it since the snapshot was made; or another reset has been quicker.
			same, err := reads(d, full, data)
			if err == nil && !same {
				err = w.keptIn(d, snapshot, full)
			}
			if err != nil {
				return err
			}
			return d.Rename(temporary, full)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// SavedMeanwhileError says that a file was saved while it was being reset. It is as it was saved.
type SavedMeanwhileError struct{ File string }

func (e *SavedMeanwhileError) Error() string {
	return e.File + " was saved in this very moment and was left as it is"
}

// keptIn makes sure that what goes by a name is in a snapshot, or that there is nothing.
func (w *Workspace) keptIn(d disk, snapshot, name string) error {
	info, err := d.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	same := false
	if copied := path.Join(snapshot, path.Base(name)); snapshot != "" {
		same, err = equal(d, info, name, copied)
	}
	if err == nil && !same {
		err = &SavedMeanwhileError{File: w.path(name)}
	}
	return err
}

// equal reports whether a file, or a symbolic link, is as the copy of it in a snapshot.
func equal(d disk, info fs.FileInfo, name, copied string) (bool, error) {
	there, err := exists(d, copied)
	if err != nil || !there {
		return false, err
	}
	if info.Mode()&fs.ModeSymlink == 0 {
		data, err := d.ReadFile(copied)
		if err != nil {
			return false, err
		}
		return reads(d, name, data)
	}
	target, err := d.Readlink(name)
	if err != nil {
		return false, err
	}
	as, err := d.Readlink(copied)
	return err == nil && as == target, nil // a copy that is a file is none of a link
}
