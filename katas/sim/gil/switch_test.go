package gil_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/sim/gil"
)

// TestTheSwitchIntervalChangesHowOftenAndNotWhether holds the counter of two threads with a hundred rounds each. Where
// no check lies between load and store no interval loses anything; where one does, some intervals happen to.
func TestTheSwitchIntervalChangesHowOftenAndNotWhether(t *testing.T) {
	for _, c := range []struct {
		interval                         int
		plusOne, plusOneBefore, plusStep int
	}{
		{1, 200, 100, 100},
		{2, 200, 100, 100},
		{3, 200, 100, 200},
		{4, 200, 125, 200},
		{5, 200, 200, 200},
		{6, 200, 133, 134},
		{8, 200, 125, 200},
		{1000, 200, 200, 200},
	} {
		for want, program := range map[*int]gil.Program{
			&c.plusOne:       {Code: oneLoop, Threads: 2, Rounds: 100},
			&c.plusOneBefore: {Code: oneLoop, Threads: 2, Rounds: 100, Checks: gil.EveryInstruction},
			&c.plusStep:      {Code: stepLoop, Threads: 2, Rounds: 100},
		} {
			run, err := program.SwitchEvery(c.interval)
			require.NoError(t, err)
			require.Equal(t, *want, run.Counter, "interval %d: %v, %v", c.interval, program.Code, program.Checks)
		}
	}
}

func TestTheDropRequestIsSeenAtTheNextCheckOnly(t *testing.T) {
	run, err := gil.Program{Code: oneLoop, Threads: 2, Rounds: 2}.SwitchEvery(1)
	require.NoError(t, err)
	var order []int
	for _, step := range run.Trace {
		order = append(order, step.Thread)
	}
	require.Equal(t, []int{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1}, order)
}

func TestAThreadThatWaitsForTheLockGivesTheGILAway(t *testing.T) {
	run, err := gil.Program{Code: lockLoop, Threads: 3, Rounds: 10}.SwitchEvery(1)
	require.NoError(t, err)
	require.Equal(t, 30, run.Counter)
	_, err = gil.Program{Code: gil.Code{acquire}, Threads: 2}.SwitchEvery(1)
	require.ErrorIs(t, err, gil.ErrDeadlock)
	_, err = gil.Program{Code: gil.Code{release}, Threads: 2}.SwitchEvery(1)
	require.ErrorIs(t, err, gil.ErrUnlocked)
}

func TestSwitchEveryRefusesNonsense(t *testing.T) {
	_, err := gil.Program{Code: plusOne, Threads: 2}.SwitchEvery(0)
	require.ErrorContains(t, err, "not 0")
	_, err = gil.Program{Code: gil.Code{pop}, Threads: 2}.SwitchEvery(1)
	require.ErrorIs(t, err, gil.ErrCode)
}
