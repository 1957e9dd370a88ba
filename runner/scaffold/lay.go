// Package scaffold lays the folders of a new kata: a tiny one that works, for its author to replace line by line. What
// it lays keeps to the rules of package form, save for the lines that say what is to be replaced.
package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/python-concurrency/kata/runner/form"
	"github.com/python-concurrency/kata/runner/kata"
)

// IDError says that no kata can be made with an id: it is no good name, or another kata has it.
type IDError struct{ err error }

func (e *IDError) Error() string { return e.err.Error() }

func (e *IDError) Unwrap() error { return e.err }

// ExistsError says that something lies where the kata would go.
type ExistsError struct {
	// Path is named from the repository's root, with slashes.
	Path string
}

func (e *ExistsError) Error() string { return e.Path + " is there already" }

// Aside is the folder, at the repository's root, in which a kata is written before it is moved. It keeps two calls of
// Lay apart; one that was killed leaves it behind.
const Aside = ".kata-new"

// Lay makes the folders katas/<track>/<slug> and solutions/<track>/<slug> in the repository at root, and has go.mod
// leave a new track out of ./... . It returns the files it wrote, named from root with slashes, go.mod last where it
// was changed. order is the kata's place in the curriculum, 1 or more.
//
// It overwrites nothing, and lays all or nothing: all is written into Aside and moved when it is whole, and what was moved
// goes back if the rest fails. The error is an *IDError, an *ExistsError, or one of the disk. Of several calls at once
// those that come too late get an *ExistsError.
func Lay(root string, id kata.ID, order int) (written []string, err error) {
	if order < 1 {
		return nil, fmt.Errorf("lay %s: order is %d, must be 1 or more", id, order)
	}
	if err := form.Name(id); err != nil {
		return nil, &IDError{err}
	}
	disk, err := os.OpenRoot(root)
	if err != nil {
		return nil, fmt.Errorf("open the repository: %w", err)
	}
	defer disk.Close()
	if err := disk.Mkdir(Aside, 0o755); errors.Is(err, fs.ErrExist) {
		return nil, &ExistsError{Aside}
	} else if err != nil {
		return nil, fmt.Errorf("lay %s in %s: %w", id, root, err)
	}
	defer func() { err = errors.Join(err, disk.RemoveAll(Aside)) }()
	if err := free(disk, id); err != nil {
		return nil, err
	}
	if written, err = lay(disk, id, order); err != nil {
		return nil, fmt.Errorf("lay %s in %s: %w", id, root, err)
	}
	return written, nil
}

// sides are the folders of the repository that a kata has a part in, in the order in which the parts are moved: a
// solution without a kata is nothing yet.
var sides = []string{"solutions", "katas"}

// free reports whether the name and the places are the new kata's.
func free(disk *os.Root, id kata.ID) error {
	for _, side := range sides {
		if err := vacant(disk, path.Join(side, string(id))); err != nil {
			return err
		}
	}
	katas, err := fs.Sub(disk.FS(), "katas")
	if err != nil {
		return err
	}
	if other, taken := form.TakenBy(katas, id); taken {
		return &IDError{fmt.Errorf("the name %q is taken by %s", id.Slug(), other)}
	}
	return nil
}

// vacant reports whether nothing lies at a place. Of a folder the error names the first file.
func vacant(disk *os.Root, place string) error {
	if _, err := disk.Lstat(place); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	first := place
	err := fs.WalkDir(disk.FS(), place, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			first = name
			return fs.SkipAll
		}
		return err
	})
	if err != nil {
		return err
	}
	return &ExistsError{first}
}

// lay writes everything into Aside and moves it to its place.
func lay(disk *os.Root, id kata.ID, order int) (written []string, err error) {
	files, err := render(id, order)
	if err != nil {
		return nil, err
	}
	changed, err := withTrack(disk, id.Track())
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := write(disk, path.Join(Aside, f.path), f.text); err != nil {
			return nil, err
		}
		written = append(written, f.path)
	}
	var done undo
	defer func() {
		if err != nil {
			err = errors.Join(err, done.back())
		}
	}()
	if changed != nil {
		if err := done.exchange(disk, "go.mod", changed, path.Join(Aside, "go.mod")); err != nil {
			return nil, err
		}
		written = append(written, "go.mod")
	}
	for _, side := range sides {
		if err := done.mkdir(disk, path.Join(side, id.Track())); err != nil {
			return nil, err
		}
		if err := done.move(disk, path.Join(Aside, side, string(id)), path.Join(side, string(id))); err != nil {
			return nil, err
		}
	}
	return written, nil
}

func write(disk *os.Root, name string, text []byte) error {
	if err := disk.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	return disk.WriteFile(name, text, 0o644)
}

// undo is what takes back the steps that were done, in their order.
type undo []func() error

// back takes everything back, the last step first.
func (u undo) back() error {
	var all error
	for _, step := range slices.Backward(u) {
		all = errors.Join(all, step())
	}
	return all
}

// mkdir makes a folder that may be there. Its parent must be.
func (u *undo) mkdir(disk *os.Root, name string) error {
	err := disk.Mkdir(name, 0o755)
	if err == nil {
		*u = append(*u, func() error { return disk.Remove(name) })
	}
	if errors.Is(err, fs.ErrExist) {
		return nil // if it is a file, the move into it says so
	}
	return err
}

// move moves a folder to where nothing is: onto a folder Rename moves nothing.
func (u *undo) move(disk *os.Root, from, to string) error {
	if err := disk.Rename(from, to); err != nil {
		return err
	}
	*u = append(*u, func() error { return disk.Rename(to, from) })
	return nil
}

// exchange puts another text into a file at one stroke, by way of a file beside it. The file's mode stays.
func (u *undo) exchange(disk *os.Root, name string, text []byte, beside string) error {
	before, err := disk.ReadFile(name)
	if err != nil {
		return err
	}
	if err := replace(disk, name, text, beside); err != nil {
		return err
	}
	*u = append(*u, func() error { return replace(disk, name, before, beside) })
	return nil
}

func replace(disk *os.Root, name string, text []byte, beside string) error {
	info, err := disk.Stat(name)
	if err != nil {
		return err
	}
	if err := write(disk, beside, text); err != nil {
		return err
	}
	if err := disk.Chmod(beside, info.Mode().Perm()); err != nil {
		return err
	}
	return disk.Rename(beside, name)
}
