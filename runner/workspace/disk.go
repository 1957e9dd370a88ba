package workspace

import (
	"os"
	"path/filepath"
)

// disk is what a workspace writes with; tests hand in one that fails on cue.
type disk interface {
	mkdirAll(dir string) error
	// writeFile leaves either what was there or data, whole, also when the machine dies in the middle.
	writeFile(path string, data []byte) error
}

type realDisk struct{}

func (realDisk) mkdirAll(dir string) error { return os.MkdirAll(dir, 0o755) }

func (realDisk) writeFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".kata-*.tmp")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}
