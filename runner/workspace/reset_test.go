package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestResetKeepsTheWorkInASnapshot(t *testing.T) {
	w := newWorkspace(t, two)
	none, err := w.Reset(two, noon)
	require.NoError(t, err)
	require.Empty(t, none)
	for i, text := range []string{"package two // first\n", "package two // second\n"} {
		put(t, w, "gil/two/two.go", text)
		put(t, w, "gil/two/own_test.go", "mine")
		snapshot, err := w.Reset(two, noon)
		require.NoError(t, err)
		require.Equal(t, map[string]string{"two.go": text, "more.go": string(two.Stub["more.go"])}, tree(t, snapshot), "reset %d", i)
		require.Equal(t, map[string]string{"two.go": string(two.Stub["two.go"]), "more.go": string(two.Stub["more.go"]), "README.md": "# Two\n", "own_test.go": "mine"}, tree(t, w.Dir(two)))
	}
}

func TestResetBringsBackWhatIsMissing(t *testing.T) {
	w := newWorkspace(t, two, one)
	require.NoError(t, os.Remove(w.path("gil/two/two.go")))
	snapshot, err := w.Reset(two, noon)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"more.go": "package two\n"}, tree(t, snapshot))
	require.Equal(t, string(two.Stub["two.go"]), get(t, w.path("gil/two/two.go")))

	require.NoError(t, os.Rename(w.path("gil/one/one.go"), w.path("gil/one/mine.go")))
	snapshot, err = w.Reset(one, noon)
	require.NoError(t, err)
	require.Empty(t, snapshot, "nothing of ours was there")
	require.FileExists(t, w.path("gil/one/mine.go"))

	require.NoError(t, os.RemoveAll(w.Dir(one)))
	snapshot, err = w.Reset(one, noon)
	require.NoError(t, err)
	require.Empty(t, snapshot)
	require.Equal(t, map[string]string{"one.go": "package one\n", "README.md": "# One\n"}, tree(t, w.Dir(one)))
}

// TestNotesInTheREADMEAreWork: a reset brings the README of today's kata, and keeps the one with the notes.
func TestNotesInTheREADMEAreWork(t *testing.T) {
	w := newWorkspace(t, one)
	put(t, w, "gil/one/README.md", "# One\n\nmy notes\n")
	snapshot, err := w.Reset(one, noon)
	require.NoError(t, err)
	require.Equal(t, "# One\n\nmy notes\n", get(t, filepath.Join(snapshot, "README.md")))
	require.Equal(t, "# One\n", get(t, w.path("gil/one/README.md")))
}

func TestALinkIsKeptAsALink(t *testing.T) {
	w := newWorkspace(t, one)
	target := filepath.Join(t.TempDir(), "mine.go")
	require.NoError(t, os.WriteFile(target, []byte("mine"), 0o644))
	require.NoError(t, os.Remove(w.path("gil/one/one.go")))
	require.NoError(t, os.Symlink(target, w.path("gil/one/one.go")))
	snapshot, err := w.Reset(one, noon)
	require.NoError(t, err)
	kept, err := os.Readlink(filepath.Join(snapshot, "one.go"))
	require.NoError(t, err)
	require.Equal(t, target, kept)
	require.Equal(t, "mine", get(t, target))
	info, err := os.Lstat(w.path("gil/one/one.go"))
	require.NoError(t, err)
	require.True(t, info.Mode().IsRegular())
}

func TestAFolderInAFilesPlaceIsNotThrownAway(t *testing.T) {
	w := newWorkspace(t, one)
	require.NoError(t, os.Remove(w.path("gil/one/one.go")))
	put(t, w, "gil/one/one.go/inside.go", "mine")
	before := tree(t, w.Root())
	_, err := w.Reset(one, noon)
	var bad *BadFileError
	require.ErrorAs(t, err, &bad)
	require.Equal(t, before, tree(t, w.Root()))
}

func TestAWorkOfAnySizeIsKept(t *testing.T) {
	w := newWorkspace(t, one)
	put(t, w, "gil/one/one.go", string(make([]byte, 3*MaxFileSize)))
	snapshot, err := w.Reset(one, noon)
	require.NoError(t, err)
	require.Len(t, get(t, filepath.Join(snapshot, "one.go")), 3*MaxFileSize)
}

func TestSnapshotsNeverCollide(t *testing.T) {
	w := newWorkspace(t, one)
	put(t, w, ".kata/snapshots/gil/one/20260102-120000/mine", "not a snapshot")
	put(t, w, ".kata/snapshots/gil/one/.unfinished-20260102-120000-2/one.go", "of a process that died")
	folders := make([]string, 8)
	var all sync.WaitGroup
	for i := range folders {
		all.Go(func() {
			var err error
			if folders[i], err = w.Snapshot(one, noon); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	seen := make(map[string]bool)
	for _, folder := range folders {
		require.False(t, seen[folder], folder)
		seen[folder] = true
		require.Equal(t, map[string]string{"one.go": "package one\n"}, tree(t, folder))
	}
	require.Equal(t, "not a snapshot", get(t, w.path(".kata/snapshots/gil/one/20260102-120000/mine")))
}

func TestThereIsNoSnapshotOfNothing(t *testing.T) {
	w := newWorkspace(t)
	folder, err := w.Snapshot(one, noon)
	require.NoError(t, err)
	require.Empty(t, folder)
	require.NoDirExists(t, w.path(".kata/snapshots"))
}

func TestResetSweepsWhatADeadProcessLeft(t *testing.T) {
	w := newWorkspace(t, one)
	for name, age := range map[string]time.Duration{".kata-1.tmp": 2 * time.Hour, ".kata-2.tmp": time.Minute, "mine.tmp": 2 * time.Hour} {
		put(t, w, "gil/one/"+name, "")
		require.NoError(t, os.Chtimes(w.path("gil/one/"+name), noon.Add(-age), noon.Add(-age)))
	}
	_, err := w.Reset(one, noon)
	require.NoError(t, err)
	require.NoFileExists(t, w.path("gil/one/.kata-1.tmp"))
	require.FileExists(t, w.path("gil/one/.kata-2.tmp"), "another process may be writing it")
	require.FileExists(t, w.path("gil/one/mine.tmp"))
}

// TestUnfinishedSnapshotsAreSweptInTime: a process that died left one, and another is being made.
func TestUnfinishedSnapshotsAreSweptInTime(t *testing.T) {
	w := newWorkspace(t, two)
	put(t, w, ".kata/snapshots/gil/two/.unfinished-old/two.go", "package two // half\n")
	put(t, w, ".kata/snapshots/gil/two/.unfinished-new/two.go", "package two // half\n")
	all := w.path(".kata/snapshots/gil/two")
	require.NoError(t, os.Chtimes(filepath.Join(all, ".unfinished-old"), noon, noon.Add(-2*abandoned)))
	require.NoError(t, os.Chtimes(filepath.Join(all, ".unfinished-new"), noon, noon))
	put(t, w, "gil/two/two.go", "package two // mine\n")
	_, err := w.Reset(two, noon)
	require.NoError(t, err)
	require.NoDirExists(t, filepath.Join(all, ".unfinished-old"))
	require.DirExists(t, filepath.Join(all, ".unfinished-new"))
}

// saving is a disk on which the learner's editor saves a file just before the stub is put into its place.
type saving struct {
	disk
	save func()
}

func (d saving) CreateNew(name string) (file, error) {
	if !strings.HasPrefix(name, Own+"/") {
		d.save()
	}
	return d.disk.CreateNew(name)
}

func TestWhatIsSavedDuringAResetIsNotOverwritten(t *testing.T) {
	for name, before := range map[string]string{"work": "package one // mine\n", "the stub": ""} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t, one)
			if before != "" {
				put(t, w, "gil/one/one.go", before)
			} else {
				require.NoError(t, os.Remove(w.path("gil/one/one.go")))
			}
			w.mount = func(root string) (disk, error) {
				d, err := mount(root)
				return saving{d, func() { put(t, w, "gil/one/one.go", "package one // saved now\n") }}, err
			}
			_, err := w.Reset(one, noon)
			var saved *SavedMeanwhileError
			require.ErrorAs(t, err, &saved)
			require.Equal(t, w.path("gil/one/one.go"), saved.File)
			require.Equal(t, "package one // saved now\n", get(t, saved.File))
			w.mount = mount
			snapshot, err := w.Reset(one, noon)
			require.NoError(t, err)
			require.Equal(t, "package one // saved now\n", get(t, filepath.Join(snapshot, "one.go")))
		})
	}
}

func TestALinkThatIsMadeDuringAResetIsNotOverwritten(t *testing.T) {
	w := newWorkspace(t, one)
	put(t, w, "gil/one/one.go", "package one // mine\n")
	w.mount = func(root string) (disk, error) {
		d, err := mount(root)
		return saving{d, func() {
			_ = os.Remove(w.path("gil/one/one.go"))
			_ = os.Symlink("mine.go", w.path("gil/one/one.go"))
		}}, err
	}
	_, err := w.Reset(one, noon)
	var saved *SavedMeanwhileError
	require.ErrorAs(t, err, &saved)
}
