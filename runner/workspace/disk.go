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

// write leaves either what was there or data, whole, also when the process or the machine dies in the middle.
func write(d disk, name string, data []byte) error {
	dir := path.Dir(name)
	if err := d.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temporary := path.Join(dir, fmt.Sprintf("%s%016x%s", temporaryPrefix, rand.Uint64(), temporarySuffix))
	err := writeNew(d, temporary, data)
	if err == nil {
		err = d.Rename(temporary, name)
	}
	if err != nil {
		_ = d.Remove(temporary)
		return fmt.Errorf("write %s: %w", name, err)
	}
	d.SyncDir(dir)
	return nil
}

// writeNew writes a file that was not there, and sees it to the disk.
func writeNew(d disk, name string, data []byte) error {
	f, err := d.CreateNew(name)
	if err != nil {
		return err
	}
	n, err := f.Write(data)
	if err == nil && n < len(data) {
		err = io.ErrShortWrite
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// writeAbsent writes a file that is not there yet.
func writeAbsent(d disk, name string, data []byte) error {
	if there, err := exists(d, name); err != nil || there {
		return err
	}
	return write(d, name, data)
}

// writeChanged writes a file unless it reads so already.
func writeChanged(d disk, name string, data []byte) error {
	if same, err := reads(d, name, data); err != nil || same {
		return err
	}
	return write(d, name, data)
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

// abandoned is the age from which a temporary file is that of a process that died.
const abandoned = time.Hour

// sweep removes what processes that died left in a folder.
func sweep(d disk, dir string, now time.Time) {
	entries, _ := d.ReadDir(dir)
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), temporaryPrefix) || !strings.HasSuffix(entry.Name(), temporarySuffix) {
			continue
		}
		if info, err := entry.Info(); err == nil && now.Sub(info.ModTime()) > abandoned {
			_ = d.Remove(path.Join(dir, entry.Name()))
		}
	}
}
