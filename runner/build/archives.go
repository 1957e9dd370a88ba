package build

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/python-concurrency/kata/runner/store"
)

// Archives are the compiled packages that a test binary is linked from, all but the submission and its tests: the
// standard library, the lab, the simulators, goleak, built with the race detector. The zero Archives hold none.
type Archives struct {
	// Files maps import paths to archive files.
	Files map[string]string `json:"files"`
	// Support is the C compiler's own library (libgcc.a), of which the race runtime uses a function or two. The linker
	// would call the C compiler at every link to ask where it lies. Empty where the compiler has none.
	Support string `json:"support,omitempty"`

	// cacheDir and key say where they lie. Archives without a key are nobody's to remove.
	cacheDir, key string
}

// There reports whether the archives still lie where they were prepared; the zero Archives lie nowhere.
func (a Archives) There() bool {
	if a.key == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(store.ArchiveSet(a.cacheDir, a.key), indexFile))
	return err == nil
}

// errGone is what comes of emptying the cache while something is about to be built.
var errGone = &Fault{What: "the cache was emptied a moment ago", Hint: "try again"}

// Hold keeps the archives from being removed until release is called. The error is a *Fault where they are gone, or the
// context's, or the file system's.
func (a Archives) Hold(ctx context.Context) (release func(), err error) {
	if a.key == "" {
		return func() {}, nil
	}
	release, err = store.Acquire(ctx, store.ArchiveLock(a.cacheDir, a.key), store.Shared, nil)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errGone
	}
	if err != nil {
		return nil, err
	}
	if !a.There() {
		release()
		return nil, errGone
	}
	return release, nil
}

const (
	indexFile   = "index.json"
	libraryFile = "compiler.a"
)

// loadArchives reads an index and makes sure that every archive is still there.
func loadArchives(cacheDir, key string) (Archives, bool) {
	set := store.ArchiveSet(cacheDir, key)
	data, err := os.ReadFile(filepath.Join(set, indexFile))
	if err != nil {
		return Archives{}, false
	}
	a := Archives{cacheDir: cacheDir, key: key}
	if json.Unmarshal(data, &a) != nil || len(a.Files) == 0 {
		return Archives{}, false
	}
	for path, file := range a.Files {
		full := filepath.Join(set, file)
		if _, err := os.Stat(full); err != nil {
			return Archives{}, false
		}
		a.Files[path] = full
	}
	if a.Support != "" {
		a.Support = filepath.Join(set, a.Support)
		if _, err := os.Stat(a.Support); err != nil {
			return Archives{}, false
		}
	}
	return a, true
}

// take links or copies an archive out of the go command's cache, which trims what has not been used for some days.
func take(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// importLines are the archives as the compiler's and the linker's importcfg wants them, sorted.
func (a Archives) importLines() []string {
	lines := make([]string, 0, len(a.Files)+2)
	for path, file := range a.Files {
		lines = append(lines, "packagefile "+path+"="+file)
	}
	slices.Sort(lines)
	return lines
}
