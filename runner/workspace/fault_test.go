package workspace

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// dying is a disk that does so many more steps that change something, and then fails with err. Once dead it stays
// dead, as it is for a process that was killed; the write at which it dies is done by half.
type dying struct {
	disk
	left *int
	err  error
}

// dieAfter mounts disks that do n steps, counted over all of them.
func dieAfter(n int, err error) func(string) (disk, error) {
	return func(root string) (disk, error) {
		d, mounted := mount(root)
		return dying{disk: d, left: &n, err: err}, mounted
	}
}

// step reports the fault when there is no step left.
func (d dying) step() error {
	if *d.left--; *d.left < 0 {
		return d.err
	}
	return nil
}

func (d dying) Mkdir(name string, perm fs.FileMode) error {
	return errors.Join(d.step(), d.unlessDead(func() error { return d.disk.Mkdir(name, perm) }))
}

func (d dying) MkdirAll(name string, perm fs.FileMode) error {
	return errors.Join(d.step(), d.unlessDead(func() error { return d.disk.MkdirAll(name, perm) }))
}

func (d dying) Link(from, to string) error {
	return errors.Join(d.step(), d.unlessDead(func() error { return d.disk.Link(from, to) }))
}

func (d dying) Rename(from, to string) error {
	return errors.Join(d.step(), d.unlessDead(func() error { return d.disk.Rename(from, to) }))
}

func (d dying) Remove(name string) error {
	return errors.Join(d.step(), d.unlessDead(func() error { return d.disk.Remove(name) }))
}

func (d dying) RemoveAll(name string) error {
	return errors.Join(d.step(), d.unlessDead(func() error { return d.disk.RemoveAll(name) }))
}

func (d dying) unlessDead(do func() error) error {
	if *d.left < 0 {
		return nil
	}
	return do()
}

func (d dying) CreateNew(name string) (file, error) {
	if err := d.step(); err != nil {
		return nil, err
	}
	f, err := d.disk.CreateNew(name)
	return dyingFile{f, d}, err
}

type dyingFile struct {
	file
	disk dying
}

func (f dyingFile) Write(data []byte) (int, error) {
	if err := f.disk.step(); err != nil {
		n, _ := f.file.Write(data[:len(data)/2])
		return n, err
	}
	return f.file.Write(data)
}

func (f dyingFile) Sync() error {
	if err := f.disk.step(); err != nil {
		return err
	}
	return f.file.Sync()
}

// TestResetMayDieAtAnyStep stops a reset after each of its steps and looks at what lies there: every file is the old
// one or the new one, and as soon as one is new, all old ones are in a snapshot.
func TestResetMayDieAtAnyStep(t *testing.T) {
	work := map[string]string{"two.go": "package two // mine\n", "more.go": "package two // mine too\n", "README.md": "my notes\n"}
	stub := map[string]string{"two.go": string(two.Stub["two.go"]), "more.go": string(two.Stub["more.go"]), "README.md": string(two.Readme)}
	for n := 0; ; n++ {
		require.Less(t, n, 100)
		w := newWorkspace(t, two)
		for name, text := range work {
			put(t, w, "gil/two/"+name, text)
		}
		w.mount = dieAfter(n, syscall.EIO)
		_, err := w.Reset(two, noon)
		if err == nil {
			require.Greater(t, n, 20, "the disk never failed")
			return
		}
		require.ErrorIs(t, err, syscall.EIO)
		overwritten := false
		for name := range work {
			text := get(t, w.path("gil/two/"+name))
			require.Contains(t, []string{work[name], stub[name]}, text, "%s after %d steps", name, n)
			overwritten = overwritten || text == stub[name]
		}
		snapshots, _ := filepath.Glob(w.path(".kata/snapshots/gil/two/2*"))
		for _, snapshot := range snapshots {
			require.Equal(t, work, tree(t, snapshot), "a snapshot is whole, after %d steps", n)
		}
		require.False(t, overwritten && len(snapshots) == 0, "after %d steps work is gone", n)

		w.mount = mount
		_, err = w.Reset(two, noon)
		require.NoError(t, err, "it can be done again")
		for name := range stub {
			require.Equal(t, stub[name], get(t, w.path("gil/two/"+name)))
		}
	}
}

func TestAResetThatFailsAfterItsSnapshotNamesIt(t *testing.T) {
	for n := range 100 {
		w := newWorkspace(t, one)
		put(t, w, "gil/one/one.go", "package one // mine\n")
		w.mount = dieAfter(n, syscall.ENOSPC)
		snapshot, err := w.Reset(one, noon)
		if err == nil {
			return
		}
		require.ErrorContains(t, err, "reset gil/one")
		if snapshot != "" {
			require.Equal(t, "package one // mine\n", get(t, filepath.Join(snapshot, "one.go")))
		}
	}
	t.Fatal("the reset never succeeded")
}

func TestInitMayDieAtAnyStep(t *testing.T) {
	for n := 0; ; n++ {
		require.Less(t, n, 100)
		root := filepath.Join(t.TempDir(), "ws")
		_, err := initOn(dieAfter(n, syscall.ENOSPC), root, library)
		if err == nil {
			require.Greater(t, n, 20, "the disk never failed")
			return
		}
		require.ErrorIs(t, err, syscall.ENOSPC)
		require.ErrorContains(t, err, "make the workspace at "+root)
		_, err = Open(root)
		require.Error(t, err, "half a workspace is none")
		w, err := Init(root, library)
		require.NoError(t, err)
		require.Equal(t, goMod, get(t, w.path("go.mod")))
	}
}

func TestAMaterialiseThatFailsLeavesWholeFiles(t *testing.T) {
	for n := 0; ; n++ {
		require.Less(t, n, 100)
		w := newWorkspace(t)
		w.mount = dieAfter(n, syscall.ENOSPC)
		_, err := w.Materialise(one)
		if err == nil {
			return
		}
		require.ErrorIs(t, err, syscall.ENOSPC)
		if text, err := os.ReadFile(w.path("gil/one/one.go")); err == nil {
			require.Equal(t, one.Stub["one.go"], text)
		}
		w.mount = mount
		_, err = w.Materialise(one)
		require.NoError(t, err, "it can be done again")
		require.Equal(t, "package one\n", get(t, w.path("gil/one/one.go")))
	}
}

func TestAReadOnlyDiskIsNamed(t *testing.T) {
	w := newWorkspace(t, one)
	put(t, w, "gil/one/one.go", "package one // mine\n")
	w.mount = dieAfter(0, syscall.EROFS)
	_, err := w.Reset(one, noon)
	require.ErrorContains(t, err, "keep a snapshot")
	require.ErrorContains(t, err, "read-only file system")
	got, err := w.State(one)
	require.NoError(t, err, "it can still be looked at")
	require.Equal(t, Edited, got)
}

// badDisk takes names; its files fail at a write or a sync.
type badDisk struct {
	disk
	bad badFile
}

func (d badDisk) CreateNew(name string) (file, error) {
	f, err := d.disk.CreateNew(name)
	d.bad.file = f
	return d.bad, err
}

type badFile struct {
	file
	write, sync error
	// short: only half of what is written arrives.
	short bool
}

func (f badFile) Write(data []byte) (int, error) {
	if f.short {
		n, _ := f.file.Write(data[:len(data)/2])
		return n, f.write
	}
	return f.file.Write(data)
}

func (f badFile) Sync() error { return errors.Join(f.file.Sync(), f.sync) }

func TestABadDiskIsAnErrorAndLeavesNothingHalf(t *testing.T) {
	for name, c := range map[string]struct {
		bad  badFile
		want error
	}{
		"full in the middle":   {badFile{short: true, write: syscall.ENOSPC}, syscall.ENOSPC},
		"short without a word": {badFile{short: true}, io.ErrShortWrite},
		"I/O error at sync":    {badFile{sync: syscall.EIO}, syscall.EIO},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t, one)
			put(t, w, "gil/one/one.go", "package one // mine\n")
			before := tree(t, w.Root())
			w.mount = func(root string) (disk, error) {
				d, err := mount(root)
				return badDisk{d, c.bad}, err
			}
			snapshot, err := w.Reset(one, noon)
			require.ErrorIs(t, err, c.want)
			require.Empty(t, snapshot)
			_, err = w.Materialise(two)
			require.ErrorIs(t, err, c.want)
			require.Equal(t, before, tree(t, w.Root()), "no temporary file, no half of a snapshot")
			left, err := os.ReadDir(w.path(".kata/snapshots/gil/one"))
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}
