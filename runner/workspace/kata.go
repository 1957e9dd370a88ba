package workspace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/python-concurrency/kata/runner/kata"
)

// Placed says where a kata lies and whether it was laid down just now.
type Placed struct {
	// Dir is the kata's folder, File the first of its files, Readme its README.
	Dir, File, Readme string
	// Fresh: at least one of the learner's files was written.
	Fresh bool
}

// folder is a kata's folder below the root.
func folder(k kata.Kata) string { return string(k.ID) }

// Dir is a kata's folder.
func (w *Workspace) Dir(k kata.Kata) string { return w.path(folder(k)) }

// Materialise writes what is not there of a kata's stub and README and overwrites nothing. A file of the learner's
// that was deleted or renamed while others are there is not brought back: that is what Reset is for.
func (w *Workspace) Materialise(k kata.Kata) (Placed, error) {
	p := Placed{Dir: w.Dir(k), File: w.path(path.Join(folder(k), k.Manifest.Files[0])), Readme: w.path(path.Join(folder(k), "README.md"))}
	state, err := w.State(k)
	if err != nil {
		return p, err
	}
	if err := w.writeAbsent(path.Join(folder(k), "README.md"), k.Readme); err != nil {
		return p, fmt.Errorf("lay down %s: %w", k.ID, err)
	}
	if state != Absent {
		return p, nil
	}
	for _, name := range k.Manifest.Files {
		if err := w.write(path.Join(folder(k), name), k.Stub[name]); err != nil {
			return p, fmt.Errorf("lay down %s: %w", k.ID, err)
		}
	}
	p.Fresh = true
	return p, nil
}

// State is how a kata's files in the workspace stand to its stub.
type State string

const (
	// Absent: none of its files is there.
	Absent State = "absent"
	// Untouched: all read as the stub does.
	Untouched State = "untouched"
	// Edited: at least one reads otherwise.
	Edited State = "edited"
	// Partial: some are there and some are not.
	Partial State = "partial"
)

// State compares a kata's files with its stub.
func (w *Workspace) State(k kata.Kata) (State, error) {
	there, edited := 0, false
	for _, name := range k.Manifest.Files {
		data, err := os.ReadFile(w.path(path.Join(folder(k), name)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return "", fmt.Errorf("look at %s: %w", k.ID, err)
		}
		there++
		edited = edited || !bytes.Equal(data, k.Stub[name])
	}
	switch {
	case there == 0:
		return Absent, nil
	case there < len(k.Manifest.Files):
		return Partial, nil
	case edited:
		return Edited, nil
	default:
		return Untouched, nil
	}
}

// MaxFileSize is the largest file that is read, in bytes.
const MaxFileSize = 1 << 20

// MissingFileError says that a file that the kata is graded by is not there.
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

// Files reads a kata's files, those of the manifest and nothing else.
func (w *Workspace) Files(k kata.Kata) (map[string][]byte, error) { return ReadFiles(w.Dir(k), k) }

// ReadFiles reads a kata's files out of any folder. The error is a *MissingFileError or a *BadFileError where the
// learner can mend it.
func ReadFiles(dir string, k kata.Kata) (map[string][]byte, error) {
	files := make(map[string][]byte, len(k.Manifest.Files))
	for _, name := range k.Manifest.Files {
		data, err := readFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &MissingFileError{Kata: k.ID, File: filepath.Join(dir, name), Looks: otherSource(dir)}
		}
		if err != nil {
			return nil, err
		}
		files[name] = data
	}
	return files, nil
}

// readFile reads one plain file. A link, a pipe or a device is refused: what is graded must be what lies there.
func readFile(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, &BadFileError{File: path, Why: "is a symbolic link; the file itself must lie here"}
	case !info.Mode().IsRegular():
		return nil, &BadFileError{File: path, Why: "is no plain file"}
	case info.Size() > MaxFileSize:
		return nil, &BadFileError{File: path, Why: fmt.Sprintf("has %d bytes, more than the %d that are read", info.Size(), MaxFileSize)}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxFileSize+1))
}

// otherSource is a Go file in dir that is no test.
func otherSource(dir string) string {
	names, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, name := range names {
		if !strings.HasSuffix(name, "_test.go") {
			return filepath.Base(name)
		}
	}
	return ""
}

// Snapshot copies a kata's files, as they are, to .kata/snapshots/<track>/<slug>/<time>/ and returns that folder. It
// never writes into one that is there.
func (w *Workspace) Snapshot(k kata.Kata, now time.Time) (string, error) {
	base := path.Join(Own, "snapshots", folder(k), now.UTC().Format("20060102-150405"))
	into := base
	for n := 2; exists(w.path(into)); n++ {
		into = fmt.Sprintf("%s-%d", base, n)
	}
	for _, name := range k.Manifest.Files {
		data, err := os.ReadFile(w.path(path.Join(folder(k), name)))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = w.write(path.Join(into, name), data)
		}
		if err != nil {
			return "", fmt.Errorf("snapshot of %s: %w", k.ID, err)
		}
	}
	return w.path(into), nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Reset brings the stub and the README back. What was edited is in a snapshot, whole, before the first file is
// overwritten; the folder of the snapshot is returned, or "" where none was needed.
func (w *Workspace) Reset(k kata.Kata, now time.Time) (snapshot string, err error) {
	state, err := w.State(k)
	if err != nil {
		return "", err
	}
	if state == Edited || state == Partial {
		if snapshot, err = w.Snapshot(k, now); err != nil {
			return "", err
		}
	}
	files := map[string][]byte{"README.md": k.Readme}
	for name, data := range k.Stub {
		files[name] = data
	}
	for name, data := range files {
		if err := w.writeChanged(path.Join(folder(k), name), data); err != nil {
			return snapshot, fmt.Errorf("reset %s: %w", k.ID, err)
		}
	}
	return snapshot, nil
}
