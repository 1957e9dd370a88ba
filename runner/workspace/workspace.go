// Package workspace keeps the learner's folder: a real Go module with a folder per kata, in which editors resolve
// every import offline. It belongs to the learner: nothing that was edited is overwritten without a snapshot of it,
// and whatever else lies there is left alone.
package workspace

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Own is the folder of the workspace's own things.
const Own = ".kata"

// Workspace is a folder with a go.mod and a .kata in it.
type Workspace struct {
	root string
	disk disk
}

// Root is the workspace's folder.
func (w *Workspace) Root() string { return w.root }

// OwnDir is the folder that progress is kept in.
func (w *Workspace) OwnDir() string { return filepath.Join(w.root, Own) }

// Find looks for a workspace in start and the folders above it.
func Find(start string) (root string, ok bool) {
	dir, err := filepath.Abs(start)
	if err != nil {
		return "", false
	}
	for {
		if is(dir) {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

// is reports whether dir is a workspace.
func is(dir string) bool {
	own, err := os.Stat(filepath.Join(dir, Own))
	if err != nil || !own.IsDir() {
		return false
	}
	_, err = os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// NotWorkspaceError says that a folder is no workspace.
type NotWorkspaceError struct{ Dir string }

func (e *NotWorkspaceError) Error() string { return e.Dir + " is no workspace" }

// Open opens the workspace at root. The error is a *NotWorkspaceError where there is none.
func Open(root string) (*Workspace, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("open the workspace: %w", err)
	}
	if !is(abs) {
		return nil, &NotWorkspaceError{Dir: abs}
	}
	return &Workspace{root: abs, disk: realDisk{}}, nil
}

const goMod = `module workspace

go 1.26

// What stubs import lies in .kata/lib, so that editors find it without a network.
require github.com/python-concurrency/kata v0.0.0

replace github.com/python-concurrency/kata => ./.kata/lib
`

const libMod = `module github.com/python-concurrency/kata

go 1.26
`

const readme = "# Workspace\n\nYour katas: one folder each, with a README and the file to fill in.\n\n" +
	"    kata next      fetch the next kata\n    kata check     grade the current one\n    kata hint      the next hint\n    kata list      the curriculum and where you stand\n\n" +
	"Everything here is yours: commit it, add files of your own. Progress and snapshots are in `.kata/`.\n"

// Init makes a workspace at root, or brings one up to date. katas is the katas folder, of which the simulators are
// laid into .kata/lib. It overwrites nothing of the learner's; a folder that holds another module's go.mod is refused.
func Init(root string, katas fs.FS) (*Workspace, error) { return initOn(realDisk{}, root, katas) }

func initOn(d disk, root string, katas fs.FS) (*Workspace, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("make the workspace: %w", err)
	}
	w := &Workspace{root: abs, disk: d}
	if err := w.refuseForeign(); err != nil {
		return nil, err
	}
	if err := d.mkdirAll(filepath.Join(abs, Own)); err != nil {
		return nil, fmt.Errorf("make the workspace: %w", err)
	}
	if err := w.layLibrary(katas); err != nil {
		return nil, fmt.Errorf("make the workspace: %w", err)
	}
	if err := w.writeAbsent("README.md", []byte(readme)); err != nil {
		return nil, fmt.Errorf("make the workspace: %w", err)
	}
	// go.mod comes last: without it the folder is no workspace yet, and init starts over.
	if err := w.writeAbsent("go.mod", []byte(goMod)); err != nil {
		return nil, fmt.Errorf("make the workspace: %w", err)
	}
	return w, nil
}

// refuseForeign keeps a workspace out of a folder that is another Go module.
func (w *Workspace) refuseForeign() error {
	if is(w.root) {
		return nil
	}
	have, err := os.ReadFile(filepath.Join(w.root, "go.mod"))
	if errors.Is(err, fs.ErrNotExist) || err == nil && string(have) == goMod {
		return nil
	}
	if err != nil {
		return fmt.Errorf("make the workspace: %w", err)
	}
	return fmt.Errorf("make the workspace: %s holds the go.mod of another module", w.root)
}

// layLibrary writes the simulators where go.mod's replace points, and only what has changed.
func (w *Workspace) layLibrary(katas fs.FS) error {
	if err := w.writeChanged(path.Join(Own, "lib", "go.mod"), []byte(libMod)); err != nil {
		return err
	}
	return fs.WalkDir(katas, "sim", func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == "sim" {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		data, err := fs.ReadFile(katas, name)
		if err != nil {
			return err
		}
		return w.writeChanged(path.Join(Own, "lib", "katas", name), data)
	})
}

// writeAbsent writes a file that is not there yet.
func (w *Workspace) writeAbsent(name string, data []byte) error {
	if _, err := os.Lstat(w.path(name)); err == nil {
		return nil
	}
	return w.write(name, data)
}

// writeChanged writes a file unless it reads so already.
func (w *Workspace) writeChanged(name string, data []byte) error {
	if have, err := os.ReadFile(w.path(name)); err == nil && bytes.Equal(have, data) {
		return nil
	}
	return w.write(name, data)
}

// write leaves either what was there or data, whole.
func (w *Workspace) write(name string, data []byte) error {
	full := w.path(name)
	if err := w.disk.mkdirAll(filepath.Dir(full)); err != nil {
		return err
	}
	return w.disk.writeFile(full, data)
}

// path is a slash-separated name below the root as the system spells it.
func (w *Workspace) path(name string) string { return filepath.Join(w.root, filepath.FromSlash(name)) }
