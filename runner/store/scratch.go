package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// held is the file in a temporary folder whose lock says that its maker lives.
const held = "held"

// leftBehind is when a temporary folder that nobody holds counts as left behind by a process that was killed, and young
// when one without its lock counts as just being made.
const (
	leftBehind = time.Hour
	young      = time.Minute
)

// MakeScratch makes a temporary folder, and sweeps up what killed processes left. Nobody removes it before remove is
// called or this process ends.
func MakeScratch(cacheDir string) (dir string, remove func(), err error) {
	room := filepath.Join(cacheDir, Scratch.Name)
	if err := os.MkdirAll(room, 0o700); err != nil {
		return "", nil, err
	}
	sweep(cacheDir)
	dir, err = os.MkdirTemp(room, "check-")
	if err != nil {
		return "", nil, err
	}
	release, ok, err := try(filepath.Join(dir, held))
	if err == nil && !ok {
		err = errors.New("its lock is taken by another")
	}
	if err != nil {
		os.RemoveAll(dir)
		return "", nil, err
	}
	return dir, func() {
		release()
		os.RemoveAll(dir)
	}, nil
}

// sweep removes what was left behind.
func sweep(cacheDir string) {
	root, err := os.OpenRoot(cacheDir)
	if err != nil {
		return
	}
	defer root.Close()
	entries, _ := fs.ReadDir(root.FS(), Scratch.Name)
	for _, e := range entries {
		if time.Since(changed(e)) > leftBehind {
			removeScratch(root, e)
		}
	}
}

// removeScratch removes a temporary folder unless its maker lives.
func removeScratch(root *os.Root, e fs.DirEntry) (done bool) {
	name := filepath.Join(Scratch.Name, e.Name())
	if e.IsDir() {
		lock := filepath.Join(name, held)
		if _, err := root.Lstat(lock); err != nil {
			if time.Since(changed(e)) < young {
				return false
			}
		} else {
			release, ok, err := try(filepath.Join(root.Name(), lock))
			if err != nil || !ok {
				return false
			}
			defer release()
		}
	}
	return root.RemoveAll(name) == nil
}
