package workspace

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStates(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(t *testing.T, w *Workspace)
		want State
	}{
		"never fetched": {func(t *testing.T, w *Workspace) { require.NoError(t, os.RemoveAll(w.Dir(two))) }, Absent},
		"README alone": {func(t *testing.T, w *Workspace) {
			require.NoError(t, os.Remove(w.path("gil/two/two.go")))
			require.NoError(t, os.Remove(w.path("gil/two/more.go")))
		}, Absent},
		"as fetched":    {func(t *testing.T, w *Workspace) {}, Untouched},
		"a file beside": {func(t *testing.T, w *Workspace) { put(t, w, "gil/two/own_test.go", "mine") }, Untouched},
		"one edited":    {func(t *testing.T, w *Workspace) { put(t, w, "gil/two/more.go", "package two // mine\n") }, Edited},
		"same length":   {func(t *testing.T, w *Workspace) { put(t, w, "gil/two/more.go", "package ten\n") }, Edited},
		"emptied":       {func(t *testing.T, w *Workspace) { put(t, w, "gil/two/more.go", "") }, Edited},
		"other line ends": {func(t *testing.T, w *Workspace) {
			put(t, w, "gil/two/more.go", "package two\r\n")
		}, Edited},
		"a link to the stub": {func(t *testing.T, w *Workspace) {
			const target = "../other.txt" // as long as the stub: the size of a link is the length of its target
			require.Len(t, target, len(two.Stub["more.go"]))
			require.NoError(t, os.Rename(w.path("gil/two/more.go"), w.path("gil/other.txt")))
			require.NoError(t, os.Symlink(target, w.path("gil/two/more.go")))
		}, Edited},
		"one deleted": {func(t *testing.T, w *Workspace) { require.NoError(t, os.Remove(w.path("gil/two/more.go"))) }, Partial},
		"both renamed": {func(t *testing.T, w *Workspace) {
			require.NoError(t, os.Remove(w.path("gil/two/more.go")))
			require.NoError(t, os.Rename(w.path("gil/two/two.go"), w.path("gil/two/mine.go")))
		}, Partial},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t, two)
			c.do(t, w)
			got, err := w.State(two)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestTheStubOfAnOlderKataIsEdited(t *testing.T) {
	w := newWorkspace(t, one)
	newer := one
	newer.Stub = map[string][]byte{"one.go": []byte("package one // newer\n")}
	got, err := w.State(newer)
	require.NoError(t, err)
	require.Equal(t, Edited, got)
}

func TestMaterialiseOverwritesNothing(t *testing.T) {
	w := newWorkspace(t)
	put(t, w, "gil/two/README.md", "my notes")
	p, err := w.Materialise(two)
	require.NoError(t, err)
	require.Equal(t, Placed{Dir: w.Dir(two), File: w.path("gil/two/two.go"), Readme: w.path("gil/two/README.md"), Fresh: true}, p)
	require.Equal(t, "my notes", get(t, p.Readme))

	put(t, w, "gil/two/two.go", "package two // mine\n")
	require.NoError(t, os.Remove(w.path("gil/two/more.go")))
	p, err = w.Materialise(two)
	require.NoError(t, err)
	require.False(t, p.Fresh)
	require.Equal(t, "package two // mine\n", get(t, p.File))
	require.NoFileExists(t, w.path("gil/two/more.go"), "what the learner deleted stays deleted")
}

func TestATrackThatIsAFileOrLeadsOutIsAnError(t *testing.T) {
	for name, in := range map[string]func(w *Workspace) error{
		"a file":            func(w *Workspace) error { return os.WriteFile(w.path("gil"), nil, 0o644) },
		"a link to outside": func(w *Workspace) error { return os.Symlink(t.TempDir(), w.path("gil")) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			require.NoError(t, in(w))
			_, err := w.Materialise(one)
			require.ErrorContains(t, err, "lay down gil/one")
			_, err = w.Reset(one, noon)
			require.ErrorContains(t, err, "reset gil/one")
			_, err = w.Files(one)
			require.Error(t, err)
		})
	}
}

func TestAKatasFolderMayLinkInside(t *testing.T) {
	w := newWorkspace(t, one)
	require.NoError(t, os.Rename(w.path("gil"), w.path("threads")))
	require.NoError(t, os.Symlink("threads", w.path("gil")))
	got, err := w.State(one)
	require.NoError(t, err)
	require.Equal(t, Untouched, got)
	files, err := w.Files(one)
	require.NoError(t, err)
	require.Equal(t, one.Stub, files)
}

// TestAKataThatWasLaidByHalfIsFinished: the process that laid it died. What the learner did is something else.
func TestAKataThatWasLaidByHalfIsFinished(t *testing.T) {
	for name, c := range map[string]struct {
		do    func(t *testing.T, w *Workspace)
		fresh bool
	}{
		"by half":     {func(*testing.T, *Workspace) {}, true},
		"and edited":  {func(t *testing.T, w *Workspace) { put(t, w, "gil/two/two.go", "package two // mine\n") }, false},
		"and renamed": {func(t *testing.T, w *Workspace) { put(t, w, "gil/two/mine.go", "package two // mine\n") }, false},
		"with notes":  {func(t *testing.T, w *Workspace) { put(t, w, "gil/two/notes.md", "mine\n") }, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t, two)
			require.NoError(t, os.Remove(w.path("gil/two/more.go")))
			c.do(t, w)
			p, err := w.Materialise(two)
			require.NoError(t, err)
			require.Equal(t, c.fresh, p.Fresh)
			_, err = os.Stat(w.path("gil/two/more.go"))
			require.Equal(t, c.fresh, err == nil)
		})
	}
}

// appearing is a disk on which somebody else makes a file while one of that name is being written.
type appearing struct {
	disk
	make func()
	// without second names, as some file systems are
	plain bool
}

func (d appearing) CreateNew(name string) (file, error) {
	d.make()
	return d.disk.CreateNew(name)
}

func (d appearing) Link(from, to string) error {
	if d.plain {
		return syscall.EPERM
	}
	return d.disk.Link(from, to)
}

func TestWhatAppearsWhileAKataIsLaidIsNotOverwritten(t *testing.T) {
	for name, plain := range map[string]bool{"with links": false, "without links": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			w.mount = func(root string) (disk, error) {
				d, err := mount(root)
				return appearing{disk: d, plain: plain, make: func() { put(t, w, "gil/one/one.go", "package one // mine\n") }}, err
			}
			_, err := w.Materialise(one)
			require.NoError(t, err)
			require.Equal(t, map[string]string{"README.md": "# One\n", "one.go": "package one // mine\n"}, tree(t, w.Dir(one)))
		})
	}
}

func TestAKataIsLaidWithoutSecondNamesToo(t *testing.T) {
	w := newWorkspace(t)
	w.mount = func(root string) (disk, error) {
		d, err := mount(root)
		return appearing{disk: d, plain: true, make: func() {}}, err
	}
	_, err := w.Materialise(two)
	require.NoError(t, err)
	require.Len(t, tree(t, w.Dir(two)), 3)
}

// TestWhatDeadProcessesLeftIsSwept by the next command on the same kata, in every folder that it may lie in.
func TestWhatDeadProcessesLeftIsSwept(t *testing.T) {
	left := []string{".kata-1.tmp", ".kata/lib/.kata-1.tmp", ".kata/lib/katas/sim/gil/.kata-1.tmp", "gil/two/.kata-1.tmp", ".kata/snapshots/gil/two/.unfinished-1/two.go"}
	for age, swept := range map[time.Duration]bool{time.Minute: false, 2 * time.Hour: true, -2 * time.Hour: true} {
		w := newWorkspace(t, two)
		for _, name := range left {
			put(t, w, name, "")
			when := time.Now().Add(-age)
			require.NoError(t, os.Chtimes(w.path(name), when, when))
			require.NoError(t, os.Chtimes(filepath.Dir(w.path(name)), when, when))
		}
		put(t, w, "gil/two/mine.tmp", "mine")
		_, err := Init(w.Root(), library)
		require.NoError(t, err)
		_, err = w.Materialise(two)
		require.NoError(t, err)
		for _, name := range left {
			_, err := os.Stat(w.path(name))
			require.Equal(t, swept, err != nil, "%s of %s ago", name, age)
		}
		require.FileExists(t, w.path("gil/two/mine.tmp"))
	}
}
