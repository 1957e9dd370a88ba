package catalog

import (
	"io/fs"
	"path"
	"strings"
)

// Track is a row of katas about one model.
type Track struct {
	Name string
	// Title and Teaches are the heading and the first paragraph of the track's README.md, each on one line. A track
	// without one has its name for a title.
	Title, Teaches string
}

// Track reads what a track teaches.
func (c *Catalog) Track(name string) Track {
	t := Track{Name: name, Title: name}
	data, err := fs.ReadFile(c.files, path.Join(name, "README.md"))
	if err != nil {
		return t
	}
	heading, rest, _ := strings.Cut(strings.TrimSpace(string(data)), "\n")
	if title, ok := strings.CutPrefix(heading, "# "); ok {
		t.Title = strings.TrimSpace(title)
		first, _, _ := strings.Cut(strings.TrimSpace(rest), "\n\n")
		t.Teaches = strings.Join(strings.Fields(first), " ")
	}
	return t
}
