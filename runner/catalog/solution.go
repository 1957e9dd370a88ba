package catalog

import (
	"fmt"
	"io/fs"
	"path"

	"github.com/python-concurrency/kata/runner/kata"
)

// Solution reads the reference solution: a replacement for each of the kata's files. The id must be whole; the error
// is a *NotFoundError where no kata has it, and wraps fs.ErrNotExist where the solution lacks a file.
func (c *Catalog) Solution(id kata.ID) (map[string][]byte, error) {
	k, err := c.byID(id)
	if err != nil {
		return nil, err
	}
	files, err := c.replacement(k, string(id))
	if err != nil {
		return nil, fmt.Errorf("solution of %s: %w", id, err)
	}
	return files, nil
}

// replacement reads the kata's files out of a folder below solutions.
func (c *Catalog) replacement(k kata.Kata, folder string) (map[string][]byte, error) {
	files := make(map[string][]byte, len(k.Manifest.Files))
	for _, name := range k.Manifest.Files {
		data, err := fs.ReadFile(c.solutions, path.Join(folder, name))
		if err != nil {
			return nil, err
		}
		files[name] = data
	}
	return files, nil
}
