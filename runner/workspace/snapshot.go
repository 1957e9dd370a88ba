package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"

	"github.com/python-concurrency/kata/runner/kata"
)

// Snapshot copies a kata's files as they are, and its README where it was edited, to
// .kata/snapshots/<track>/<slug>/<time>/ and returns that folder, or "" where there is nothing to copy. The folder
// appears whole or not at all, and is never one that was there.
func (w *Workspace) Snapshot(k kata.Kata, now time.Time) (string, error) {
	var dir string
	err := w.on(func(d disk) (err error) {
		dir, err = w.snapshot(d, k, now)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("snapshot of %s: %w", k.ID, err)
	}
	if dir == "" {
		return "", nil
	}
	return w.path(dir), nil
}

// snapshot returns the folder below the root.
func (w *Workspace) snapshot(d disk, k kata.Kata, now time.Time) (string, error) {
	names, err := worthKeeping(d, k)
	if err != nil || len(names) == 0 {
		return "", err
	}
	unfinished, dir, err := newSnapshotFolder(d, k, now)
	if err != nil {
		return "", err
	}
	for _, name := range names {
		if err = w.keep(d, path.Join(folder(k), name), path.Join(unfinished, name)); err != nil {
			break
		}
	}
	if err == nil {
		d.SyncDir(unfinished)
		err = d.Rename(unfinished, dir)
	}
	if err != nil {
		_ = d.RemoveAll(unfinished)
		return "", err
	}
	d.SyncDir(path.Dir(dir))
	return dir, nil
}

// worthKeeping are the kata's files that are there, and the README where it is not ours.
func worthKeeping(d disk, k kata.Kata) ([]string, error) {
	var names []string
	for _, name := range k.Manifest.Files {
		there, err := exists(d, path.Join(folder(k), name))
		if err != nil {
			return nil, err
		}
		if there {
			names = append(names, name)
		}
	}
	full := path.Join(folder(k), readmeName)
	there, err := exists(d, full)
	if err != nil || !there {
		return names, err
	}
	ours, err := reads(d, full, k.Readme)
	if err == nil && !ours {
		names = append(names, readmeName)
	}
	return names, err
}

// snapshotsOf is the folder of a kata's snapshots below the root.
func snapshotsOf(k kata.Kata) string { return path.Join(Own, "snapshots", folder(k)) }

// newSnapshotFolder makes a folder to write in, and names the one that it is to become. Whoever has made the first
// holds the second's name: nobody else will take it.
func newSnapshotFolder(d disk, k kata.Kata, now time.Time) (unfinished, dir string, err error) {
	all := snapshotsOf(k)
	if err := d.MkdirAll(all, 0o755); err != nil {
		return "", "", err
	}
	stamp := now.UTC().Format("20060102-150405")
	for name, n := stamp, 2; ; name, n = fmt.Sprintf("%s-%d", stamp, n), n+1 {
		unfinished, dir = path.Join(all, unfinishedPrefix+name), path.Join(all, name)
		err := d.Mkdir(unfinished, 0o755)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", "", err
		}
		if taken, err := exists(d, dir); err == nil && !taken {
			return unfinished, dir, nil
		}
		if err := d.Remove(unfinished); err != nil {
			return "", "", err
		}
	}
}

// keep copies a file. A symbolic link is kept as the link that it is: what it leads to is not ours to overwrite.
func (w *Workspace) keep(d disk, from, to string) error {
	info, err := d.Lstat(from)
	switch {
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0:
		target, err := d.Readlink(from)
		if err != nil {
			return err
		}
		return d.Symlink(target, to)
	case !info.Mode().IsRegular():
		return &BadFileError{File: w.path(from), Why: "is no plain file; move it away first"}
	}
	data, err := d.ReadFile(from)
	if err != nil {
		return err
	}
	if err := writeNew(d, to, data, kept); err != nil {
		return fmt.Errorf("write %s: %w", to, err)
	}
	return nil
}
