package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mark is the file that says whose folder this is. Its first line is the Cache Directory Tagging Specification's
// (bford.info/cachedir), so that backups leave the folder out.
const (
	mark     = "CACHEDIR.TAG"
	markText = "Signature: 8a477f597d28d172789f06886806bc55\n# kata keeps here what it can make again. To empty it: kata clean --all\n"
)

// LogFile is what the build in the background says, and Memos are what was learned of go commands.
const (
	LogFile = "warm.log"
	Memos   = "toolchain-*.json"
)

// ForeignError says that a folder holds something that kata did not put there, so that kata would not be safe in
// removing anything.
type ForeignError struct {
	Dir string
	// Found is a name in it that is not of the cache.
	Found string
}

func (e *ForeignError) Error() string {
	if e.Found == "" {
		return e.Dir + " is not kata's cache: it has no " + mark + " of kata's"
	}
	return fmt.Sprintf("%s is not kata's cache: it holds %q", e.Dir, e.Found)
}

// Claim makes a folder the cache: one that is there by now, one that is empty, or a new one. Any other is a
// *ForeignError. It is cheap where the folder is the cache already, and safe for use by many processes.
func Claim(dir string) error {
	if marked(dir) {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if found, ok := foreign(entries); ok {
		return &ForeignError{Dir: dir, Found: found}
	}
	return writeMark(dir)
}

// Owned is Claim for those who only remove: it makes no folder the cache that is not.
func Owned(dir string) error {
	if marked(dir) {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if found, ok := foreign(entries); ok || len(entries) > 0 {
		return &ForeignError{Dir: dir, Found: found}
	}
	return nil
}

func marked(dir string) bool {
	info, err := os.Lstat(filepath.Join(dir, mark))
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	data, err := os.ReadFile(filepath.Join(dir, mark))
	return err == nil && bytes.Equal(data, []byte(markText))
}

// foreign finds an entry that is not the cache's. Caches were made before there was a mark: they are known by the memo
// of a go command, which was always the first thing in them.
func foreign(entries []fs.DirEntry) (name string, found bool) {
	known := len(entries) == 0
	for _, e := range entries {
		if !ours(e.Name()) {
			return e.Name(), true
		}
		known = known || !slices.ContainsFunc(Rooms, func(r Room) bool { return r.Name == e.Name() })
	}
	if !known {
		return entries[0].Name(), true
	}
	return "", false
}

// ours reports whether the cache has an entry of that name.
func ours(name string) bool {
	if memo, _ := filepath.Match(Memos, name); memo || name == mark || name == LogFile || strings.HasPrefix(name, temporary) {
		return true
	}
	return slices.ContainsFunc(Rooms, func(r Room) bool { return r.Name == name })
}

// temporary begins the names of files that are being written.
const temporary = ".tmp-"

func writeMark(dir string) error {
	f, err := os.CreateTemp(dir, temporary+"*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(markText)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, mark))
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
