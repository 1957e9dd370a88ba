package sandbox

import (
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

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

// TestWhoHasComeSinceIsMet without going through all of /proc.
func TestWhoHasComeSinceIsMet(t *testing.T) {
	newest := lastPID()
	c := exec.Command("/bin/sleep", "3600")
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	require.NoError(t, c.Start())
	defer func() { _ = c.Process.Kill() }()
	stranger := &tree{root: 1 << 30, seen: map[int]uint64{1 << 30: 0}}
	require.Empty(t, stranger.killNew(newest))

	ours := newTree(c.Process.Pid, false)
	require.Equal(t, []int{c.Process.Pid}, ours.killNew(newest))
	require.EqualError(t, c.Wait(), "signal: killed")
	require.Empty(t, ours.killNew(newest))
}

// TestAMarkIsOnlyEverLowered: a sandbox inside of one could not set its own otherwise.
func TestAMarkIsOnlyEverLowered(t *testing.T) {
	outer := markOf(stat{pid: 4_000_000, start: 5000})
	inner := markOf(stat{pid: 2, start: 5001})
	require.Less(t, inner, outer)
	require.NotEqual(t, outer, markOf(stat{pid: 3_999_999, start: 5000}))
	require.Less(t, outer, uint64(1<<63))
}

// TestACommandIsHeldUntilItsTreeIsReady: it could have children without the mark otherwise.
func TestACommandIsHeldUntilItsTreeIsReady(t *testing.T) {
	runtime.LockOSThread() // as Run does
	defer runtime.UnlockOSThread()
	p, err := launch(Command{Path: "/bin/echo", Args: []string{"begun"}})
	require.NoError(t, err)
	s, ok := readStat(p.pid(), procFolder(p.pid()))
	require.True(t, ok)
	require.Equal(t, "t", string(s.state), "stopped by its tracer")

	p.run()
	require.Zero(t, p.reap().ExitCode())
	p.stdout.finish(time.Minute)
	p.stderr.finish(time.Minute)
	require.Equal(t, "begun\n", string(p.stdout.bytes()))
}
