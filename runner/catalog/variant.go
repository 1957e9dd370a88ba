package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"

	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/verdict"
)

// Variant is another solution that comes with a kata: a right one that its tests must accept, or a wrong one that
// they must refuse for its declared reason.
type Variant struct {
	// Name is the folder's.
	Name  string
	Right bool
	// Kind must come first among the findings on a wrong one, and Why says what it does wrong. A right one has neither.
	Kind verdict.Kind
	Why  string
	// Files are a replacement for each of the kata's files.
	Files map[string][]byte
}

// Variants reads the right and then the wrong solutions of a kata, each by name. The id must be whole. A kata without
// any has none: that it needs some is for those to say who prove it.
func (c *Catalog) Variants(id kata.ID) ([]Variant, error) {
	k, err := c.byID(id)
	if err != nil {
		return nil, err
	}
	var all []Variant
	for _, side := range []string{"right", "wrong"} {
		folder := path.Join(string(id), "testdata", side)
		entries, err := fs.ReadDir(c.solutions, folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("variants of %s: %w", id, err)
		}
		for _, entry := range entries {
			if !isFolder(entry) {
				continue
			}
			v, err := c.variant(k, path.Join(folder, entry.Name()), side == "right")
			if err != nil {
				return nil, fmt.Errorf("variants of %s: %s/%s: %w", id, side, entry.Name(), err)
			}
			all = append(all, v)
		}
	}
	return all, nil
}

func (c *Catalog) variant(k kata.Kata, folder string, right bool) (Variant, error) {
	v := Variant{Name: path.Base(folder), Right: right}
	var err error
	if v.Files, err = c.replacement(k, folder); err != nil {
		return Variant{}, err
	}
	line, declared := declaration(k.Manifest.Files, v.Files)
	switch {
	case right && declared:
		return Variant{}, errors.New("it lies among the right ones, but its first line is //kata:wrong")
	case right:
		return v, nil
	case !declared:
		return Variant{}, errors.New("the first line must be //kata:wrong kind=KIND  what it does wrong")
	}
	v.Kind, v.Why, err = parseDeclaration(line)
	return v, err
}

// declaration is the first line that begins with //kata:wrong, of those that stand first in a file.
func declaration(order []string, files map[string][]byte) ([]byte, bool) {
	for _, name := range order {
		line, _, _ := bytes.Cut(files[name], []byte("\n"))
		if bytes.HasPrefix(line, []byte("//kata:wrong")) {
			return bytes.TrimRight(line, " \t\r"), true
		}
	}
	return nil, false
}

var declarationRule = regexp.MustCompile(`^//kata:wrong\s+kind=([a-z]+)\s+(\S.*)$`)

func parseDeclaration(line []byte) (verdict.Kind, string, error) {
	m := declarationRule.FindSubmatch(line)
	if m == nil {
		return "", "", fmt.Errorf("first line %q: want //kata:wrong kind=KIND  what it does wrong", line)
	}
	kind := verdict.Kind(m[1])
	if !kind.Valid() {
		return "", "", fmt.Errorf("first line %q: %s is no kind of finding", line, kind)
	}
	return kind, string(m[2]), nil
}
