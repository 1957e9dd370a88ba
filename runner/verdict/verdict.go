// Package verdict is the vocabulary of a graded submission: what was found, how it is ranked, and what every
// later room (report, progress, command line) reads. It imports nothing of ours.
package verdict

import "time"

// Schema names the JSON form of a Verdict. A change that breaks a reader gets a new name.
const Schema = "kata.verdict/v1"

// Status is the outcome of one grading.
type Status string

const (
	// Passed: every hidden test reported a pass and nothing else was found.
	Passed Status = "passed"
	// Failed: the learner's doing.
	Failed Status = "failed"
	// Error: the runner's or the machine's doing; it is never blamed on the learner.
	Error Status = "error"
)

// Verdict is one graded submission. It is a value: build it once, hand it on, change nothing.
type Verdict struct {
	Schema   string    `json:"schema"`
	Kata     string    `json:"kata"`
	KataHash string    `json:"kata_hash"`
	Status   Status    `json:"status"`
	Tests    []Test    `json:"tests"`
	Findings []Finding `json:"findings"`
	// Notes are what looks wrong without having been seen to go wrong. They decide nothing.
	Notes     []Note    `json:"notes,omitempty"`
	Schedules Schedules `json:"schedules"`
	TimingMS  Spent     `json:"timing_ms"`
	Cached    bool      `json:"cached"`
	Toolchain string    `json:"toolchain"`
	Sandbox   string    `json:"sandbox"`
	// Output is what the submission itself printed, capped; it is shown apart from the verdict and decides nothing.
	Output string `json:"output,omitempty"`
	// Problem says what went wrong on our side; only with Status Error.
	Problem *Problem `json:"problem,omitempty"`
}

// Problem is a fault of the runner or the machine.
type Problem struct {
	What string `json:"what"`
	Hint string `json:"hint,omitempty"`
}

// Test is one hidden test and how it ended.
type Test struct {
	Name       string     `json:"name"`
	About      string     `json:"about"`
	Status     TestStatus `json:"status"`
	DurationMS float64    `json:"duration_ms"`
}

// TestStatus is how one hidden test ended.
type TestStatus string

const (
	TestPassed TestStatus = "passed"
	TestFailed TestStatus = "failed"
	// TestMissing: the process ended before the test reported.
	TestMissing TestStatus = "missing"
)

// Schedules says how much of the space of interleavings was seen.
type Schedules struct {
	Explored   int  `json:"explored"`
	Exhaustive bool `json:"exhaustive"`
	Bound      int  `json:"bound"`
}

// Spent is where the time went, in milliseconds of wall clock.
type Spent struct {
	Build float64 `json:"build"`
	Run   float64 `json:"run"`
	Total float64 `json:"total"`
}

// Milliseconds turns a duration into the unit of Spent.
func Milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}

// First returns the kind of the finding that comes first, or "" where there is none.
func (v Verdict) First() Kind {
	if len(v.Findings) == 0 {
		return ""
	}
	return v.Findings[0].Kind
}
