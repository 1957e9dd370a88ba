package store

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ArchiveSet is the folder of the archives with that key.
func ArchiveSet(cacheDir, key string) string {
	return filepath.Join(cacheDir, Archives.Name, key)
}

// lockSuffix ends the names of lock files.
const lockSuffix = ".lock"

// ArchiveLock is the file whose lock guards a set of archives: held shared while something is built from them,
// exclusively while they are built or removed. Lock files are never removed, as two processes could then hold the lock
// of two files of one name; so their number is bounded, and sets whose keys begin the same share one.
func ArchiveLock(cacheDir, key string) string {
	return filepath.Join(cacheDir, Archives.Name, key[:min(2, len(key))]+lockSuffix)
}

// TrimArchives drops the sets that were not used for longest, beyond those the room may hold. The one of the key stays,
// and what somebody is building from.
func TrimArchives(cacheDir, key string) {
	root, err := os.OpenRoot(cacheDir)
	if err != nil {
		return
	}
	defer root.Close()
	others := slices.DeleteFunc(archiveSets(root), func(e fs.DirEntry) bool { return e.Name() == key })
	oldestFirst(others)
	for _, e := range others[:max(0, len(others)-Archives.Most+1)] {
		removeArchives(root, cacheDir, e.Name())
	}
}

func archiveSets(root *os.Root) []fs.DirEntry {
	entries, _ := fs.ReadDir(root.FS(), Archives.Name)
	var sets []fs.DirEntry
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), lockSuffix) {
			sets = append(sets, e)
		}
	}
	return sets
}

// removeArchives removes a set unless somebody is at work in it.
func removeArchives(root *os.Root, cacheDir, key string) (done bool) {
	release, ok, err := try(ArchiveLock(cacheDir, key))
	if err != nil || !ok {
		return false
	}
	defer release()
	return root.RemoveAll(filepath.Join(Archives.Name, key)) == nil
}
