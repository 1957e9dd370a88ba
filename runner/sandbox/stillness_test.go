package sandbox

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestStillness plays looks at a tree, one every 100 ms, and tells at which of them a second of rest has lasted.
func TestStillness(t *testing.T) {
	const every = 100 * time.Millisecond
	// each look at a program that wakes so often a second, and works for so long each time
	wakes := func(perSecond uint64, each time.Duration) func(i int) sample {
		return func(i int) sample {
			n := perSecond * uint64(i) / 10
			return sample{processes: 1, wakeups: 1000 + n, cpu: (time.Second + time.Duration(n)*each).Truncate(tickLength)}
		}
	}
	for _, c := range []struct {
		name string
		look func(i int) sample
		want int // -1: never
	}{
		{"all asleep", wakes(0, 0), 10},
		{"a watcher that ticks every 50 ms", wakes(100, 40*time.Microsecond), 10},
		{"the same on a slow machine", wakes(100, 150*time.Microsecond), 10},
		{"ticks of 10 ms on a fast machine", wakes(400, 5*time.Microsecond), -1},
		{"few wake-ups, each with work", wakes(20, 3*time.Millisecond), -1},
		{"ticks where the kernel does not count wake-ups", func(i int) sample {
			return sample{cpu: time.Duration(i) * 10 * time.Millisecond}
		}, -1},
		{"runnable and starved", func(int) sample { return sample{runnable: true} }, -1},
		{"runnable in every third look", func(i int) sample { return sample{runnable: i%3 == 0} }, -1},
		{"a tick seen in every ninth look", func(i int) sample { return sample{runnable: i%9 == 0} }, 10},
		{"a tick at the end", func(i int) sample { return sample{runnable: i == 10} }, 11},
		{"starved for three looks", func(i int) sample { return sample{runnable: i >= 5 && i < 8} }, 17},
		{"looks that were held up", func(int) sample { return sample{delayed: 20 * time.Millisecond} }, -1},
		{"a look that was held up now and then", func(i int) sample {
			return sample{delayed: time.Duration(i%2) * 20 * time.Millisecond}
		}, 20},
		{"work once", func(i int) sample {
			if i < 5 {
				return sample{}
			}
			return sample{cpu: 100 * time.Millisecond}
		}, 15},
		{"a thread ends", func(i int) sample {
			if i < 5 {
				return sample{wakeups: 50}
			}
			return sample{wakeups: 40}
		}, 15},
	} {
		t.Run(c.name, func(t *testing.T) {
			st := stillness{span: time.Second, look: time.Second}
			begin, got := time.Unix(0, 0), -1
			for i := 0; i < 100 && got < 0; i++ {
				if st.lasted(begin.Add(time.Duration(i)*every), c.look(i)) {
					got = i
				}
			}
			require.Equal(t, c.want, got)
		})
	}
}

// TestALateLookAtARunnableThreadEndsTheRest holds for a watch that is starved itself.
func TestALateLookAtARunnableThreadEndsTheRest(t *testing.T) {
	st := stillness{span: time.Second, look: time.Second}
	at := func(ms int, runnable bool) bool {
		return st.lasted(time.Unix(0, 0).Add(time.Duration(ms)*time.Millisecond), sample{runnable: runnable})
	}
	require.False(t, at(0, false))
	require.False(t, at(400, true))
	require.False(t, at(1100, false), "it may have been runnable all the time before the look at 400 ms")
	require.True(t, at(1400, false))
}

// TestARestIsSeenInManyLooks: two looks that are far apart, because the watch is starved, can both come at a bad moment.
func TestARestIsSeenInManyLooks(t *testing.T) {
	st := stillness{span: time.Second, look: 50 * time.Millisecond}
	looks := 0
	for at := time.Unix(0, 0); !st.lasted(at, sample{}); at = at.Add(2 * time.Second) {
		looks++
	}
	require.Equal(t, 20, looks)
}
