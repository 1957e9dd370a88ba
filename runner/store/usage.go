package store

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Usage is how full a room is.
type Usage struct {
	Room Room
	// Entries is how many things lie in it, and Bytes how large their files are together. Archives are hard links into
	// the go command's cache where they can be: removing them frees nothing before that is emptied too.
	Entries int
	Bytes   int64
}

// Measure looks at every room. A room that is not there is empty.
func Measure(cacheDir string) []Usage {
	usages := make([]Usage, len(Rooms))
	for i, r := range Rooms {
		usages[i].Room = r
	}
	root, err := os.OpenRoot(cacheDir)
	if err != nil {
		return usages
	}
	defer root.Close()
	for i := range usages {
		usages[i].Entries, usages[i].Bytes = measure(root, usages[i].Room)
	}
	return usages
}

func measure(root *os.Root, r Room) (entries int, bytes int64) {
	list, _ := fs.ReadDir(root.FS(), r.Name)
	for _, e := range list {
		if strings.HasSuffix(e.Name(), lockSuffix) {
			continue
		}
		entries++
		bytes += size(root, filepath.ToSlash(filepath.Join(r.Name, e.Name())))
	}
	return entries, bytes
}

// size adds up the files below a name. It does not follow symbolic links, and leaves out what it cannot see.
func size(root *os.Root, name string) (bytes int64) {
	_ = fs.WalkDir(root.FS(), name, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}

// Limit says how much the room may hold.
func (r Room) Limit() string {
	switch {
	case r.Bound != "":
		return r.Bound
	case r.MostBytes > 0:
		return fmt.Sprintf("at most %d, none over %s", r.Most, Human(r.MostBytes))
	default:
		return fmt.Sprintf("at most %d", r.Most)
	}
}

// Human is a number of bytes as a person would say it, in powers of 1000 from a megabyte on.
func Human(bytes int64) string {
	switch {
	case bytes >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
	case bytes >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	case bytes >= 1e3:
		return fmt.Sprintf("%.0f KB", float64(bytes)/1e3)
	default:
		return fmt.Sprintf("%d bytes", bytes)
	}
}
