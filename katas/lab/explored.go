package lab

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/python-concurrency/kata/katas/lab/explore"
	"github.com/python-concurrency/kata/katas/lab/wire"
)

const (
	// defaultSchedules is how many schedules of one test are explored. It is a number and not a time: what a submission
	// is judged by must not depend on the machine's load.
	defaultSchedules = 400
	// preemptions is the bound up to which all schedules should have been gone through. Most bugs need no more than two
	// (Musuvathi and Qadeer, PLDI 2007); what is left of the budget goes to those with more.
	preemptions = 2
	// unscheduled is how often the body of an explored test runs where nothing was rewritten and Go's own scheduler
	// chooses.
	unscheduled = 20
)

// Explored runs body in a bubble, many times, each time on another schedule: one goroutine runs at a time, and before
// each operation that another could see the scheduler decides who goes on. What is wrong on any of them fails the test,
// and the learner is shown the interleaving, with as few switches as will do. Time is virtual and passes only when
// nobody can run.
//
// The body makes all it uses afresh, is small (two or three goroutines with a few operations each), and asserts what
// must hold in every schedule. Under plain `go test` the submission has no points to switch at: the body then runs a few
// times, on whatever schedule comes.
func Explored(t *testing.T, body func(*T)) {
	t.Helper()
	begin(t)
	e := &exploration{t: t, body: body, seed: setting(wire.EnvSeed, 1)}
	stop := watchSpin(t, &e.runs)
	defer stop()
	if !runner.listening() {
		for range unscheduled {
			bubble(t, body)
			e.runs.Add(1)
		}
		return
	}
	e.search = explore.Search{Budget: int(setting(wire.EnvSchedules, defaultSchedules)), Bound: -1, Seed: e.seed}
	e.explore()
}

// setting is a number that the runner has set.
func setting(variable string, otherwise int64) int64 {
	n, err := strconv.ParseInt(os.Getenv(variable), 10, 64)
	if err != nil || n == 0 {
		return otherwise
	}
	return n
}

// exploration is one use of the explored lens.
type exploration struct {
	t      *testing.T
	body   func(*T)
	seed   int64
	search explore.Search
	// runs counts the runs that came to their end.
	runs atomic.Int64
}

// trial is one run of the body.
type trial struct {
	explore.Result
	run   *explore.Run
	found []wire.Record
	races int
	// meeting is a rendezvous that some came to and not all.
	meeting *Rendezvous
	// dead is what synctest says of goroutines that cannot end, and lost are their stacks.
	dead, lost string
}

// explore goes through the schedules up to the first that fails.
func (e *exploration) explore() {
	e.t.Helper()
	failing, raced := e.look()
	complete := e.search.Complete()
	runner.send(wire.Record{
		Event: wire.Explored, Test: e.t.Name(), N: e.search.Ran(), Of: complete,
		Exhaustive: complete >= preemptions || e.search.Exhausted(),
	})
	dead := false
	for _, tr := range []*trial{failing, raced} {
		if tr == nil {
			continue
		}
		told := e.shrink(tr)
		for _, r := range told.records(e.seed) {
			r.Event, r.Test = wire.Found, e.t.Name()
			runner.send(r)
		}
		e.t.Fail()
		dead = dead || told.dead != "" || tr.dead != ""
	}
	if dead {
		endEarly(e.t)
	}
}

// afterRace is how many more schedules are looked at for what a race leads to.
const afterRace = 50

// look goes through the schedules up to the first that fails, and the first that has a race and nothing else wrong.
func (e *exploration) look() (failing, raced *trial) {
	e.t.Helper()
	since := 0
	for plan := e.search.Next(); plan != nil && failing == nil && since < afterRace; plan = e.search.Next() {
		tried := e.try(plan, false)
		e.search.Learn(plan, tried.run)
		switch {
		case tried.races > 0 && tried.onlyRaces():
			raced = tried
		case tried.failed():
			failing = tried
		}
		if raced != nil {
			since++
		}
	}
	return failing, raced
}

// onlyRaces: nothing is wrong but what the race detector has seen.
func (tr *trial) onlyRaces() bool {
	return tr.Stuck == explore.NotStuck && len(tr.found) == 0 && tr.dead == ""
}

// failed reports whether anything was wrong.
func (tr *trial) failed() bool {
	return tr.Stuck != explore.NotStuck || len(tr.found) > 0 || tr.races > 0 || tr.dead != ""
}

// try runs the body once. It does so in a goroutine of its own, because synctest.Test ends the one it is called in when
// the test has failed, for a race for instance.
func (e *exploration) try(plan *explore.Plan, record bool) *trial {
	e.t.Helper()
	tr := &trial{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.run(tr, plan, record)
	}()
	<-done
	e.runs.Add(1)
	return tr
}

func (e *exploration) run(tr *trial, plan *explore.Plan, record bool) {
	b := newBooks(e.t.Name(), true)
	b.held = &findings{}
	races := raceErrors()
	how := explore.Options{Settle: settle}
	if record {
		how.Dump = newestBubble
	}
	defer func() {
		if dead := recover(); dead != nil {
			tr.dead = fmt.Sprint(dead)
			if record {
				tr.lost = newestBubble()
			}
		}
		tr.Result = tr.run.Result()
		tr.found = b.held.all()
		tr.meeting, _ = b.shortMeeting()
		tr.races = raceErrors() - races
	}()
	synctest.Test(e.t, func(bt *testing.T) {
		tr.run = explore.Start(plan, how, func() {
			t := &T{T: bt, books: b}
			ended := false
			defer func() {
				if !ended && !b.held.any() && !explore.Stopping() {
					t.found(wire.Record{Kind: "panic", Title: "runtime.Goexit ended the test's own goroutine"})
				}
			}()
			guard(t, e.body)
			ended = true
		})
	})
}
