package workspace

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/kata"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

var two = kata.Kata{
	ID:       "gil/two",
	Manifest: kata.Manifest{Files: []string{"two.go", "more.go"}},
	Readme:   []byte("# Two\n"),
	Stub: map[string][]byte{
		"two.go":  []byte("package two\n\nimport \"github.com/python-concurrency/kata/katas/sim/gil\"\n\nvar _ = gil.Name\n"),
		"more.go": []byte("package two\n"),
	},
	Hidden: map[string][]byte{"two_test.go": []byte("package two_test\n")},
}

var library = fstest.MapFS{
	"sim/gil/gil.go":      {Data: []byte("package gil\n\nconst Name = \"gil\"\n")},
	"sim/gil/gil_test.go": {Data: []byte("package gil\n")},
	"lab/lab.go":          {Data: []byte("package lab\n")},
}

func newWorkspace(t *testing.T) *Workspace {
	t.Helper()
	w, err := Init(filepath.Join(t.TempDir(), "ws"), library)
	require.NoError(t, err)
	return w
}

func put(t *testing.T, w *Workspace, name, data string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(w.path(name)), 0o755))
	require.NoError(t, os.WriteFile(w.path(name), []byte(data), 0o644))
}

func get(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// tree is every file below dir with its content.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(rel)] = get(t, path)
		return nil
	}))
	return files
}

func TestAWorkspaceIsAModuleThatBuildsOffline(t *testing.T) {
	w := newWorkspace(t)
	_, err := w.Materialise(two)
	require.NoError(t, err)
	cmd := exec.Command("go", "vet", "./...")
	cmd.Dir = w.Root()
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}

func TestNoHiddenTestReachesAWorkspace(t *testing.T) {
	w := newWorkspace(t)
	_, err := w.Materialise(two)
	require.NoError(t, err)
	for name := range tree(t, w.Root()) {
		require.False(t, strings.HasSuffix(name, "_test.go"), name)
		require.False(t, strings.Contains(name, "lab/"), name)
	}
}

func TestAWorkspaceIsFoundFromBelow(t *testing.T) {
	w := newWorkspace(t)
	_, err := w.Materialise(two)
	require.NoError(t, err)
	root, ok := Find(w.Dir(two))
	require.True(t, ok)
	require.Equal(t, w.Root(), root)
	_, ok = Find(filepath.Dir(w.Root()))
	require.False(t, ok)
	_, err = Open(filepath.Dir(w.Root()))
	var not *NotWorkspaceError
	require.ErrorAs(t, err, &not)
}

func TestInitLeavesWhatIsThere(t *testing.T) {
	w := newWorkspace(t)
	put(t, w, "README.md", "mine")
	put(t, w, "gil/two/notes.md", "mine")
	before := tree(t, w.Root())
	_, err := Init(w.Root(), library)
	require.NoError(t, err)
	require.Equal(t, before, tree(t, w.Root()))
}

func TestInitBringsTheLibraryUpToDate(t *testing.T) {
	w := newWorkspace(t)
	newer := fstest.MapFS{"sim/gil/gil.go": {Data: []byte("package gil\n\nconst Name = \"newer\"\n")}}
	_, err := Init(w.Root(), newer)
	require.NoError(t, err)
	require.Contains(t, get(t, w.path(".kata/lib/katas/sim/gil/gil.go")), "newer")
}

func TestInitRefusesAnotherModule(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module other\n"), 0o644))
	_, err := Init(dir, library)
	require.ErrorContains(t, err, "another module")
	require.Equal(t, map[string]string{"go.mod": "module other\n"}, tree(t, dir))
}

func TestStates(t *testing.T) {
	w := newWorkspace(t)
	state := func() State {
		s, err := w.State(two)
		require.NoError(t, err)
		return s
	}
	require.Equal(t, Absent, state())
	p, err := w.Materialise(two)
	require.NoError(t, err)
	require.True(t, p.Fresh)
	require.Equal(t, Untouched, state())
	put(t, w, "gil/two/two.go", "package two // mine\n")
	require.Equal(t, Edited, state())
	require.NoError(t, os.Remove(w.path("gil/two/more.go")))
	require.Equal(t, Partial, state())
	p, err = w.Materialise(two)
	require.NoError(t, err)
	require.False(t, p.Fresh)
	require.Equal(t, Partial, state(), "what the learner deleted stays deleted")
	require.Equal(t, "package two // mine\n", get(t, p.File))
}

func TestResetKeepsTheWorkInASnapshot(t *testing.T) {
	w := newWorkspace(t)
	_, err := w.Materialise(two)
	require.NoError(t, err)
	none, err := w.Reset(two, noon)
	require.NoError(t, err)
	require.Empty(t, none)
	for i, text := range []string{"package two // first\n", "package two // second\n"} {
		put(t, w, "gil/two/two.go", text)
		put(t, w, "gil/two/own_test.go", "mine")
		snapshot, err := w.Reset(two, noon)
		require.NoError(t, err)
		require.Equal(t, text, get(t, filepath.Join(snapshot, "two.go")), "reset %d", i)
		require.Equal(t, string(two.Stub["two.go"]), get(t, w.path("gil/two/two.go")))
		require.Equal(t, "mine", get(t, w.path("gil/two/own_test.go")))
	}
}

func TestFilesTakesTheManifestsFilesOnly(t *testing.T) {
	w := newWorkspace(t)
	_, err := w.Materialise(two)
	require.NoError(t, err)
	put(t, w, "gil/two/extra.go", "package two\n")
	files, err := w.Files(two)
	require.NoError(t, err)
	require.Equal(t, two.Stub, files)
}

func TestFilesThatCannotBeTaken(t *testing.T) {
	w := newWorkspace(t)
	_, err := w.Materialise(two)
	require.NoError(t, err)
	file := w.path("gil/two/two.go")
	var missing *MissingFileError
	var bad *BadFileError

	require.NoError(t, os.Rename(file, w.path("gil/two/mine.go")))
	_, err = w.Files(two)
	require.ErrorAs(t, err, &missing)
	require.Contains(t, err.Error(), "two.go, which is not there")

	require.NoError(t, os.Symlink("/etc/hostname", file))
	_, err = w.Files(two)
	require.ErrorAs(t, err, &bad)

	require.NoError(t, os.Remove(file))
	require.NoError(t, os.Mkdir(file, 0o755))
	_, err = w.Files(two)
	require.ErrorAs(t, err, &bad)

	require.NoError(t, os.Remove(file))
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	require.NoError(t, os.Truncate(file, 50<<20))
	_, err = w.Files(two)
	require.ErrorContains(t, err, "52428800 bytes")
}

// failing is a disk that fails at the n-th write.
type failing struct {
	realDisk
	left *int
}

func (f failing) writeFile(path string, data []byte) error {
	if *f.left--; *f.left < 0 {
		return syscall.ENOSPC
	}
	return f.realDisk.writeFile(path, data)
}

func TestADiskThatFillsUpHarmsNothing(t *testing.T) {
	for n := range 8 {
		w := newWorkspace(t)
		_, err := w.Materialise(two)
		require.NoError(t, err)
		put(t, w, "gil/two/two.go", "package two // mine\n")
		put(t, w, "gil/two/more.go", "package two // mine too\n")
		left := n
		w.disk = failing{left: &left}
		snapshot, err := w.Reset(two, noon)
		if err == nil {
			require.GreaterOrEqual(t, n, 4)
			continue
		}
		require.ErrorIs(t, err, syscall.ENOSPC)
		mine := get(t, w.path("gil/two/two.go")) == "package two // mine\n"
		kept := snapshot != "" && get(t, filepath.Join(snapshot, "two.go")) == "package two // mine\n"
		require.True(t, mine || kept, "after %d writes the work is neither in place nor in a snapshot", n)
	}
}

func TestInitOnAFullDiskCanBeDoneAgain(t *testing.T) {
	for n := range 4 {
		root := filepath.Join(t.TempDir(), "ws")
		left := n
		_, err := initOn(failing{left: &left}, root, library)
		require.ErrorIs(t, err, syscall.ENOSPC)
		_, err = Open(root)
		require.Error(t, err, "half a workspace is none")
		_, err = Init(root, library)
		require.NoError(t, err)
	}
}
