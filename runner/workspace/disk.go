package workspace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"strings"
	"time"

	"github.com/python-concurrency/kata/runner/kata"
)

// disk is the file system below a workspace's root, with slash-separated names relative to it. Nothing outside the
// root is reached, by no symbolic link either. Tests hand in one that fails on cue.
type disk interface {
	Lstat(name string) (fs.FileInfo, error)
	ReadFile(name string) ([]byte, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	Readlink(name string) (string, error)
	Mkdir(name string, perm fs.FileMode) error
	MkdirAll(name string, perm fs.FileMode) error
	// CreateNew makes a file that was not there.
	CreateNew(name string) (file, error)
	Symlink(target, name string) error
	// Link gives a file a second name that was not there.
	Link(from, to string) error
	Rename(from, to string) error
	Remove(name string) error
	RemoveAll(name string) error
	// SyncDir sees the names in a folder to the disk, where the system can.
	SyncDir(name string)
	Close() error
}

// file is what writing needs of a file.
type file interface {
	io.WriteCloser
	Sync() error
}

// rooted is the disk of the system.
type rooted struct{ *os.Root }

func mount(root string) (disk, error) {
	r, err := os.OpenRoot(root)
	if err != nil {
		return nil, err
	}
	return rooted{r}, nil
}

func (r rooted) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(r.FS(), name) }

func (r rooted) CreateNew(name string) (file, error) {
	return r.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}

func (r rooted) SyncDir(name string) {
	if d, err := r.Open(name); err == nil {
		_ = d.Sync() // an error says that the system has no such thing: the rename itself has been done
		_ = d.Close()
	}
}

// The form of the name of a file that is being written. The go command and editors pass over a leading dot.
const (
	temporaryPrefix = ".kata-"
	temporarySuffix = ".tmp"
)

func newTemporary(dir string) string {
	return path.Join(dir, fmt.Sprintf("%s%016x%s", temporaryPrefix, rand.Uint64(), temporarySuffix))
}

// worth is what may happen to a file that was written.
type worth int

const (
	// kept: it is on the disk once it is written, also when the machine dies.
	kept worth = iota
	// remade: where the machine dies it may be empty, and is written again by whoever sees that it does not read as it
	// should. That spares the wait for the disk.
	remade
)

// write leaves either what was there or data, whole, also when the process dies in the middle. It puts the new file into
// its place by put.
func write(d disk, name string, data []byte, w worth, put func(temporary, name string) error) error {
	dir := path.Dir(name)
	if err := d.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temporary := newTemporary(dir)
	err := writeNew(d, temporary, data, w)
	if err == nil {
		err = put(temporary, name)
	}
	if err != nil {
		_ = d.Remove(temporary)
		return fmt.Errorf("write %s: %w", name, err)
	}
	if w == kept {
		d.SyncDir(dir)
	}
	return nil
}

// writeNew writes a file that was not there.
func writeNew(d disk, name string, data []byte, w worth) error {
	f, err := d.CreateNew(name)
	if err != nil {
		return err
	}
	n, err := f.Write(data)
	if err == nil && n < len(data) {
		err = io.ErrShortWrite
	}
	if err == nil && w == kept {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// writeAbsent writes a file that is not there yet. One that somebody else writes in the same moment stays as it is.
func writeAbsent(d disk, name string, data []byte) error {
	if there, err := exists(d, name); err != nil || there {
		return err
	}
	return write(d, name, data, kept, func(temporary, name string) error {
		err := d.Link(temporary, name)
		if err == nil || errors.Is(err, fs.ErrExist) {
			_ = d.Remove(temporary) // where it stays it is swept up one day
			return nil
		}
		// Not every file system has second names.
		if there, err := exists(d, name); err != nil || there {
			_ = d.Remove(temporary)
			return err
		}
		return d.Rename(temporary, name)
	})
}

// writeChanged writes a file unless it reads so already.
func writeChanged(d disk, name string, data []byte, w worth) error {
	if same, err := reads(d, name, data); err != nil || same {
		return err
	}
	return write(d, name, data, w, d.Rename)
}

// exists reports whether anything goes by a name, a symbolic link that leads nowhere too.
func exists(d disk, name string) (bool, error) {
	_, err := d.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// reads reports whether a plain file is there and reads as data does.
func reads(d disk, name string, data []byte) (bool, error) {
	info, err := d.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || !info.Mode().IsRegular() || info.Size() != int64(len(data)) {
		return false, err
	}
	have, err := d.ReadFile(name)
	return bytes.Equal(have, data), err
}

// abandoned is the age from which what was being written is that of a process that died. A time that lies as far in the
// future is of a clock that has been set back since, and says the same.
const abandoned = time.Hour

// unfinishedPrefix begins the name of a snapshot that is being made.
const unfinishedPrefix = ".unfinished-"

// temporary reports whether a name is that of something that is being written.
func temporary(name string) bool {
	return strings.HasPrefix(name, temporaryPrefix) && strings.HasSuffix(name, temporarySuffix) || strings.HasPrefix(name, unfinishedPrefix)
}

// sweep removes what processes that died left in a folder: none of it is the only copy of anything.
func sweep(d disk, dir string, now time.Time) {
	entries, _ := d.ReadDir(dir)
	for _, entry := range entries {
		if !temporary(entry.Name()) {
			continue
		}
		if info, err := entry.Info(); err == nil && now.Sub(info.ModTime()).Abs() > abandoned {
			_ = d.RemoveAll(path.Join(dir, entry.Name()))
		}
	}
}

// sweepKata removes what commands on a kata that died left.
func sweepKata(d disk, k kata.Kata, now time.Time) {
	sweep(d, folder(k), now)
	sweep(d, snapshotsOf(k), now)
}
