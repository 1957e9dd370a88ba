//go:build unix

package progress

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOnlyPlainFilesAreTakenForTheLog: what a link leads to is not ours to write, and what a pipe says never comes.
func TestOnlyPlainFilesAreTakenForTheLog(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "theirs")
	require.NoError(t, os.WriteFile(outside, []byte("theirs\n"), 0o644))
	for name, put := range map[string]func(path string) error{
		"a link out": func(path string) error { return os.Symlink(outside, path) },
		"a folder":   func(path string) error { return os.Mkdir(path, 0o755) },
		"a pipe":     func(path string) error { return syscall.Mkfifo(path, 0o644) },
	} {
		for _, file := range []string{logFile, lockFile} {
			t.Run(name+" as "+file, func(t *testing.T) {
				l := Open(t.TempDir(), clock())
				require.NoError(t, put(filepath.Join(l.dir, file)))
				require.ErrorContains(t, l.Append(attempt("k/a", "1", "passed")), "is no plain file")
				_, _, err := l.Read()
				if file == logFile {
					require.ErrorContains(t, err, "is no plain file")
				} else {
					require.NoError(t, err, "it is read without the lock")
				}
				data, err := os.ReadFile(outside)
				require.NoError(t, err)
				require.Equal(t, "theirs\n", string(data))
			})
		}
	}
}
