//go:build unix

package workspace

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAPipeIsNotWaitedFor: nobody will ever write to it.
func TestAPipeIsNotWaitedFor(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "one.go"), 0o600))
	_, err := ReadFiles(dir, one)
	require.ErrorContains(t, err, "no plain file")
}

// TestAnExchangedFileIsSeen: between the look at a file and its opening somebody may put something else in its place.
// The reader must neither take that for the file nor wait for it.
func TestAnExchangedFileIsSeen(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("secret"), 0o600))
	for name, exchange := range map[string]func(file string) error{
		"by a link":  func(file string) error { return os.Symlink(secret, file) },
		"by a file":  func(file string) error { return os.Link(secret, file) },
		"by a pipe":  func(file string) error { return syscall.Mkfifo(file, 0o600) },
		"by nothing": func(string) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "one.go")
			require.NoError(t, os.WriteFile(file, []byte("package one\n"), 0o600))
			seen, err := os.Lstat(file)
			require.NoError(t, err)
			require.NoError(t, os.Rename(file, file+".old")) // its inode is not given to another
			require.NoError(t, exchange(file))
			data, err := readSeen(file, seen)
			require.Error(t, err)
			require.Empty(t, data)
		})
	}
}
