package workspace

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/python-concurrency/kata/runner/kata"
)

// MaxFileSize is the largest file that is read, in bytes.
const MaxFileSize = 1 << 20

// MissingFileError says that a file that the kata is graded by is not there. kata reset brings it back.
type MissingFileError struct {
	Kata kata.ID
	File string
	// Looks names another Go file in the folder, which it may have been renamed to.
	Looks string
}

func (e *MissingFileError) Error() string {
	s := fmt.Sprintf("%s is graded by %s, which is not there", e.Kata, e.File)
	if e.Looks != "" {
		s += fmt.Sprintf(" (is %s its new name?)", e.Looks)
	}
	return s
}

// BadFileError says that a file cannot be taken for source.
type BadFileError struct {
	File string
	Why  string
}

func (e *BadFileError) Error() string { return e.File + ": " + e.Why }

// Files reads a kata's files, those of the manifest and nothing else. The errors are those of ReadFiles; a kata's
// folder that lies elsewhere, by a symbolic link, is a *BadFileError.
func (w *Workspace) Files(k kata.Kata) (map[string][]byte, error) {
	root, err := os.OpenRoot(w.root)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", k.ID, err)
	}
	defer root.Close()
	if _, err := root.Stat(folder(k)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, &BadFileError{File: w.Dir(k), Why: fmt.Sprintf("cannot be read from within the workspace: %v", err)}
	}
	return ReadFiles(w.Dir(k), k)
}

// ReadFiles reads a kata's files out of any folder. The error is a *MissingFileError or a *BadFileError where the
// learner can mend it.
func ReadFiles(dir string, k kata.Kata) (map[string][]byte, error) {
	files := make(map[string][]byte, len(k.Manifest.Files))
	for _, name := range k.Manifest.Files {
		full := filepath.Join(dir, name)
		data, err := readSource(full)
		if errors.Is(err, fs.ErrNotExist) {
			entries, _ := os.ReadDir(dir)
			return nil, &MissingFileError{Kata: k.ID, File: full, Looks: otherSource(entries, k.Manifest.Files...)}
		}
		if err != nil {
			return nil, err
		}
		files[name] = data
	}
	return files, nil
}

// readSource reads one plain file. A link, a pipe or a device is refused: what is graded must be what lies there. It is
// looked at again once it is open, since somebody may have put something else in its place meanwhile.
func readSource(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if err := plain(path, info); err != nil {
		return nil, err
	}
	return readSeen(path, info)
}

// readSeen reads the file that seen is of, and no other.
func readSeen(path string, seen fs.FileInfo) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe would wait for its writer
	if err != nil {
		return nil, err
	}
	defer f.Close()
	opened, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !os.SameFile(seen, opened) {
		return nil, &BadFileError{File: path, Why: "was exchanged while it was read"}
	}
	if err := plain(path, opened); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, MaxFileSize+1))
	if err == nil && len(data) > MaxFileSize {
		return nil, tooLarge(path, int64(len(data))) // it grew while it was read
	}
	return data, err
}

// plain refuses what is no source file.
func plain(path string, info fs.FileInfo) error {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return &BadFileError{File: path, Why: "is a symbolic link; the file itself must lie here"}
	case !info.Mode().IsRegular():
		return &BadFileError{File: path, Why: "is no plain file"}
	case info.Size() > MaxFileSize:
		return tooLarge(path, info.Size())
	}
	return nil
}

func tooLarge(path string, size int64) *BadFileError {
	return &BadFileError{File: path, Why: fmt.Sprintf("has %d bytes, more than the %d that are read", size, MaxFileSize)}
}

// otherSource is a Go file in a folder that is no test and not among the known names.
func otherSource(entries []fs.DirEntry, known ...string) string {
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, ".") {
			continue
		}
		if !slices.Contains(known, name) {
			return name
		}
	}
	return ""
}
