package store

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Trim drops the half of a room that was not used for longest, once it holds more than it may. It is for rooms whose
// entries can be taken away from under a reader. Where it fails, the next one tries again.
func (r Room) Trim(cacheDir string) {
	entries, err := os.ReadDir(filepath.Join(cacheDir, r.Name))
	if err != nil || len(entries) <= r.Most {
		return
	}
	root, err := os.OpenRoot(cacheDir)
	if err != nil {
		return
	}
	defer root.Close()
	oldestFirst(entries)
	for _, e := range entries[:len(entries)-r.Most/2] {
		_ = root.Remove(filepath.Join(r.Name, e.Name()))
	}
}

func oldestFirst(entries []fs.DirEntry) {
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return changed(a).Compare(changed(b)) })
}

// changed is when an entry was last written to or marked as used.
func changed(e fs.DirEntry) time.Time {
	if info, err := e.Info(); err == nil {
		return info.ModTime()
	}
	return time.Time{}
}

// often is how fine the time of the last use has to be.
const often = time.Hour

// Use marks a file or folder as used just now. It writes only when the last mark is old.
func Use(path string) {
	now := time.Now()
	if info, err := os.Lstat(path); err == nil && now.Sub(info.ModTime()).Abs() > often {
		_ = os.Chtimes(path, now, now) // only the order in which things are dropped rests on it
	}
}
