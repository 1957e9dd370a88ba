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

// TestTimeThatNobodyWaitedForIsKept plays sums of CPU time over a tree.
func TestTimeThatNobodyWaitedForIsKept(t *testing.T) {
	for name, c := range map[string]struct{ sums, want []time.Duration }{
		"grows":                     {[]time.Duration{1, 2, 5}, []time.Duration{1, 2, 5}},
		"an orphan ends":            {[]time.Duration{10, 4, 6}, []time.Duration{10, 10, 12}},
		"two end, one after other":  {[]time.Duration{10, 4, 1, 2}, []time.Duration{10, 10, 10, 11}},
		"a child is waited for":     {[]time.Duration{10, 10, 11}, []time.Duration{10, 10, 11}},
		"everything ends, then one": {[]time.Duration{10, 0, 3}, []time.Duration{10, 10, 13}},
	} {
		t.Run(name, func(t *testing.T) {
			var tree tree
			for i, sum := range c.sums {
				require.Equal(t, c.want[i], tree.total(sum), "look %d", i)
			}
		})
	}
}

func TestWhatBelongsToATree(t *testing.T) {
	tr := &tree{root: 100, born: 5000, seen: map[int]uint64{100: 5000, 200: 6000}}
	for name, c := range map[string]struct {
		process stat
		want    bool
	}{
		"the root":                         {stat{pid: 100, start: 5000}, true},
		"of its group":                     {stat{pid: 300, group: 100, start: 7000}, true},
		"of its session":                   {stat{pid: 300, group: 300, session: 100, start: 7000}, true},
		"seen before":                      {stat{pid: 200, group: 200, session: 200, start: 6000}, true},
		"another with the number of one":   {stat{pid: 200, group: 200, session: 200, start: 6001}, false},
		"a stranger":                       {stat{pid: 300, group: 300, session: 300, start: 7000}, false},
		"a stranger, where nothing is set": {stat{pid: 1, group: 1, session: 1, start: 7000}, false},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, tr.owns(c.process)) })
	}
}

// TestAMarkIsOnlyEverLowered: a sandbox inside of one could not set its own otherwise.
func TestAMarkIsOnlyEverLowered(t *testing.T) {
	outer := markOf(stat{pid: 4_000_000, start: 5000})
	inner := markOf(stat{pid: 2, start: 5001})
	require.Less(t, inner, outer)
	require.NotEqual(t, outer, markOf(stat{pid: 3_999_999, start: 5000}))
	require.Less(t, outer, uint64(1<<63))
}
