// Package catalog reads the curriculum: an fs.FS of kata folders becomes an ordered list of katas, each held to the
// rules that others rely on. It is read whole at every command, so it stays cheap.
package catalog

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/python-concurrency/kata/runner/kata"
)

// Catalog is the curriculum. It is immutable and safe for use by many goroutines.
type Catalog struct {
	katas            []kata.Kata
	broken           []*BrokenError
	files, solutions fs.FS
}

// notTracks are the top-level folders beside the tracks.
var notTracks = []string{"lab", "sim"}

// Load reads every <track>/<slug>/ of katas. A broken kata is none of the curriculum and keeps no other out of it: Broken
// tells of it, and so does whoever asks for it. The hidden tests are not yet read: see WithTests. The error is that of katas as a whole. Several goroutines read katas at
// once. Solutions are read when they are asked for, and not before.
func Load(katas, solutions fs.FS) (*Catalog, error) {
	ids, err := folders(katas)
	if err != nil {
		return nil, err
	}
	c := &Catalog{files: katas, solutions: solutions}
	c.readAll(katas, ids)
	slices.SortFunc(c.katas, byOrder)
	c.partNames()
	slices.SortFunc(c.broken, func(a, b *BrokenError) int { return cmp.Compare(a.ID, b.ID) })
	return c, nil
}

// readAll reads the katas side by side.
func (c *Catalog) readAll(katas fs.FS, ids []kata.ID) {
	whole := make([]kata.Kata, len(ids))
	broken := make([]error, len(ids))
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() { whole[i], broken[i] = read(katas, id) })
	}
	all.Wait()
	for i, id := range ids {
		if broken[i] != nil {
			c.broken = append(c.broken, &BrokenError{ID: id, Err: broken[i]})
			continue
		}
		c.katas = append(c.katas, whole[i])
	}
}

// byOrder is the order of the curriculum; the id decides where two claim one place. Package form tells of that: it harms
// no learner.
func byOrder(a, b kata.Kata) int {
	return cmp.Or(cmp.Compare(a.Manifest.Order, b.Manifest.Order), cmp.Compare(a.ID, b.ID))
}

// folders lists the folders that hold a kata, each as track/slug.
func folders(katas fs.FS) ([]kata.ID, error) {
	tracks, err := fs.ReadDir(katas, ".")
	if err != nil {
		return nil, fmt.Errorf("read the katas: %w", err)
	}
	var ids []kata.ID
	for _, track := range tracks {
		if !isFolder(track) || slices.Contains(notTracks, track.Name()) {
			continue
		}
		slugs, err := fs.ReadDir(katas, track.Name())
		if err != nil {
			return nil, fmt.Errorf("read the track %s: %w", track.Name(), err)
		}
		for _, slug := range slugs {
			if isFolder(slug) {
				ids = append(ids, kata.ID(track.Name()+"/"+slug.Name()))
			}
		}
	}
	return ids, nil
}

// isFolder leaves out what the go command and embed leave out: names that begin with a dot or an underscore.
func isFolder(entry fs.DirEntry) bool {
	return entry.IsDir() && !strings.HasPrefix(entry.Name(), ".") && !strings.HasPrefix(entry.Name(), "_")
}

// partNames makes every name lead to one kata: of two that claim it the later one counts as broken.
func (c *Catalog) partNames() {
	names := make(map[string]kata.ID)
	c.katas = slices.DeleteFunc(c.katas, func(k kata.Kata) bool {
		all := append([]string{k.ID.Slug(), string(k.ID)}, k.Manifest.Aliases...)
		for _, name := range all {
			if other, taken := names[name]; taken {
				c.broken = append(c.broken, &BrokenError{ID: k.ID, Err: fmt.Errorf("the name %q is taken twice: by %s and %s", name, other, k.ID)})
				return true
			}
		}
		for _, name := range all {
			names[name] = k.ID
		}
		return false
	})
}

// Katas are all katas in the order of the curriculum. The slice is the caller's, what it holds is not.
func (c *Catalog) Katas() []kata.Kata { return slices.Clone(c.katas) }

// Broken are the katas that could not be read, by id. The slice is the caller's.
func (c *Catalog) Broken() []*BrokenError { return slices.Clone(c.broken) }

// BrokenError says that a kata's folder is not as it must be.
type BrokenError struct {
	ID  kata.ID
	Err error
}

func (e *BrokenError) Error() string { return fmt.Sprintf("kata %s: %v", e.ID, e.Err) }

func (e *BrokenError) Unwrap() error { return e.Err }
