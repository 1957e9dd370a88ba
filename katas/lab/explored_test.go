package lab_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/lab/wire"
)

func TestTheExploredLensNamesWhatItSees(t *testing.T) {
	for subject, want := range map[string]wire.Record{
		"TestExploredLostUpdate":  {Kind: "wrong", Title: "two added 1, and the sum is 1"},
		"TestExploredCircle":      {Kind: "deadlock", Title: "goroutine 1 and goroutine 2 each wait for a lock that the other holds"},
		"TestExploredSelf":        {Kind: "deadlock", Title: "the test waits for a lock that it holds itself"},
		"TestExploredHidden":      {Kind: "deadlock", Title: "goroutine 2 and goroutine 3 each wait for a lock that the other holds"},
		"TestExploredChannel":     {Kind: "deadlock", Title: "every goroutine waits and none can go on"},
		"TestExploredLeak":        {Kind: "leak", Title: "a goroutine is still there when the test has ended"},
		"TestExploredLeakedLock":  {Kind: "leak", Title: "a goroutine is still there when the test has ended"},
		"TestExploredTicker":      {Kind: "leak", Title: "a goroutine is still there when the test has ended"},
		"TestExploredPanic":       {Kind: "panic", Title: "panic: send on closed channel"},
		"TestExploredFatal":       {Kind: "panic", Title: "panic: fatal error: sync: unlock of unlocked mutex"},
		"TestExploredSpin":        {Kind: "spin", Title: "a goroutine goes round and round in a loop, and nothing that it looks at will change"},
		"TestExploredLivelock":    {Kind: "spin", Title: "the goroutines keep each other busy and none gets anywhere (livelock)"},
		"TestExploredGoexit":      {Kind: "panic", Title: "runtime.Goexit ended the test's own goroutine"},
		"TestExploredMeetsAlone":  {Kind: "timing", Title: "the two tasks must run at the same time: only 1 of 2 did"},
		"TestExploredThree":       {Kind: "wrong", Title: "must hold, and does not: nobody sees 1, 2 and 3"},
		"TestExploredLostMessage": {Kind: "deadlock", Title: "every goroutine waits and none can go on"},
		"TestExploredCrowd":       {Kind: "resource", Title: "more than a thousand goroutines are started"},
	} {
		t.Run(subject, func(t *testing.T) {
			h := run(t, subject)
			require.NotEmpty(t, h.findings(), "%v", h.records)
			told := h.finding()
			require.Equal(t, want.Kind, told.Kind)
			require.Equal(t, strings.TrimPrefix(want.Title, "panic: fatal"), strings.TrimPrefix(told.Title, "fatal"))
			require.EqualValues(t, 1, told.Seed)
			require.NotEmpty(t, told.Steps)
			require.Contains(t, h.events(), wire.Explored)
			require.Contains(t, h.events(), wire.End)
			if want.Title != "panic: send on closed channel" { // that is a race as well
				require.Empty(t, h.races)
			}
			require.Empty(t, h.crash)
		})
	}
}

func TestRightProgramsHaveNothingFound(t *testing.T) {
	for _, subject := range []string{"TestExploredRight", "TestExploredWaitsForAFlag", "TestExploredTimeout", "TestExploredTimerWakes", "TestExploredWokenOutside", "TestExploredSpinsWithOthers", "TestExploredAsksAgain", "TestExploredOrderedByMessages"} {
		t.Run(subject, func(t *testing.T) {
			h := run(t, subject)
			require.Equal(t, []wire.Event{wire.Start, wire.Explored, wire.End}, h.events(), "%v", h.records)
			require.Empty(t, h.races)
		})
	}
}

// TestTheSchedulerOrdersNothing: the only fault is a race, and the locks that both take would order the two accesses in
// one of the two orders.
func TestTheSchedulerOrdersNothing(t *testing.T) {
	if !raceDetector {
		t.Skip("needs the race detector")
	}
	for _, subject := range []string{"TestExploredRace", "TestExploredAccidentalOrder", "TestExploredRaceByChannel", "TestExploredRaceBesideMessages"} {
		t.Run(subject, func(t *testing.T) {
			h := run(t, subject)
			require.Equal(t, []string{"race"}, h.findings())
			require.Contains(t, h.races, "WARNING: DATA RACE")
			require.NotContains(t, h.races, "lab/explore.(*Run).schedule", "the scheduler's own books")
		})
	}
}

func TestTheSameSeedIsTheSameInterleaving(t *testing.T) {
	first := run(t, "TestExploredLostUpdate").finding()
	for range 20 {
		require.Equal(t, first.Steps, run(t, "TestExploredLostUpdate").finding().Steps)
	}
}

func TestAScheduleIsShrunkToTheSwitchesItNeeds(t *testing.T) {
	steps := run(t, "TestExploredLostUpdate").finding().Steps
	preempted := 0
	for _, s := range steps {
		if s.Preempted {
			preempted++
		}
	}
	require.Equal(t, 1, preempted, "%v", steps)
}
