package sandbox

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// tail are the fields 4 to 24 of proc_pid_stat(5).
const tail = " 10 20 30 0 -1 4194304 1 2 3 4 7 5 3 1 20 0 6 0 4711 99999 321 18446744073709551615"

func TestStatIsParsed(t *testing.T) {
	want := stat{parent: 10, group: 20, session: 30, state: 'S', cpu: 160 * time.Millisecond, threads: 6, start: 4711, resident: 321}
	for _, name := range []string{"cat", "a b", "a) R 1 2 (b", ") ", "\n"} {
		got, ok := parseStat([]byte("42 (" + name + ") S" + tail))
		require.True(t, ok, name)
		require.Equal(t, want, got, name)
	}
	for _, torn := range []string{"", ")", "42 (cat)", "42 (cat) S 10 20"} {
		_, ok := parseStat([]byte(torn))
		require.False(t, ok, torn)
	}
}

func TestAZombieWhoseThreadsRunIsNotDead(t *testing.T) {
	require.True(t, stat{state: 'Z', threads: 1}.dead())
	require.True(t, stat{state: 'Z', threads: 0}.dead())
	require.True(t, stat{state: 'X'}.dead())
	require.False(t, stat{state: 'Z', threads: 3}.dead())
	require.False(t, stat{state: 'S', threads: 1}.dead())
}

func TestOurOwnStatIsRead(t *testing.T) {
	s, ok := readStat(os.Getpid(), procFolder(os.Getpid()))
	require.True(t, ok)
	require.Equal(t, os.Getpid(), s.pid)
	require.Equal(t, os.Getppid(), s.parent)
	require.Positive(t, s.resident)
	require.Len(t, threadFolders(os.Getpid()), s.threads)
}
