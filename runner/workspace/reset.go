package workspace

import (
	"fmt"
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
		if changed {
			dir, err := w.snapshot(d, k, now)
			if err != nil {
				return fmt.Errorf("keep a snapshot: %w", err)
			}
			if dir != "" {
				snapshot = w.path(dir)
			}
		}
		sweep(d, folder(k), now)
		return bringBack(d, k)
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

func bringBack(d disk, k kata.Kata) error {
	for _, name := range k.Manifest.Files {
		if err := writeChanged(d, path.Join(folder(k), name), k.Stub[name]); err != nil {
			return err
		}
	}
	return writeChanged(d, path.Join(folder(k), readmeName), k.Readme)
}
