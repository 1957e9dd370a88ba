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
	seen, err := survey(d, k)
	return seen.state(), err
}

// sight is what is seen of a kata's files.
type sight struct {
	// wanted is how many there should be, there how many are, and edited how many of those read otherwise than the stub.
	wanted, there, edited int
	// others: one is missing, and there is other Go source that may be it.
	others bool
}

func survey(d disk, k kata.Kata) (sight, error) {
	seen := sight{wanted: len(k.Manifest.Files)}
	for _, name := range k.Manifest.Files {
		full := path.Join(folder(k), name)
		found, err := exists(d, full)
		if err != nil {
			return seen, err
		}
		if !found {
			continue
		}
		same, err := reads(d, full, k.Stub[name])
		if err != nil {
			return seen, err
		}
		seen.there++
		if !same {
			seen.edited++
		}
	}
	if seen.there < seen.wanted {
		entries, err := d.ReadDir(folder(k))
		seen.others = err == nil && otherSource(entries, k.Manifest.Files...) != ""
	}
	return seen, nil
}

func (s sight) state() State {
	switch {
	case s.there == s.wanted && s.edited > 0:
		return Edited
	case s.there == s.wanted:
		return Untouched
	case s.there > 0 || s.others:
		return Partial
	}
	return Absent
}

// layable reports whether the stub may be laid: nothing of it is there yet, or the process that laid it died before it
// was done. Work there is none.
func (s sight) layable() bool { return s.there < s.wanted && s.edited == 0 && !s.others }
