package workspace

import (
	"io/fs"
	"os"
	"path/filepath"
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

var one = kata.Kata{
	ID:       "gil/one",
	Manifest: kata.Manifest{Files: []string{"one.go"}},
	Readme:   []byte("# One\n"),
	Stub:     map[string][]byte{"one.go": []byte("package one\n")},
}

var library = fstest.MapFS{
	"sim/gil/gil.go":      {Data: []byte("package gil\n\nconst Name = \"gil\"\n")},
	"sim/gil/gil_test.go": {Data: []byte("package gil\n")},
	"lab/lab.go":          {Data: []byte("package lab\n")},
}

func newWorkspace(t *testing.T, katas ...kata.Kata) *Workspace {
	t.Helper()
	w, err := Init(filepath.Join(t.TempDir(), "ws"), library)
	require.NoError(t, err)
	for _, k := range katas {
		_, err := w.Materialise(k)
		require.NoError(t, err)
	}
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

func TestAWorkspaceIsFoundFromBelow(t *testing.T) {
	w := newWorkspace(t, two)
	for _, start := range []string{w.Root(), w.Dir(two), w.OwnDir(), w.path(".kata/lib")} {
		root, ok := Find(start)
		require.True(t, ok, start)
		require.Equal(t, w.Root(), root)
	}
	_, ok := Find(filepath.Dir(w.Root()))
	require.False(t, ok)
}

func TestOpenTakesAWorkspaceOnly(t *testing.T) {
	w := newWorkspace(t)
	again, err := Open(w.Root())
	require.NoError(t, err)
	require.Equal(t, w.Root(), again.Root())

	var not *NotWorkspaceError
	_, err = Open(filepath.Dir(w.Root()))
	require.ErrorAs(t, err, &not)
	require.NoError(t, os.Remove(w.path("go.mod")))
	_, err = Open(w.Root())
	require.ErrorAs(t, err, &not)
}
