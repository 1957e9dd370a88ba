package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Freed is what Clean took out of one room.
type Freed struct {
	Usage
	// Kept is how many entries stayed, since somebody was at work in them or they could not be removed.
	Kept int
}

// Clean empties the cache and leaves the folder and its lock files, and the sets of archives whose keys are spared. It
// takes the locks that running checks hold and so takes nothing away from one. A folder that is not the cache is a
// *ForeignError.
func Clean(cacheDir string, spared func(key string) bool) ([]Freed, error) {
	if err := Owned(cacheDir); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(cacheDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	remove := map[string]func(fs.DirEntry) bool{
		Archives.Name: func(e fs.DirEntry) bool { return removeArchives(root, cacheDir, e.Name()) },
		Scratch.Name:  func(e fs.DirEntry) bool { return removeScratch(root, e) },
	}
	var all []Freed
	for _, r := range Rooms {
		do := remove[r.Name]
		if do == nil {
			do = func(e fs.DirEntry) bool { return root.RemoveAll(filepath.Join(r.Name, e.Name())) == nil }
		}
		all = append(all, empty(root, r, spared, do))
	}
	removeLoose(root)
	return all, nil
}

// empty removes the entries of a room one by one.
func empty(root *os.Root, r Room, spared func(string) bool, remove func(fs.DirEntry) bool) Freed {
	freed := Freed{Usage: Usage{Room: r}}
	if info, err := root.Lstat(r.Name); err != nil || !info.IsDir() {
		return freed // not there, or a symbolic link that somebody has put there
	}
	entries, _ := fs.ReadDir(root.FS(), r.Name)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), lockSuffix) || r.Name == Archives.Name && spared(e.Name()) {
			continue
		}
		bytes := size(root, filepath.ToSlash(filepath.Join(r.Name, e.Name())))
		if !remove(e) {
			freed.Kept++
			continue
		}
		freed.Entries++
		freed.Bytes += bytes
	}
	return freed
}

// removeLoose removes the small files beside the rooms.
func removeLoose(root *os.Root) {
	entries, _ := fs.ReadDir(root.FS(), ".")
	for _, e := range entries {
		memo, _ := filepath.Match(Memos, e.Name())
		if memo || e.Name() == LogFile {
			_ = root.Remove(e.Name())
		}
	}
}
