// Package verify proves that a kata's hidden tests can be trusted: its form is whole, the stub fails, every right solution
// passes and every wrong one fails for its declared reason, each time, and every mutant of the reference solution is
// noticed. What it finds is a Certificate.
//
// It grades by way of a Grader and knows nothing of compilers and processes.
package verify

import (
	"context"

	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/mutation"
	"github.com/python-concurrency/kata/runner/verdict"
)

// Grader builds submissions.
type Grader interface {
	// Prepare builds a submission once, to be graded many times. Whatever is wrong with it, one that does not compile
	// included, is told by grading it; the error is the machine's. It is safe for use by many goroutines.
	Prepare(ctx context.Context, k kata.Kata, files map[string][]byte) (Built, error)
}

// Built is a submission that was built.
type Built interface {
	// Grade runs it and returns the verdict.
	Grade(ctx context.Context, c Conditions) verdict.Verdict
	// Same reports whether it was compiled to the same code as another.
	Same(other Built) bool
	// Close removes what was built.
	Close()
}

// Conditions are what a right solution must not depend on.
type Conditions struct {
	// Seed is that of the explored lens, Shuffle that of the order of the tests; 0 leaves the order alone.
	Seed, Shuffle int64
	// Procs is GOMAXPROCS; 0 leaves it alone.
	Procs int
	// Schedules is how many schedules each explored test gets; 0 is the default.
	Schedules int
}

// processors are the values of GOMAXPROCS that are gone through.
var processors = []int{1, 2, 4, 8}

// nth are the conditions of the run with that number, from 0: the first is what a learner gets.
func nth(run int) Conditions {
	if run == 0 {
		return Conditions{Seed: 1}
	}
	return Conditions{Seed: int64(run + 1), Shuffle: int64(run), Procs: processors[run%len(processors)]}
}

// Subject is a kata with all that its proof needs.
type Subject struct {
	Kata     kata.Kata
	Solution map[string][]byte
	Variants []catalog.Variant
	// Form are the faults of its folders.
	Form []Fault
	// Equivalents are the mutants that its author has marked.
	Equivalents mutation.Equivalents
}

// Fault is something about the form of a kata that is not as it must be.
type Fault struct {
	Rule string `json:"rule"`
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
	What string `json:"what"`
	Hint string `json:"hint,omitempty"`
}
