package form

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"github.com/python-concurrency/kata/runner/kata"
)

// notFolders are names that a folder of packages cannot have: the go command leaves testdata and vendor out, and what
// lies below internal cannot be imported from elsewhere.
var notFolders = []string{"internal", "testdata", "vendor"}

// notTracks are the folders beside the tracks in katas.
var notTracks = []string{"lab", "sim"}

// notPackages are names that are taken where a hidden test imports the kata: main and init cannot be imported, the
// others are what tests and solutions import themselves.
var notPackages = []string{
	"main", "init", "lab", "testing", "atomic", "cmp", "context", "errors", "fmt", "io", "iter", "maps", "math", "rand",
	"runtime", "slices", "sort", "strconv", "strings", "sync", "synctest", "time",
}

// Name says why a kata cannot have this id, or nil. Whether another one has it already is not its business.
func Name(id kata.ID) error {
	if _, err := kata.ParseID(string(id)); err != nil {
		return err
	}
	track, slug := id.Track(), id.Slug()
	switch {
	case slices.Contains(notTracks, track):
		return fmt.Errorf("kata id %q: %s is the folder of what katas share, and no track", id, track)
	case slices.Contains(notFolders, track), slices.Contains(notFolders, slug):
		return fmt.Errorf("kata id %q: the go command gives folders called %s a meaning of its own", id, odd(notFolders, track, slug))
	case token.IsKeyword(slug):
		return fmt.Errorf("kata id %q: %s is a keyword of Go, and cannot name the kata's package", id, slug)
	case types.Universe.Lookup(slug) != nil:
		return fmt.Errorf("kata id %q: %s is predeclared in Go, and the kata's package would hide it", id, slug)
	case slices.Contains(notPackages, slug), len(slug) == 1:
		return fmt.Errorf("kata id %q: the kata's package cannot be called %s: hidden tests use that name for something else", id, slug)
	}
	return nil
}

// odd is the first of the names that is in the list.
func odd(list []string, names ...string) string {
	i := slices.IndexFunc(names, func(name string) bool { return slices.Contains(list, name) })
	return names[i]
}

func checkName(s *subject) []Fault {
	if err := Name(s.id); err != nil {
		return []Fault{{File: s.in(""), What: err.Error(), Hint: "rename the folders in katas and in solutions"}}
	}
	return nil
}
