package sandbox_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/sandbox"
)

// TestACellWaitsForWhatItIsToBecome: the program need not be there when the cell is made.
func TestACellWaitsForWhatItIsToBecome(t *testing.T) {
	walls(t, func(t *testing.T) {
		c := confined(t, "prints", "")
		bin := t.TempDir()
		c.Confinement.Run = []string{bin}
		cell := sandbox.Prepare(c)
		defer cell.Close()
		program := filepath.Join(bin, "program")
		data, err := os.ReadFile(self())
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(program, data, 0o700))
		out, err := cell.Run(context.Background(), program, nil, c.Env)
		require.NoError(t, err)
		require.Equal(t, "out", string(out.Stdout))
		require.Contains(t, out.Isolation, "landlock")
	})
}

// TestACellIsClosedUnused: nothing is left of it.
func TestACellIsClosedUnused(t *testing.T) {
	before := descriptors(t)
	walls(t, func(t *testing.T) {
		for range 5 {
			c := confined(t, "prints", "")
			sandbox.Prepare(c).Close()
			require.Empty(t, processesIn(t, c.Dir))
		}
	})
	require.LessOrEqual(t, descriptors(t), before)
}

// TestACellExecutesNothingElse: the program lies outside of what may be executed.
func TestACellExecutesNothingElse(t *testing.T) {
	walls(t, func(t *testing.T) {
		c := confined(t, "prints", "")
		c.Path = "" // not known yet
		cell := sandbox.Prepare(c)
		defer cell.Close()
		_, err := cell.Run(context.Background(), self(), nil, c.Env)
		var failed *sandbox.StartError
		require.ErrorAs(t, err, &failed)
		require.True(t, strings.Contains(err.Error(), "permission denied"), err)
	})
}

// TestACancelledCellNeverRuns also gives the process that waits its end.
func TestACancelledCellNeverRuns(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c := confined(t, "prints", "")
	cell := sandbox.Prepare(c)
	out, err := cell.Run(ctx, self(), nil, c.Env)
	require.NoError(t, err)
	require.Equal(t, sandbox.HitCancelled, out.Hit)
	cell.Close()
	require.Empty(t, processesIn(t, c.Dir))
}
