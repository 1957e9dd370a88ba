package gil_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/sim/gil"
)

// counters are the values that a program without errors can end with.
func counters(t *testing.T, p gil.Program) (values []int) {
	t.Helper()
	outcomes, err := p.Explore()
	require.NoError(t, err)
	for _, o := range outcomes {
		require.NoError(t, o.Err)
		values = append(values, o.Counter)
	}
	return values
}

func TestExploreFindsEveryEnd(t *testing.T) {
	for name, c := range map[string]struct {
		program gil.Program
		want    []int
	}{
		"counter += 1 today":                  {gil.Program{Code: oneLoop, Threads: 3, Rounds: 2}, []int{6}},
		"counter += 1 up to 3.9":              {gil.Program{Code: plusOne, Threads: 2, Checks: gil.EveryInstruction}, []int{1, 2}},
		"counter += step()":                   {gil.Program{Code: plusStep, Threads: 3}, []int{1, 2, 3}},
		"counter = step() + counter":          {gil.Program{Code: stepFirst, Threads: 3}, []int{3}},
		"the same up to 3.9":                  {gil.Program{Code: stepFirst, Threads: 2, Checks: gil.EveryInstruction}, []int{1, 2}},
		"several rounds can end at 2, not 1":  {gil.Program{Code: stepLoop, Threads: 2, Rounds: 5}, []int{2, 3, 4, 5, 6, 7, 8, 9, 10}},
		"under the lock":                      {gil.Program{Code: lockLoop, Threads: 3, Rounds: 2}, []int{6}},
		"under the lock, checks everywhere":   {gil.Program{Code: lockLoop, Threads: 2, Rounds: 3, Checks: gil.EveryInstruction}, []int{6}},
		"locks around load and around store":  {gil.Program{Code: gil.Code{acquire, load, release, one, add, acquire, store, release}, Threads: 2}, []int{1, 2}},
		"no code":                             {gil.Program{Threads: 2}, []int{0}},
		"one thread has nobody to lose it to": {gil.Program{Code: plusStep, Threads: 1, Checks: gil.EveryInstruction}, []int{1}},
	} {
		require.Equal(t, c.want, counters(t, c.program), name)
	}
}

func TestEachOutcomeComesWithASchedule(t *testing.T) {
	p := gil.Program{Code: stepLoop, Threads: 3, Rounds: 2}
	outcomes, err := p.Explore()
	require.NoError(t, err)
	require.Len(t, outcomes, 5)
	for _, o := range outcomes {
		run, err := p.Replay(o.Schedule)
		require.NoError(t, err)
		require.Equal(t, o.Counter, run.Counter)
		_, err = p.Replay(append(slices.Clone(o.Schedule), 0))
		require.ErrorIs(t, err, gil.ErrSchedule, "the schedule is whole")
	}
}

func TestErrorsAreOutcomes(t *testing.T) {
	// Whoever comes first takes the lock and keeps it.
	outcomes, err := gil.Program{Code: gil.Code{load, one, add, store, acquire}, Threads: 2}.Explore()
	require.NoError(t, err)
	require.Equal(t, []gil.Outcome{{Counter: 2, Err: gil.ErrDeadlock, Schedule: gil.Schedule{0, 1}}}, outcomes)
	outcomes, err = gil.Program{Code: gil.Code{acquire, release, release}, Threads: 2}.Explore()
	require.NoError(t, err)
	require.Equal(t, gil.ErrUnlocked, outcomes[len(outcomes)-1].Err)
	p := gil.Program{Code: gil.Code{release}, Threads: 1}
	outcomes, err = p.Explore()
	require.NoError(t, err)
	_, err = p.Replay(outcomes[0].Schedule)
	require.Equal(t, outcomes[0].Err, err)
}

func TestExploreGivesUp(t *testing.T) {
	long := slices.Repeat(plusStep, 500)
	_, err := gil.Program{Code: long, Threads: 2}.Explore()
	require.ErrorIs(t, err, gil.ErrTooManyStates)
	_, err = gil.Program{Code: gil.Code{pop}, Threads: 2}.Explore()
	require.ErrorIs(t, err, gil.ErrCode)
}
