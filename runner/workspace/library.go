package workspace

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"time"
)

// libraryDir is the module that go.mod's replace points at. It imports the standard library alone, so it needs no go.sum.
const libraryDir = Own + "/lib"

const libMod = `module github.com/python-concurrency/kata

go 1.26
`

// layLibrary makes the library read as the simulators do: it writes what has changed, and removes what is no more.
func layLibrary(d disk, katas fs.FS, now time.Time) error {
	files := map[string][]byte{libraryDir + "/go.mod": []byte(libMod)}
	err := fs.WalkDir(katas, "sim", func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == "sim" {
			return fs.SkipDir
		}
		if err != nil || entry.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		files[path.Join(libraryDir, "katas", name)], err = fs.ReadFile(katas, name)
		return err
	})
	if err != nil {
		return err
	}
	for name, data := range files {
		if err := writeChanged(d, name, data, remade); err != nil {
			return err
		}
	}
	return removeOthers(d, libraryDir, files, now)
}

// removeOthers removes the files below dir that are not among those to keep. What another process is writing there, or has
// removed, is its own affair.
func removeOthers(d disk, dir string, keep map[string][]byte, now time.Time) error {
	entries, err := d.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := path.Join(dir, entry.Name())
		switch _, wanted := keep[name]; {
		case wanted || temporary(entry.Name()):
		case entry.IsDir():
			err = removeOthers(d, name, keep, now)
		default:
			err = d.Remove(name)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	sweep(d, dir, now)
	return nil
}
