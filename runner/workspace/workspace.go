// Package workspace keeps the learner's folder: a real Go module with a folder per kata, in which editors resolve
// every import offline. It belongs to the learner: nothing that was edited is overwritten without a snapshot of it,
// and whatever else lies there is left alone.
package workspace

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/python-concurrency/kata/runner/kata"
)

// Own is the folder of the workspace's own things.
const Own = ".kata"

// Workspace is a folder with a go.mod and a .kata in it. It holds nothing open. Its methods may run at once as long as
// they are about different katas; two on the same kata leave each file whole, in the state that one of them gave it.
type Workspace struct {
	root string
	// mount opens the disk below the root; tests mount one that fails.
	mount func(root string) (disk, error)
}

// Root is the workspace's folder.
func (w *Workspace) Root() string { return w.root }

// OwnDir is the folder that progress is kept in.
func (w *Workspace) OwnDir() string { return filepath.Join(w.root, Own) }

// Dir is a kata's folder.
func (w *Workspace) Dir(k kata.Kata) string { return w.path(folder(k)) }

// folder is a kata's folder below the root.
func folder(k kata.Kata) string { return string(k.ID) }

// path is a slash-separated name below the root as the system spells it.
func (w *Workspace) path(name string) string { return filepath.Join(w.root, filepath.FromSlash(name)) }

// on does something with the disk below the root.
func (w *Workspace) on(do func(disk) error) error {
	d, err := w.mount(w.root)
	if err != nil {
		return err
	}
	defer d.Close()
	return do(d)
}

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
	mod, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil && mod.Mode().IsRegular()
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
	return &Workspace{root: abs, mount: mount}, nil
}
