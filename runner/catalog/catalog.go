// Package catalog reads the curriculum: an fs.FS of kata folders becomes an ordered list of katas, each held to the
// rules that others rely on. It is read whole at every command, so it stays cheap.
package catalog

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/python-concurrency/kata/runner/kata"
)

// Catalog is the curriculum. It is immutable and safe for use by many goroutines.
type Catalog struct {
	katas     []kata.Kata
	solutions fs.FS
}

// notTracks are the top-level folders beside the tracks.
var notTracks = []string{"lab", "sim"}

// Load reads every <track>/<slug>/ of katas. The error says which kata is broken, and how.
func Load(katas, solutions fs.FS) (*Catalog, error) {
	c := &Catalog{solutions: solutions}
	tracks, err := fs.ReadDir(katas, ".")
	if err != nil {
		return nil, fmt.Errorf("read the katas: %w", err)
	}
	for _, track := range tracks {
		if !track.IsDir() || slices.Contains(notTracks, track.Name()) {
			continue
		}
		folders, err := fs.ReadDir(katas, track.Name())
		if err != nil {
			return nil, fmt.Errorf("read the track %s: %w", track.Name(), err)
		}
		for _, folder := range folders {
			if !folder.IsDir() {
				continue
			}
			k, err := read(katas, track.Name(), folder.Name())
			if err != nil {
				return nil, fmt.Errorf("kata %s/%s: %w", track.Name(), folder.Name(), err)
			}
			c.katas = append(c.katas, k)
		}
	}
	slices.SortFunc(c.katas, func(a, b kata.Kata) int { return a.Manifest.Order - b.Manifest.Order })
	return c, c.holdTogether()
}

// holdTogether checks what only all katas together can break: names and places must be unique.
func (c *Catalog) holdTogether() error {
	names := make(map[string]kata.ID)
	orders := make(map[int]kata.ID)
	for _, k := range c.katas {
		for _, name := range append([]string{k.ID.Slug()}, k.Manifest.Aliases...) {
			if other, taken := names[name]; taken {
				return fmt.Errorf("the name %q stands for two katas: %s and %s", name, other, k.ID)
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

// Katas are all katas in the order of the curriculum. The slice is the caller's.
func (c *Catalog) Katas() []kata.Kata { return slices.Clone(c.katas) }

// Find looks a kata up by id, slug or alias, or by an unambiguous beginning of an id or slug. The error is a
// *NotFoundError or an *AmbiguousError.
func (c *Catalog) Find(query string) (kata.Kata, error) {
	var begins []kata.Kata
	for _, k := range c.katas {
		if query == string(k.ID) || query == k.ID.Slug() || slices.Contains(k.Manifest.Aliases, query) {
			return k, nil
		}
		if query != "" && (strings.HasPrefix(string(k.ID), query) || strings.HasPrefix(k.ID.Slug(), query)) {
			begins = append(begins, k)
		}
	}
	switch len(begins) {
	case 1:
		return begins[0], nil
	case 0:
		return kata.Kata{}, &NotFoundError{Query: query, Nearest: c.nearest(query)}
	default:
		ids := make([]kata.ID, len(begins))
		for i, k := range begins {
			ids[i] = k.ID
		}
		return kata.Kata{}, &AmbiguousError{Query: query, Candidates: ids}
	}
}

// NotFoundError says that no kata goes by a name.
type NotFoundError struct {
	Query string
	// Nearest is the id whose slug is most like the query; empty where none is.
	Nearest kata.ID
}

func (e *NotFoundError) Error() string { return fmt.Sprintf("there is no kata %q", e.Query) }

// AmbiguousError says that a name begins several katas.
type AmbiguousError struct {
	Query      string
	Candidates []kata.ID
}

func (e *AmbiguousError) Error() string {
	names := make([]string, len(e.Candidates))
	for i, id := range e.Candidates {
		names[i] = string(id)
	}
	return fmt.Sprintf("%q begins more than one kata: %s", e.Query, strings.Join(names, ", "))
}

// nearest is the kata whose slug or id takes the fewest edits to reach from query, if that is not most of it.
func (c *Catalog) nearest(query string) kata.ID {
	var best kata.ID
	least := len(query)/2 + 1
	for _, k := range c.katas {
		for _, name := range []string{k.ID.Slug(), string(k.ID)} {
			if d := distance(query, name); d < least {
				best, least = k.ID, d
			}
		}
	}
	return best
}

// distance is the Levenshtein distance of two short strings, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
