package workspace

import (
	"fmt"
	"path"
	"time"

	"github.com/python-concurrency/kata/runner/kata"
)

// readmeName is what the learner reads of a kata.
const readmeName = "README.md"

// Placed says where a kata lies and whether it was laid down just now.
type Placed struct {
	// Dir is the kata's folder, File the first of its files, Readme its README.
	Dir, File, Readme string
	// Fresh: the learner's files were written.
	Fresh bool
}

// Materialise writes what is not there of a kata's stub and README and overwrites nothing. A file of the learner's
// that was deleted or renamed while others were worked on is not brought back: that is what Reset is for. It can be
// stopped at any point and done again.
func (w *Workspace) Materialise(k kata.Kata) (Placed, error) {
	p := Placed{Dir: w.Dir(k), File: w.path(path.Join(folder(k), k.Manifest.Files[0])), Readme: w.path(path.Join(folder(k), readmeName))}
	err := w.on(func(d disk) (err error) {
		sweepKata(d, k, time.Now())
		p.Fresh, err = layDown(d, k)
		return err
	})
	if err != nil {
		return p, fmt.Errorf("lay down %s in %s: %w", k.ID, w.root, err)
	}
	return p, nil
}

func layDown(d disk, k kata.Kata) (fresh bool, err error) {
	seen, err := survey(d, k)
	if err != nil {
		return false, err
	}
	if err := writeAbsent(d, path.Join(folder(k), readmeName), k.Readme); err != nil || !seen.layable() {
		return false, err
	}
	for _, name := range k.Manifest.Files {
		if err := writeAbsent(d, path.Join(folder(k), name), k.Stub[name]); err != nil {
			return false, err
		}
	}
	return true, nil
}
