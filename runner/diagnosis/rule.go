package diagnosis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/python-concurrency/kata/runner/evidence"
	"github.com/python-concurrency/kata/runner/sandbox"
	"github.com/python-concurrency/kata/runner/verdict"
)

// rule recognises one thing that goes wrong and knows how to tell it.
type rule struct {
	id      string
	kind    verdict.Kind
	title   string
	explain string
	// fires says whether the rule knows the observation.
	fires func(s *source, o observation) bool
	// locate fills in where; nil leaves the finding without a place.
	locate func(s *source, o observation, f *verdict.Finding)
}

// tell finds the rule for an observation. It reports false where there is nothing to tell: an observation that is
// about the lab alone.
func tell(s *source, o observation) (verdict.Finding, bool) {
	for _, r := range rules {
		if !r.fires(s, o) {
			continue
		}
		f := verdict.Finding{Kind: r.kind, Rule: r.id, Title: r.title, Explain: r.explain}
		if o.test != nil {
			f.Test = o.test.Name
		}
		if r.locate != nil {
			r.locate(s, o, &f)
		}
		if f.Schedule = schedule(s, o.record); f.Schedule != nil {
			tellSchedule(s, o.record, &f)
		}
		if f.Code == "" && f.File != "" {
			f.Code = s.code(f.File, f.Line)
		}
		return f, true
	}
	return verdict.Finding{}, false
}

// RuleIDs are the ids of all rules, in the order they are tried.
func RuleIDs() []string {
	ids := make([]string, len(rules))
	for i, r := range rules {
		ids[i] = r.id
	}
	return ids
}

// rules in the order they are tried: the particular before the general.
var rules = []rule{
	{
		id: "race-map", kind: verdict.Race,
		title:   "two goroutines use the same map and nothing orders them",
		explain: "A map is not safe for use by several goroutines: hold one lock around every use, reads as well.",
		fires: func(s *source, o observation) bool {
			return o.source == fromRace && raceIsOurs(s, o.race) && accessThrough(o.race, "runtime.map")
		},
		locate: locateRace,
	},
	{
		id: "race-close", kind: verdict.Race,
		title:   "a send and a close of the same channel, and nothing orders them",
		explain: "A send on a closed channel panics. Let the side that sends close it, when it has sent its last; where several send, wait for all of them first.",
		fires: func(s *source, o observation) bool {
			return o.source == fromRace && raceIsOurs(s, o.race) && accessThrough(o.race, "runtime.closechan")
		},
		locate: locateRace,
	},
	{
		id: "race", kind: verdict.Race,
		explain: "Nothing makes one of the two happen before the other: no lock that both hold, no channel, no Wait in between. What is read may be old, torn, or lost. Guard both with the same lock, or let one goroutine own the value.",
		fires:   func(s *source, o observation) bool { return o.source == fromRace && raceIsOurs(s, o.race) },
		locate:  locateRace,
	},
	{
		id: "race-map-fatal", kind: verdict.Race,
		title:   "two goroutines use the same map at once",
		explain: "A map is not safe for use by several goroutines: hold one lock around every use, reads as well.",
		fires:   crashSays("concurrent map"),
		locate:  locateCrash,
	},
	{
		id: "deadlock-process", kind: verdict.Deadlock,
		title:   "every goroutine waits and none can go on",
		explain: explainDeadlock,
		fires:   crashSays("all goroutines are asleep", "deadlock: all goroutines in bubble are blocked"),
		locate:  locateWaiting,
	},
	{
		id: "leak-bubble", kind: verdict.Leak,
		title:   "a goroutine is still there when the test has ended",
		explain: explainLeak,
		fires:   crashSays("main bubble goroutine has exited but blocked goroutines remain"),
		locate:  locateWaiting,
	},
	{
		id: "stack-overflow", kind: verdict.Panic,
		title:   "a recursion does not end: the stack is full",
		explain: "A function calls itself, directly or by way of others, without a case that stops.",
		fires:   crashSays("stack overflow", "1000000000-byte limit"),
		locate:  locateCrash,
	},
	{
		id: "out-of-memory", kind: verdict.Resource,
		title:   "out of memory",
		explain: "Something grows without bound.",
		fires:   crashSays("out of memory", "cannot allocate memory"),
		locate:  locateCrash,
	},
	{
		id: "misused-lock", kind: verdict.Panic,
		explain: "The lock is not held here: it was unlocked twice, on a path where it was never taken, or it is a copy of the one that was locked. `defer mu.Unlock()` right behind `mu.Lock()` keeps the two together.",
		fires:   crashSays("unlock of unlocked", "Unlock of unlocked"),
		locate:  locateCrash,
	},
	{
		id: "bubble-crossed", kind: verdict.Panic,
		explain: "A channel or timer was made in one test and used in another: it was kept in a package variable. Keep it in the value that uses it.",
		fires:   crashSays("synctest channel from outside bubble", "synctest timer from outside bubble", "from outside bubble"),
		locate:  locateCrash,
	},
	{
		id: "panic", kind: verdict.Panic,
		fires:  func(_ *source, o observation) bool { return o.source == fromCrash && !o.crash.Signal },
		locate: locateCrash,
	},
	{
		id: "lab-panic", kind: verdict.Panic,
		fires:  labSays(verdict.Panic),
		locate: locateLab,
	},
	{
		id: "deadlock-circle", kind: verdict.Deadlock,
		explain: "None of them can go on, because each holds what another one waits for. Let all take these locks in the same order, or give one back before waiting for the next.",
		fires: func(_ *source, o observation) bool {
			return labSays(verdict.Deadlock)(nil, o) && strings.Contains(o.record.Title, "lock that")
		},
		locate: locateCircle,
	},
	{
		id: "deadlock", kind: verdict.Deadlock,
		explain: explainDeadlock,
		fires:   labSays(verdict.Deadlock),
		locate:  locateWaiting,
	},
	{
		id: "leak-other", kind: verdict.Leak,
		explain: "What was started must be ended: close it, join it, wait for it.",
		fires: func(_ *source, o observation) bool {
			return labSays(verdict.Leak)(nil, o) && strings.Contains(o.record.At, ".go:")
		},
		locate: locateLab,
	},
	{
		id: "leak", kind: verdict.Leak,
		explain: explainLeak,
		fires:   labSays(verdict.Leak),
		locate:  locateWaiting,
	},
	{
		id: "spin", kind: verdict.Spin,
		explain: "The loop asks again and again whether something has happened and lets nobody sleep. Wait for it instead: receive from a channel, Wait on a sync.Cond, or take a lock.",
		fires:   labSays(verdict.Spin),
		locate:  locateRunning,
	},
	{
		id: "grows", kind: verdict.Resource,
		explain: "Something grows without bound: a queue nobody drains, goroutines started in a loop, results that are kept.",
		fires:   labSays(verdict.Resource),
		locate:  locateRunning,
	},
	{
		id: "timing", kind: verdict.Timing,
		fires:  labSays(verdict.Timing),
		locate: locateLab,
	},
	{
		id: "wrong", kind: verdict.Wrong,
		fires:  labSays(verdict.Wrong),
		locate: locateLab,
	},
	{
		id: "never-met", kind: verdict.Timing,
		explain: "Each of them waits until all have started; the others were never started while these ran.",
		fires: func(_ *source, o observation) bool {
			_, short := shortMeeting(o.test)
			return hit(sandbox.HitIdle)(nil, o) && short
		},
		locate: locateMeeting,
	},
	{
		id: "hang", kind: verdict.Deadlock,
		title:   "nothing runs any more and the test has not ended",
		explain: explainDeadlock,
		fires:   hit(sandbox.HitIdle),
		locate:  locateWaiting,
	},
	{
		id: "spin-process", kind: verdict.Spin,
		title:   "the CPU time ran out in a loop",
		explain: "The loop asks again and again whether something has happened and lets nobody sleep. Wait for it instead: receive from a channel, Wait on a sync.Cond, or take a lock.",
		fires:   hit(sandbox.HitCPU),
		locate:  locateRunning,
	},
	{
		id: "timeout", kind: verdict.Timeout,
		title:   "the time ran out",
		explain: "The run came to no end within its outer limit.",
		fires:   hit(sandbox.HitWall),
		locate:  locateWaiting,
	},
	{
		id: "memory", kind: verdict.Resource,
		title:   "uses more memory than this kata may",
		explain: "Something grows without bound: a queue nobody drains, goroutines started in a loop, results that are kept.",
		fires:   hit(sandbox.HitMemory),
	},
	{
		id: "output", kind: verdict.Resource,
		title:   "prints more than this kata may",
		explain: "A print in a loop? The output was cut and the run ended.",
		fires:   hit(sandbox.HitOutput),
	},
	{
		id: "processes", kind: verdict.Resource,
		title:   "starts more processes than this kata may",
		explain: "Each worker is one process; start as many as were asked for and no more.",
		fires:   hit(sandbox.HitProcesses),
	},
	{
		id: "exit", kind: verdict.Exit,
		title:   "the process ended before the test did",
		explain: "Something in the submission ended the process: os.Exit, log.Fatal, or a signal. A test that cannot report has not passed.",
		fires:   func(_ *source, o observation) bool { return o.source == fromEnd },
		locate: func(_ *source, o observation, f *verdict.Finding) {
			f.Got = fmt.Sprintf("exit code %d", o.outcome.ExitCode)
			if o.outcome.Signal != "" {
				f.Got = "signal " + o.outcome.Signal
			}
		},
	},
	{
		id: "tampering", kind: verdict.Policy,
		title:   "the reports of the tests do not add up",
		explain: "A test reported twice, or out of turn, or something else wrote to the channel that belongs to the tests. Each test must report one start and one end.",
		fires:   func(_ *source, o observation) bool { return o.source == fromChannel },
	},
}

const (
	explainDeadlock = "Each of them waits for something that only another one could do, and all of them wait. Look at what each holds, and who was to wake it."
	explainLeak     = "It waits for something that will never come now. Whoever starts a goroutine must see to its end: close the channel it reads, make room in the one it writes, cancel its context, or wait for it."
)

func labSays(kind verdict.Kind) func(*source, observation) bool {
	return func(_ *source, o observation) bool { return o.source == fromLab && o.record.Kind == string(kind) }
}

func crashSays(parts ...string) func(*source, observation) bool {
	return func(_ *source, o observation) bool {
		said := o.crash.Message
		switch {
		case labSays(verdict.Panic)(nil, o):
			said = o.record.Title // a crash that the lab has caught
		case o.source != fromCrash:
			return false
		}
		said, _, _ = strings.Cut(said, "\n") // what else a panic says is the submission's to choose
		return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(said, part) })
	}
}

func hit(h sandbox.Hit) func(*source, observation) bool {
	return func(_ *source, o observation) bool { return o.source == fromLimit && o.outcome.Hit == h }
}

// raceIsOurs: somebody's code is on one of the stacks, the learner's or a hidden test's. A race within the lab alone
// would be the lab's.
func raceIsOurs(s *source, r evidence.Race) bool {
	for _, a := range r.Accesses {
		for _, f := range append(a.Frames, a.Created...) {
			if _, own := s.own(f); own || s.hidden(f) {
				return true
			}
		}
	}
	return false
}

func accessThrough(r evidence.Race, prefix string) bool {
	for _, a := range r.Accesses {
		if len(a.Frames) > 0 && strings.HasPrefix(a.Frames[0].Func, prefix) {
			return true
		}
	}
	return false
}
