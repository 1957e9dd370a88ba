package explore_test

import (
	"fmt"
	"sort"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/lab/explore"
	"github.com/python-concurrency/kata/katas/lab/sync"
	"github.com/python-concurrency/kata/katas/lab/sync/atomic"
)

// start runs f in a goroutine under the scheduler, as the rewritten go statement does.
func start(f func()) {
	g := explore.Spawn()
	go g.Run(f)
}

// outcome is one run, seen from outside.
type outcome struct {
	explore.Result
	dead any // what the bubble says of goroutines that it cannot end
}

// once makes one run of a plan.
func once(t *testing.T, plan *explore.Plan, record bool, body func()) (run *explore.Run, out outcome) {
	t.Helper()
	how := explore.Options{Settle: 10 * time.Second}
	if record {
		how.Dump = func() string { return "" }
	}
	defer func() {
		out.dead = recover()
		out.Result = run.Result()
	}()
	synctest.Test(t, func(*testing.T) { run = explore.Start(plan, how, body) })
	return run, out
}

// all makes every run of a search.
func all(t *testing.T, s *explore.Search, body func(), each func(*explore.Run, outcome)) {
	t.Helper()
	for plan := s.Next(); plan != nil; plan = s.Next() {
		run, out := once(t, plan, false, body)
		s.Learn(plan, run)
		each(run, out)
	}
}

// letters is a program of several goroutines with so many visible steps each; said collects who took a step.
func letters(steps []int, said *string) func() {
	return func() {
		*said = ""
		var x atomic.Int64
		var done sync.WaitGroup
		done.Add(len(steps))
		for i, n := range steps {
			start(func() {
				for range n {
					x.Load()
					*said += string(rune('a' + i))
				}
				done.Done()
			})
		}
		done.Wait()
	}
}

func TestEveryScheduleIsVisitedOnce(t *testing.T) {
	if raceEnabled {
		t.Skip("the letters race: it is their order that is looked at")
	}
	for _, c := range []struct {
		steps []int
		bound int
		want  int
	}{
		// Two goroutines with n steps each have C(2n, n) interleavings.
		{[]int{1, 1}, -1, 2},
		{[]int{2, 2}, -1, 6},
		{[]int{4, 4}, -1, 70},
		{[]int{5, 5}, -1, 252},
		{[]int{3, 4}, -1, 35},
		{[]int{2, 2, 2}, -1, 90}, // 6! / (2! 2! 2!)
		{[]int{3, 3, 3}, -1, 1680},
		// With r runs of the same goroutine an interleaving has r-2 preemptions: the last switch but one is the end of a
		// goroutine. Of 4 and 4 steps there are 2 C(3, ceil(r/2)-1) C(3, floor(r/2)-1) with r runs.
		{[]int{4, 4}, 0, 2},
		{[]int{4, 4}, 1, 2 + 6},
		{[]int{4, 4}, 2, 2 + 6 + 18},
		{[]int{4, 4}, 3, 2 + 6 + 18 + 18},
	} {
		t.Run(fmt.Sprint(c.steps, c.bound), func(t *testing.T) {
			var said string
			seen := map[string]int{}
			s := &explore.Search{Budget: 1 << 20, Bound: c.bound, Seed: 1}
			all(t, s, letters(c.steps, &said), func(*explore.Run, outcome) { seen[said]++ })
			require.True(t, s.Exhausted())
			require.Equal(t, c.want, s.Ran())
			require.Len(t, seen, c.want)
			require.Equal(t, counted(c.steps, c.bound), len(seen))
		})
	}
}

// counted counts by going through all words with so many of each letter and as many preemptions at most.
func counted(steps []int, bound int) int {
	left := append([]int(nil), steps...)
	var count func(last, preemptions int) int
	count = func(last, preemptions int) (n int) {
		if bound >= 0 && preemptions > bound {
			return 0
		}
		ended := true
		for i := range left {
			if left[i] == 0 {
				continue
			}
			ended = false
			p := preemptions
			if last >= 0 && last != i && left[last] > 0 {
				p++
			}
			left[i]--
			n += count(i, p)
			left[i]++
		}
		if ended {
			return 1
		}
		return n
	}
	return count(-1, 0)
}

func TestOneGoroutineRunsAtATime(t *testing.T) {
	var said string
	var orders []string
	s := &explore.Search{Budget: 200, Bound: 2, Seed: 3}
	all(t, s, func() {
		var m sync.Mutex
		said = ""
		done := make(chan bool)
		for _, name := range []string{"a", "b"} {
			start(func() {
				m.Lock()
				said += name
				m.Unlock()
				explore.At(explore.Send, nil)
				done <- true
			})
		}
		for range 2 {
			explore.At(explore.Receive, nil)
			<-done
		}
	}, func(_ *explore.Run, out outcome) {
		require.Equal(t, explore.NotStuck, out.Stuck)
		require.Nil(t, out.dead)
		orders = append(orders, said)
	})
	sort.Strings(orders)
	require.Equal(t, "ab", orders[0])
	require.Equal(t, "ba", orders[len(orders)-1])
}

// TestAHundredReplaysAreTheSame: a plan and a program make one schedule, every time.
func TestAHundredReplaysAreTheSame(t *testing.T) {
	program := func() {
		var m sync.Mutex
		var n atomic.Int64
		items := make(chan int, 1)
		var done sync.WaitGroup
		done.Add(3)
		for range 2 {
			start(func() {
				m.Lock()
				n.Add(1)
				m.Unlock()
				explore.At(explore.Send, nil)
				items <- 1
				done.Done()
			})
		}
		start(func() {
			for range 2 {
				explore.At(explore.Receive, nil)
				<-items
			}
			done.Done()
		})
		done.Wait()
	}
	search := &explore.Search{Budget: 60, Bound: -1, Seed: 5}
	var plan *explore.Plan
	for p := search.Next(); p != nil; p = search.Next() {
		run, _ := once(t, p, false, program)
		search.Learn(p, run)
		plan = run.Followed()
	}
	require.Positive(t, plan.Len())
	var first []string
	for range 100 {
		_, out := once(t, plan, true, program)
		var steps []string
		for _, s := range out.Steps {
			steps = append(steps, fmt.Sprint(s.Goroutine, s.Op))
		}
		if first == nil {
			first = steps
		}
		require.Equal(t, first, steps)
		require.False(t, out.Diverged)
	}
}
