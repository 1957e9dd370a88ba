package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/python-concurrency/kata/runner/kata"
)

// read reads one kata's folder and holds it to the rules that it can keep or break alone.
func read(katas fs.FS, id kata.ID) (kata.Kata, error) {
	if _, err := kata.ParseID(string(id)); err != nil {
		return kata.Kata{}, err
	}
	folder, err := fs.Sub(katas, string(id))
	if err != nil {
		return kata.Kata{}, err
	}
	manifest, err := fs.ReadFile(folder, "kata.toml")
	if err != nil {
		return kata.Kata{}, err
	}
	k := kata.Kata{ID: id}
	if k.Manifest, err = kata.ParseManifest(manifest); err != nil {
		return kata.Kata{}, err
	}
	if k.Manifest.Track != id.Track() {
		return kata.Kata{}, fmt.Errorf("kata.toml: track is %q, but it lies in %q", k.Manifest.Track, id.Track())
	}
	if k.Readme, err = fs.ReadFile(folder, "README.md"); err != nil {
		return kata.Kata{}, err
	}
	if err := readGo(folder, &k); err != nil {
		return kata.Kata{}, err
	}
	k.Hash = hash(manifest, k)
	return k, nil
}

// readGo sorts the folder's Go files into the stub and the hidden tests.
func readGo(folder fs.FS, k *kata.Kata) error {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return err
	}
	k.Stub, k.Hidden = make(map[string][]byte), make(map[string][]byte)
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || path.Ext(name) != ".go" {
			continue
		}
		into := k.Stub
		switch {
		case strings.HasSuffix(name, "_test.go"):
			into = k.Hidden
		case !slices.Contains(k.Manifest.Files, name):
			return fmt.Errorf("%s is no hidden test and not in the manifest's files: nobody would get it", name)
		}
		if into[name], err = fs.ReadFile(folder, name); err != nil {
			return err
		}
	}
	for _, name := range k.Manifest.Files {
		if _, ok := k.Stub[name]; !ok {
			return fmt.Errorf("stub: %s is in the manifest's files, but not in the folder", name)
		}
	}
	if len(k.Stub) != len(k.Manifest.Files) {
		return errors.New("kata.toml: files names a file twice")
	}
	if len(k.Hidden) == 0 {
		return errNoTest
	}
	return nil
}

// WithTests reads the tests off a kata's hidden files. Load leaves that out: it is most of what reading a kata costs, and
// only who grades one needs them. The error is a *BrokenError.
func WithTests(k kata.Kata) (kata.Kata, error) {
	if k.Tests != nil {
		return k, nil
	}
	tests, err := testsOf(k.Package()+"_test", k.Hidden)
	if err != nil {
		return k, &BrokenError{ID: k.ID, Err: err}
	}
	k.Tests = tests
	return k, nil
}
