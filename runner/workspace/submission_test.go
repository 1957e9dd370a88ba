package workspace

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFilesTakesTheManifestsFilesOnly(t *testing.T) {
	w := newWorkspace(t, two)
	put(t, w, "gil/two/extra.go", "package two\n")
	files, err := w.Files(two)
	require.NoError(t, err)
	require.Equal(t, two.Stub, files)
	files, err = ReadFiles(w.Dir(two), two)
	require.NoError(t, err)
	require.Equal(t, two.Stub, files)
}

func TestAMissingFileIsNamedWithWhatItMayHaveBecome(t *testing.T) {
	w := newWorkspace(t, two)
	put(t, w, "gil/two/own_test.go", "package two\n")
	var missing *MissingFileError
	require.NoError(t, os.Remove(w.path("gil/two/two.go")))
	_, err := w.Files(two)
	require.ErrorAs(t, err, &missing)
	require.Equal(t, w.path("gil/two/two.go"), missing.File)
	require.Empty(t, missing.Looks, "more.go is a file of its own")

	put(t, w, "gil/two/mine.go", "package two\n")
	_, err = w.Files(two)
	require.ErrorAs(t, err, &missing)
	require.Equal(t, "mine.go", missing.Looks)
	require.ErrorContains(t, err, "is mine.go its new name?")

	_, err = ReadFiles(filepath.Join(t.TempDir(), "gone"), two)
	require.ErrorAs(t, err, &missing)
}

func TestFilesThatCannotBeTaken(t *testing.T) {
	for name, c := range map[string]struct {
		make func(file string) error
		says string
	}{
		"a link out":       {func(file string) error { return os.Symlink("/etc/hostname", file) }, "symbolic link"},
		"a link inside":    {func(file string) error { return os.Symlink("../../README.md", file) }, "symbolic link"},
		"a link to itself": {func(file string) error { return os.Symlink("one.go", file) }, "symbolic link"},
		"a folder":         {func(file string) error { return os.Mkdir(file, 0o755) }, "no plain file"},
		"too large": {func(file string) error {
			return os.WriteFile(file, make([]byte, MaxFileSize+1), 0o644)
		}, "1048577 bytes, more than the 1048576"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t, one)
			file := w.path("gil/one/one.go")
			require.NoError(t, os.Remove(file))
			require.NoError(t, c.make(file))
			_, err := w.Files(one)
			var bad *BadFileError
			require.ErrorAs(t, err, &bad)
			require.Equal(t, file, bad.File)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestTheLargestFileIsTaken(t *testing.T) {
	w := newWorkspace(t, one)
	put(t, w, "gil/one/one.go", string(make([]byte, MaxFileSize)))
	files, err := w.Files(one)
	require.NoError(t, err)
	require.Len(t, files["one.go"], MaxFileSize)
}

func TestAFolderThatLeadsOutIsNoSubmission(t *testing.T) {
	w := newWorkspace(t, one)
	outside := t.TempDir()
	require.NoError(t, os.Rename(w.Dir(one), filepath.Join(outside, "one")))
	require.NoError(t, os.Symlink(filepath.Join(outside, "one"), w.Dir(one)))
	_, err := w.Files(one)
	var bad *BadFileError
	require.ErrorAs(t, err, &bad)
	require.Equal(t, w.Dir(one), bad.File)
}
