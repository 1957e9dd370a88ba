package workspace

import (
	"fmt"
	"path"

	"github.com/python-concurrency/kata/runner/kata"
)

// State is how a kata's files in the workspace stand to its stub.
type State string

const (
	// Absent: none of its files is there.
	Absent State = "absent"
	// Untouched: all read as the stub does.
	Untouched State = "untouched"
	// Edited: at least one reads otherwise; it may be the stub of an older version of the kata.
	Edited State = "edited"
	// Partial: some are there and some are not, or there is other Go source in their place: a file was deleted or
	// renamed.
	Partial State = "partial"
)

// State compares a kata's files with its stub.
func (w *Workspace) State(k kata.Kata) (s State, err error) {
	err = w.on(func(d disk) error {
		s, err = state(d, k)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("look at %s: %w", k.ID, err)
	}
	return s, nil
}

func state(d disk, k kata.Kata) (State, error) {
	there, edited := 0, false
	for _, name := range k.Manifest.Files {
		full := path.Join(folder(k), name)
		found, err := exists(d, full)
		if err != nil {
			return "", err
		}
		if !found {
			continue
		}
		same, err := reads(d, full, k.Stub[name])
		if err != nil {
			return "", err
		}
		there++
		edited = edited || !same
	}
	switch {
	case there == len(k.Manifest.Files) && edited:
		return Edited, nil
	case there == len(k.Manifest.Files):
		return Untouched, nil
	case there > 0:
		return Partial, nil
	}
	entries, err := d.ReadDir(folder(k))
	if err == nil && otherSource(entries) != "" {
		return Partial, nil
	}
	return Absent, nil
}
