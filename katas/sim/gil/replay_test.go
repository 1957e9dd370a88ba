package gil_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/sim/gil"
)

func TestReplayFollowsTheSchedule(t *testing.T) {
	for name, c := range map[string]struct {
		program  gil.Program
		schedule gil.Schedule
		want     int
	}{
		"one after the other":                {gil.Program{Code: plusStep, Threads: 2}, gil.Schedule{0, 0, 1, 1}, 2},
		"the other way round":                {gil.Program{Code: plusStep, Threads: 2}, gil.Schedule{1, 1, 0, 0}, 2},
		"in turns":                           {gil.Program{Code: plusStep, Threads: 2}, gil.Schedule{0, 1, 0, 1}, 1},
		"one within the other":               {gil.Program{Code: plusStep, Threads: 2}, gil.Schedule{0, 1, 1, 0}, 1},
		"no schedule: one after the other":   {gil.Program{Code: plusStep, Threads: 3}, nil, 3},
		"who has the GIL keeps it":           {gil.Program{Code: plusStep, Threads: 2}, gil.Schedule{0, 1}, 1},
		"then the lowest number":             {gil.Program{Code: plusStep, Threads: 3}, gil.Schedule{2, 2}, 3},
		"no check within counter += 1":       {gil.Program{Code: oneLoop, Threads: 2, Rounds: 2}, gil.Schedule{0, 1, 0, 1}, 4},
		"checks everywhere":                  {gil.Program{Code: plusOne, Threads: 2, Checks: gil.EveryInstruction}, gil.Schedule{0, 1}, 1},
		"the call comes first":               {gil.Program{Code: stepFirst, Threads: 2}, gil.Schedule{0, 1, 0, 1}, 2},
		"rounds":                             {gil.Program{Code: stepLoop, Threads: 2, Rounds: 5}, nil, 10},
		"the lock keeps others out":          {gil.Program{Code: locked, Threads: 2}, gil.Schedule{0, 0, 0, 1, 1, 1}, 2},
		"no threads' code":                   {gil.Program{Threads: 2}, nil, 0},
		"a lock that is released is free":    {gil.Program{Code: gil.Code{acquire, release}, Threads: 2}, gil.Schedule{0, 0, 1, 1}, 0},
		"what a statement drops is dropped":  {gil.Program{Code: gil.Code{load, call, add, pop, one, store}, Threads: 1}, nil, 1},
		"who waits takes the free lock next": {gil.Program{Code: lockLoop, Threads: 2, Rounds: 2}, gil.Schedule{0, 0, 0, 1, 1, 1, 0, 1}, 4},
	} {
		run, err := c.program.Replay(c.schedule)
		require.NoError(t, err, name)
		require.Equal(t, c.want, run.Counter, name)
	}
}

func TestReplayNamesWhatCannotBe(t *testing.T) {
	two := gil.Program{Code: plusStep, Threads: 2}
	stuck := gil.Program{Code: gil.Code{acquire}, Threads: 2}
	for name, c := range map[string]struct {
		program  gil.Program
		schedule gil.Schedule
		want     error
		says     string
	}{
		"an unknown thread":        {two, gil.Schedule{0, 2}, gil.ErrSchedule, "turn 1: there is no thread 2"},
		"a negative thread":        {two, gil.Schedule{-1}, gil.ErrSchedule, "turn 0: there is no thread -1"},
		"a thread that has ended":  {two, gil.Schedule{0, 0, 0}, gil.ErrSchedule, "turn 2: thread 0 has ended"},
		"a thread that waits":      {gil.Program{Code: locked, Threads: 2}, gil.Schedule{0, 1}, gil.ErrSchedule, "turn 1: thread 1 waits for the lock"},
		"a lock never released":    {stuck, nil, gil.ErrDeadlock, "waits for the lock"},
		"a lock taken twice":       {gil.Program{Code: gil.Code{acquire, acquire}, Threads: 1}, nil, gil.ErrDeadlock, ""},
		"a lock that is not taken": {gil.Program{Code: gil.Code{release}, Threads: 1}, nil, gil.ErrUnlocked, ""},
		"invalid code":             {gil.Program{Code: gil.Code{pop}, Threads: 1}, nil, gil.ErrCode, ""},
		"rounds without a jump":    {gil.Program{Code: plusOne, Threads: 1, Rounds: 2}, nil, gil.ErrCode, "no JUMP_BACKWARD"},
	} {
		_, err := c.program.Replay(c.schedule)
		require.ErrorIs(t, err, c.want, name)
		require.ErrorContains(t, err, c.says, name)
	}
	_, err := gil.Program{}.Replay(nil)
	require.ErrorContains(t, err, "one thread or more")
	_, err = gil.Program{Threads: 1, Rounds: -1}.Replay(nil)
	require.ErrorContains(t, err, "-1 rounds")
}

func TestTheTraceShowsEachThreadsOwnStack(t *testing.T) {
	run, err := gil.Program{Code: plusStep, Threads: 2}.Replay(gil.Schedule{0, 1, 0, 1})
	require.NoError(t, err)
	require.Equal(t, strings.TrimPrefix(`
thread 0  LOAD_GLOBAL counter   stack [0]    counter 0
thread 0  CALL step             stack [0 1]  counter 0
thread 1  LOAD_GLOBAL counter   stack [0]    counter 0
thread 1  CALL step             stack [0 1]  counter 0
thread 0  BINARY_OP +           stack [1]    counter 0
thread 0  STORE_GLOBAL counter  stack []     counter 1
thread 1  BINARY_OP +           stack [1]    counter 1
thread 1  STORE_GLOBAL counter  stack []     counter 1
`, "\n"), run.String())
}

func TestARunThatFailsShowsHowFarItCame(t *testing.T) {
	run, err := gil.Program{Code: gil.Code{one, store, acquire}, Threads: 2}.Replay(nil)
	require.ErrorIs(t, err, gil.ErrDeadlock)
	require.Equal(t, 1, run.Counter)
	require.Len(t, run.Trace, 5)
}
