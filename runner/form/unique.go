package form

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/python-concurrency/kata/runner/kata"
)

// others reads the manifests beside the one of id; a broken one is zero.
func others(katas fs.FS, id kata.ID) map[kata.ID]kata.Manifest {
	all := make(map[kata.ID]kata.Manifest)
	files, _ := fs.Glob(katas, "*/*/kata.toml") // the pattern is good, and what cannot be read is not there
	for _, file := range files {
		if other, err := kata.ParseID(path.Dir(file)); err == nil && other != id {
			data, _ := fs.ReadFile(katas, file)
			all[other], _ = kata.ParseManifest(data)
		}
	}
	return all
}

// namesOf are the slugs and aliases of katas: each leads to one.
func namesOf(katas map[kata.ID]kata.Manifest) map[string]kata.ID {
	names := make(map[string]kata.ID)
	for id, m := range katas {
		for _, name := range append([]string{id.Slug(), string(id)}, m.Aliases...) {
			names[name] = id
		}
	}
	return names
}

// TakenBy is the other kata that has the slug of id, as a slug or an alias. katas is rooted as the repository's folder.
func TakenBy(katas fs.FS, id kata.ID) (kata.ID, bool) {
	other, taken := namesOf(others(katas, id))[id.Slug()]
	return other, taken
}

// NextOrder is the place behind all katas of the curriculum; those whose manifest is broken have none. katas is rooted
// as the repository's folder.
func NextOrder(katas fs.FS) int { return next(others(katas, "")) }

func next(katas map[kata.ID]kata.Manifest) int {
	last := 0
	for _, m := range katas {
		last = max(last, m.Order)
	}
	return last + 1
}

// checkUnique looks at the other katas: a name leads to one kata, and a place in the curriculum holds one.
func checkUnique(s *subject) []Fault {
	f, ok := s.sources[s.in("kata.toml")]
	if !ok {
		return nil
	}
	names := namesOf(s.others)
	var faults []Fault
	take := func(name, key, hint string) {
		if other, taken := names[name]; taken {
			faults = append(faults, f.fault(keyLine(f, key), fmt.Sprintf("the name %q is taken by %s", name, other), hint))
		}
		names[name] = s.id
	}
	take(s.id.Slug(), "", "rename the folders in katas and in solutions")
	for _, alias := range s.manifest.Aliases {
		take(alias, "aliases", "take it out of aliases")
	}
	for _, id := range slices.Sorted(maps.Keys(s.others)) {
		if s.manifestErr == nil && s.others[id].Order == s.manifest.Order {
			faults = append(faults, f.fault(keyLine(f, "order"), fmt.Sprintf("order %d is taken by %s", s.manifest.Order, id),
				fmt.Sprintf("order = %d", next(s.others))))
		}
	}
	return faults
}
