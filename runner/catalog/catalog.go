// Package catalog reads the curriculum: an fs.FS of kata folders becomes an ordered list of katas, each held to the
// rules that others rely on. It is read whole at every command, so it stays cheap.
package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/python-concurrency/kata/runner/kata"
)

// Catalog is the curriculum. It is immutable and safe for use by many goroutines.
type Catalog struct {
	katas     []kata.Kata
	solutions fs.FS
}

// notTracks are the top-level folders beside the tracks.
var notTracks = []string{"lab", "sim"}

// Load reads every <track>/<slug>/ of katas. The error says which kata is broken, and how; with several broken ones
// it says so of each. Several goroutines read katas at once. Solutions are read when they are asked for, and not before.
func Load(katas, solutions fs.FS) (*Catalog, error) {
	ids, err := folders(katas)
	if err != nil {
		return nil, err
	}
	c := &Catalog{solutions: solutions}
	if c.katas, err = readAll(katas, ids); err != nil {
		return nil, err
	}
	slices.SortFunc(c.katas, byOrder)
	if err := c.holdTogether(); err != nil {
		return nil, err
	}
	return c, nil
}

// readAll reads the katas side by side: parsing their hidden tests is most of what Load costs.
func readAll(katas fs.FS, ids []kata.ID) ([]kata.Kata, error) {
	whole := make([]kata.Kata, len(ids))
	broken := make([]error, len(ids))
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() {
			var err error
			if whole[i], err = read(katas, id); err != nil {
				broken[i] = fmt.Errorf("kata %s: %w", id, err)
			}
		})
	}
	all.Wait()
	return whole, errors.Join(broken...)
}

// byOrder is the order of the curriculum; the id decides where two claim one place, so that the error is always
// the same.
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

// holdTogether checks what only all katas together can break: names and places must be unique.
func (c *Catalog) holdTogether() error {
	names := make(map[string]kata.ID)
	orders := make(map[int]kata.ID)
	for _, k := range c.katas {
		for _, name := range append([]string{k.ID.Slug()}, k.Manifest.Aliases...) {
			if other, taken := names[name]; taken {
				return fmt.Errorf("the name %q is taken twice: by %s and %s", name, other, k.ID)
			}
			names[name] = k.ID
		}
		if other, taken := orders[k.Manifest.Order]; taken {
			return fmt.Errorf("order %d is taken twice: by %s and %s", k.Manifest.Order, other, k.ID)
		}
		orders[k.Manifest.Order] = k.ID
	}
	return nil
}

// Katas are all katas in the order of the curriculum. The slice is the caller's, what it holds is not.
func (c *Catalog) Katas() []kata.Kata { return slices.Clone(c.katas) }
