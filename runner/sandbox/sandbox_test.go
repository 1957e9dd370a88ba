package sandbox_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/sandbox"
)

func TestAnExitIsTold(t *testing.T) {
	out := run(t, "exits with 3", sandbox.Limits{})
	require.Equal(t, 3, out.ExitCode)
	require.Empty(t, out.Hit)
	require.Empty(t, out.Signal)
	require.NotEmpty(t, out.Isolation)
	require.NotZero(t, out.PID)
	require.Positive(t, out.Wall)
	require.Positive(t, out.CPU)
}

func TestOutputIsKeptApart(t *testing.T) {
	out := run(t, "prints", sandbox.Limits{})
	require.Equal(t, "out", string(out.Stdout))
	require.Equal(t, "err", string(out.Stderr))
	require.False(t, out.Truncated)
}

func TestAPanicIsAnExit(t *testing.T) {
	out := run(t, "panics", sandbox.Limits{})
	require.Equal(t, 2, out.ExitCode)
	require.Empty(t, out.Hit)
	require.Contains(t, string(out.Stderr), "on purpose")
}

func TestTheEnvironmentIsWhatWasGiven(t *testing.T) {
	t.Setenv("KATA_SECRET", "1")
	c := command(t, "tells its environment", sandbox.Limits{})
	c.Env = []string{behaviour + "=tells its environment", "GORACE=atexit_sleep_ms=0"}
	out, err := sandbox.Run(context.Background(), c)
	require.NoError(t, err)
	require.Equal(t, behaviour+"=tells its environment,GORACE=atexit_sleep_ms=0;no input", string(out.Stdout))
}

func TestExtraDescriptorsReachTheCommandAndStayOurs(t *testing.T) {
	extra, err := os.Create(filepath.Join(t.TempDir(), "extra"))
	require.NoError(t, err)
	c := command(t, "writes to descriptor 3", sandbox.Limits{})
	c.Extra = []*os.File{extra}
	_, err = sandbox.Run(context.Background(), c)
	require.NoError(t, err)
	require.NoError(t, extra.Close(), "it is the caller's to close")
	written, err := os.ReadFile(extra.Name())
	require.NoError(t, err)
	require.Equal(t, "extra", string(written))
}

func TestWhatCannotBeStartedIsAnError(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain")
	require.NoError(t, os.WriteFile(plain, []byte("no program"), 0o600))
	for name, c := range map[string]sandbox.Command{
		"no such program": {Path: filepath.Join(t.TempDir(), "nothing")},
		"not executable":  {Path: plain},
		"no such folder":  {Path: self(), Dir: filepath.Join(t.TempDir(), "nowhere")},
		"no path":         {},
		"not searched":    {Path: "go"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sandbox.Run(context.Background(), c)
			var failed *sandbox.StartError
			require.ErrorAs(t, err, &failed)
			require.Equal(t, c.Path, failed.Path)
			require.Error(t, failed.Unwrap())
		})
	}
}

func TestWallAndOutputHoldEverywhere(t *testing.T) {
	for _, c := range []struct {
		behaviour string
		limits    sandbox.Limits
		hit       sandbox.Hit
	}{
		{"blocks", sandbox.Limits{Wall: 300 * time.Millisecond}, sandbox.HitWall},
		{"spins", sandbox.Limits{Wall: 300 * time.Millisecond}, sandbox.HitWall},
		{"blocks", sandbox.Limits{Wall: time.Nanosecond}, sandbox.HitWall},
		{"closes its output and blocks", sandbox.Limits{Wall: 300 * time.Millisecond}, sandbox.HitWall},
		{"floods", sandbox.Limits{Output: 1000}, sandbox.HitOutput},
		{"floods stderr", sandbox.Limits{Output: 1000}, sandbox.HitOutput},
		{"prints a thousand bytes and a pipe full more", sandbox.Limits{Output: 1000}, sandbox.HitOutput},
		{"prints a thousand bytes", sandbox.Limits{Output: 1000}, ""},
		{"prints a thousand bytes and a pipe full more", sandbox.Limits{}, ""},
	} {
		t.Run(c.behaviour+" "+string(c.hit), func(t *testing.T) {
			require.Equal(t, c.hit, run(t, c.behaviour, c.limits).Hit)
		})
	}
}

func TestOutputIsCutAtItsLimit(t *testing.T) {
	out := run(t, "floods", sandbox.Limits{Output: 1000})
	require.Len(t, out.Stdout, 1000)
	require.Empty(t, out.Stderr)
	require.True(t, out.Truncated)

	out = run(t, "prints a thousand bytes", sandbox.Limits{Output: 1000})
	require.Equal(t, strings.Repeat("x", 1000), string(out.Stdout))
	require.False(t, out.Truncated)
}

func TestACancelledRunLeavesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	c := command(t, "writes to descriptor 3 and blocks", sandbox.Limits{})
	c.Extra = []*os.File{write}
	go func() {
		_, _ = read.Read(make([]byte, 1)) // it runs
		cancel()
	}()
	out, err := sandbox.Run(ctx, c)
	write.Close()
	require.NoError(t, err)
	require.Equal(t, sandbox.HitCancelled, out.Hit)
	require.NotZero(t, out.PID)
}

func TestACancelledContextStartsNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	out, err := sandbox.Run(ctx, command(t, "blocks", sandbox.Limits{}))
	require.NoError(t, err)
	require.Equal(t, sandbox.HitCancelled, out.Hit)
	require.Zero(t, out.PID)
}
