package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/python-concurrency/kata/runner/kata"
)

// Find looks a kata up by id, slug or alias, or by an unambiguous beginning of an id or slug. A whole name goes before
// a beginning. The error is a *NotFoundError or an *AmbiguousError, or a *BrokenError where the id or the slug is a broken
// kata's.
func (c *Catalog) Find(query string) (kata.Kata, error) {
	var begun []kata.Kata
	for _, k := range c.katas {
		if query == string(k.ID) || query == k.ID.Slug() || slices.Contains(k.Manifest.Aliases, query) {
			return k, nil
		}
		if query != "" && (strings.HasPrefix(string(k.ID), query) || strings.HasPrefix(k.ID.Slug(), query)) {
			begun = append(begun, k)
		}
	}
	if b := c.brokenOne(query); b != nil {
		return kata.Kata{}, b
	}
	switch len(begun) {
	case 1:
		return begun[0], nil
	case 0:
		return kata.Kata{}, c.notFound(query)
	default:
		ids := make([]kata.ID, len(begun))
		for i, k := range begun {
			ids[i] = k.ID
		}
		return kata.Kata{}, &AmbiguousError{Query: query, Candidates: ids}
	}
}

// brokenOne is the broken kata with that id or slug.
func (c *Catalog) brokenOne(query string) *BrokenError {
	for _, b := range c.broken {
		if query == string(b.ID) || query == b.ID.Slug() {
			return b
		}
	}
	return nil
}

// byID looks a kata up by its whole id and nothing else.
func (c *Catalog) byID(id kata.ID) (kata.Kata, error) {
	at := slices.IndexFunc(c.katas, func(k kata.Kata) bool { return k.ID == id })
	if at < 0 {
		return kata.Kata{}, c.notFound(string(id))
	}
	return c.katas[at], nil
}

// NotFoundError says that no kata goes by a name.
type NotFoundError struct {
	Query string
	// Nearest are the few katas with a name like the query, the likest first; empty where none is like it.
	Nearest []kata.ID
}

func (e *NotFoundError) Error() string { return fmt.Sprintf("there is no kata %q", e.Query) }

// AmbiguousError says that a name begins several katas.
type AmbiguousError struct {
	Query string
	// Candidates are those katas in the order of the curriculum.
	Candidates []kata.ID
}

func (e *AmbiguousError) Error() string {
	names := make([]string, len(e.Candidates))
	for i, id := range e.Candidates {
		names[i] = string(id)
	}
	return fmt.Sprintf("%q begins more than one kata: %s", e.Query, strings.Join(names, ", "))
}

func (c *Catalog) notFound(query string) *NotFoundError {
	return &NotFoundError{Query: query, Nearest: c.near(query)}
}

// mostSuggestions is how many near names help; more are a list to read.
const mostSuggestions = 3

// longestQuery is the longest name that is compared, in bytes: no kata's is longer, and the comparison is quadratic.
const longestQuery = 64

// near are the katas with a name that takes few edits to reach from query: at most a third of its bytes.
func (c *Catalog) near(query string) []kata.ID {
	if len(query) > longestQuery {
		return nil
	}
	query = strings.ToLower(query)
	type candidate struct {
		id    kata.ID
		edits int
	}
	var found []candidate
	for _, k := range c.katas {
		edits := distance(query, string(k.ID))
		for _, name := range append([]string{k.ID.Slug()}, k.Manifest.Aliases...) {
			edits = min(edits, distance(query, name))
		}
		if edits <= (len(query)+2)/3 && edits < len(query) {
			found = append(found, candidate{k.ID, edits})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.edits, b.edits) })
	var ids []kata.ID
	for _, c := range found[:min(len(found), mostSuggestions)] {
		ids = append(ids, c.id)
	}
	return ids
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
