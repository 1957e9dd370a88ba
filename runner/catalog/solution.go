package catalog

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"

	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/verdict"
)

// Solution reads the reference solution: a replacement for each of the kata's files.
func (c *Catalog) Solution(id kata.ID) (map[string][]byte, error) {
	k, err := c.Find(string(id))
	if err != nil {
		return nil, err
	}
	return c.files(k, string(id))
}

// files reads the kata's files out of a folder below solutions.
func (c *Catalog) files(k kata.Kata, folder string) (map[string][]byte, error) {
	files := make(map[string][]byte, len(k.Manifest.Files))
	for _, name := range k.Manifest.Files {
		data, err := fs.ReadFile(c.solutions, path.Join(folder, name))
		if err != nil {
			return nil, fmt.Errorf("solution of %s: %w", k.ID, err)
		}
		files[name] = data
	}
	return files, nil
}

// Variant is another solution that comes with a kata: a right one that its tests must accept, or a wrong one that
// they must refuse for its declared reason.
type Variant struct {
	Name  string
	Right bool
	// Kind must come first among the findings on a wrong one, and Why says what it does wrong.
	Kind  verdict.Kind
	Why   string
	Files map[string][]byte
}

// Variants reads the right and wrong solutions of a kata, in that order, each by name.
func (c *Catalog) Variants(id kata.ID) ([]Variant, error) {
	k, err := c.Find(string(id))
	if err != nil {
		return nil, err
	}
	var all []Variant
	for _, side := range []string{"right", "wrong"} {
		folders, err := fs.Glob(c.solutions, path.Join(string(id), "testdata", side, "*"))
		if err != nil {
			return nil, fmt.Errorf("variants of %s: %w", id, err)
		}
		for _, folder := range folders {
			v := Variant{Name: path.Base(folder), Right: side == "right"}
			if v.Files, err = c.files(k, folder); err != nil {
				return nil, err
			}
			if !v.Right {
				if v.Kind, v.Why, err = declared(v.Files[k.Manifest.Files[0]]); err != nil {
					return nil, fmt.Errorf("%s: wrong/%s: %w", id, v.Name, err)
				}
			}
			all = append(all, v)
		}
	}
	return all, nil
}

var wrongLine = regexp.MustCompile(`^//kata:wrong kind=([a-z]+)\s+(.+)$`)

// declared reads the first line of a wrong solution.
func declared(source []byte) (verdict.Kind, string, error) {
	first, _, _ := bytes.Cut(source, []byte("\n"))
	m := wrongLine.FindSubmatch(bytes.TrimRight(first, "\r"))
	if m == nil {
		return "", "", fmt.Errorf("the first line must be //kata:wrong kind=KIND  what it does wrong")
	}
	kind := verdict.Kind(m[1])
	if !kind.Valid() {
		return "", "", fmt.Errorf("kind=%s is no kind of finding", kind)
	}
	return kind, string(m[2]), nil
}
