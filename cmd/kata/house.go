package main

import (
	"context"
	"io/fs"

	"github.com/python-concurrency/kata/katas"
	"github.com/python-concurrency/kata/runner"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/store"
	"github.com/python-concurrency/kata/runner/verdict"
	"github.com/python-concurrency/kata/runner/verify"
	"github.com/python-concurrency/kata/solutions"
)

// house is what the command stands on. Its tests stand it on a small curriculum, and on a grader that does what the
// submission says.
type house struct {
	katas, solutions fs.FS
	// support holds the lab and the simulators, as the katas folder does.
	support fs.FS
	grader  func(runner.Config) grader
}

// grader is the part of runner.Runner that commands use.
type grader interface {
	Check(context.Context, runner.Request) verdict.Verdict
	Doctor(context.Context) []runner.Health
	Prepare(context.Context, kata.Kata, map[string][]byte) (verify.Built, error)
	Cold(context.Context) bool
	Warm(context.Context) error
	CacheUsage() []store.Usage
	Clean(ctx context.Context, all bool) ([]store.Freed, error)
}

// shipped is what this build came with.
var shipped = house{katas: katas.FS, solutions: solutions.FS, support: katas.FS, grader: newRunner}

// newRunner makes the real grader.
func newRunner(c runner.Config) grader { return runner.New(c) }
