package workspace

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const replaceLine = "replace github.com/python-concurrency/kata => ./.kata/lib"

const goMod = `module workspace

go 1.26

// What stubs import lies in .kata/lib, so that editors find it without a network.
require github.com/python-concurrency/kata v0.0.0

` + replaceLine + "\n"

const readme = "# Workspace\n\nYour katas: one folder each, with a README and the file to fill in.\n\n" +
	"    kata next      fetch the next kata\n    kata check     grade the current one\n    kata hint      the next hint\n    kata list      the curriculum and where you stand\n\n" +
	"Everything here is yours: commit it, add files of your own. Progress and snapshots are in `.kata/`.\n"

const ignore = `# The lock of the progress log, and files that were being written when a process died.
/.kata/progress.lock
.kata-*.tmp
`

// Line ends stay as they are, or every stub would look edited after a clone; progress that was made on two machines
// is the union of its lines.
const attributes = `* -text
/.kata/*.jsonl merge=union
`

// atTheRoot are the files that Init writes where they are absent. go.mod comes last: without it the folder is no
// workspace yet, and Init starts over.
var atTheRoot = []struct{ name, text string }{
	{"README.md", readme},
	{".gitignore", ignore},
	{".gitattributes", attributes},
	{"go.mod", goMod},
}

// Init makes a workspace at root, or brings one up to date. katas is the katas folder, of which the simulators are
// laid into .kata/lib. It overwrites nothing of the learner's; a folder that holds another module's go.mod is refused.
func Init(root string, katas fs.FS) (*Workspace, error) { return initOn(mount, root, katas) }

func initOn(mount func(string) (disk, error), root string, katas fs.FS) (*Workspace, error) {
	abs, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("make the workspace: %w", err)
	}
	w := &Workspace{root: abs, mount: mount}
	if err := w.lay(katas); err != nil {
		return nil, fmt.Errorf("make the workspace at %s: %w", abs, err)
	}
	return w, nil
}

func (w *Workspace) lay(katas fs.FS) error {
	if err := refuseForeign(w.root); err != nil {
		return err
	}
	if err := os.MkdirAll(w.root, 0o755); err != nil {
		return err
	}
	return w.on(func(d disk) error {
		now := time.Now()
		sweep(d, ".", now)
		if err := layLibrary(d, katas, now); err != nil {
			return err
		}
		for _, f := range atTheRoot {
			if err := writeAbsent(d, f.name, []byte(f.text)); err != nil {
				return err
			}
		}
		return nil
	})
}

// refuseForeign keeps a workspace out of a folder that is another Go module. One whose .kata was lost, as in a clone
// that left it out, is known by its go.mod.
func refuseForeign(root string) error {
	if is(root) {
		return nil
	}
	have, err := os.ReadFile(filepath.Join(root, "go.mod"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !bytes.Contains(have, []byte(replaceLine)):
		return errors.New("it holds the go.mod of another module")
	}
	return nil
}
