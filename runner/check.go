package runner

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/python-concurrency/kata/runner/build"
	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/policy"
	"github.com/python-concurrency/kata/runner/verdict"
	"github.com/python-concurrency/kata/runner/verify"
	"github.com/python-concurrency/kata/runner/vet"
)

// Request is one submission to be graded.
type Request struct {
	Kata kata.Kata
	// Files are the learner's files by name. Others than the manifest's are not looked at.
	Files map[string][]byte
	// Seed and Schedules steer the explored lens; zero means the default.
	Seed      int64
	Schedules int
	// Fresh grades again even where a verdict is cached.
	Fresh bool
}

// Check grades a submission. A fault of the machine or of the runner comes back as status error with a Problem, never
// as a finding.
func (r *Runner) Check(ctx context.Context, req Request) verdict.Verdict {
	start := time.Now()
	v := r.check(ctx, req)
	v.TimingMS.Total = verdict.Milliseconds(time.Since(start))
	return v
}

func (r *Runner) check(ctx context.Context, req Request) verdict.Verdict {
	v := verdict.Verdict{Schema: verdict.Schema, Kata: string(req.Kata.ID), KataHash: req.Kata.Hash}
	req.Files = only(req.Kata.Manifest.Files, req.Files)
	tc, err := r.toolchain(ctx)
	if err != nil {
		return failedToGrade(v, err)
	}
	v.Toolchain = tc.String()
	archives, err := r.archiveKey(ctx)
	if err != nil {
		return failedToGrade(v, err)
	}
	key := r.verdictKey(req, tc, archives)
	if !req.Fresh {
		if cached, ok := r.recall(key, req.Kata); ok {
			cached.Cached, cached.TimingMS = true, verdict.Spent{}
			return cached
		}
	}
	if req.Kata, err = catalog.WithTests(req.Kata); err != nil {
		return failedToGrade(v, err)
	}
	if found := policy.Check(req.Kata, req.Files); len(found) > 0 {
		v.Findings = found
		return conclude(v, unrun(req.Kata))
	}
	like, known := r.effectKey(req, tc, archives)
	if known && !req.Fresh {
		if passed, ok := r.recall(like, req.Kata); ok && r.compiles(ctx, req) {
			passed.Notes = <-r.vet(ctx, req) // they name lines, and those are its own
			r.remember(key, passed)
			passed.Cached, passed.TimingMS = true, verdict.Spent{}
			return passed
		}
	}
	v, err = r.grade(ctx, req, v)
	if err != nil {
		return failedToGrade(v, err)
	}
	if repeatable(v) {
		r.remember(key, v)
	}
	// Findings name lines, so only a pass holds for whatever has the same effect.
	if known && v.Status == verdict.Passed {
		r.remember(like, v)
	}
	return v
}

// compiles reports whether a submission and the hidden tests against it compile. Whatever else is wrong will be told
// by grading it.
func (r *Runner) compiles(ctx context.Context, req Request) bool {
	b, err := r.builder(ctx)
	if err != nil {
		return false
	}
	dir, remove, err := r.scratch()
	if err != nil {
		return false
	}
	defer remove()
	return b.Compile(ctx, build.Submission{Kata: req.Kata, Files: req.Files}, dir) == nil
}

// only keeps the files that the manifest names.
func only(names []string, files map[string][]byte) map[string][]byte {
	kept := make(map[string][]byte, len(names))
	for _, name := range names {
		if data, ok := files[name]; ok {
			kept[name] = data
		}
	}
	return kept
}

// grade builds, runs and diagnoses.
func (r *Runner) grade(ctx context.Context, req Request, v verdict.Verdict) (verdict.Verdict, error) {
	built, err := r.build(ctx, req)
	if err != nil {
		return v, err
	}
	defer built.Close()
	var notes <-chan []verdict.Note
	if len(built.refused) == 0 {
		notes = r.vet(ctx, req)
	}
	graded, err := built.judge(ctx, req, verify.Conditions{})
	graded.Toolchain = v.Toolchain
	if notes != nil {
		graded.Notes = <-notes
	}
	return graded, err
}

// vet looks through what the compiler has taken, beside the run. The channel gives the notes, once; none where looking
// failed, since a verdict does without.
func (r *Runner) vet(ctx context.Context, req Request) <-chan []verdict.Note {
	found := make(chan []verdict.Note, 1)
	b, err := r.builder(ctx)
	if err != nil {
		close(found)
		return found
	}
	go func() {
		defer close(found)
		notes, err := vet.Inspect(req.Kata.Package(), req.Files, b.Importer())
		if err != nil {
			return
		}
		for i, n := range notes {
			notes[i].Code = line(req.Files[n.File], n.Line)
		}
		found <- notes
	}()
	return found
}

// line is the n-th line of a source, from 1; "" where there is none.
func line(source []byte, n int) string {
	for text := range bytes.Lines(source) {
		if n--; n == 0 {
			return string(bytes.TrimSpace(text))
		}
	}
	return ""
}

// conclude sets the status: passed only without findings and with every test passed.
func conclude(v verdict.Verdict, tests []verdict.Test) verdict.Verdict {
	v.Tests = tests
	v.Status = verdict.Passed
	for _, t := range tests {
		if t.Status != verdict.TestPassed {
			v.Status = verdict.Failed
		}
	}
	if len(v.Findings) > 0 || len(tests) == 0 {
		v.Status = verdict.Failed
	}
	return v
}

// unrun lists the tests of a submission that never ran.
func unrun(k kata.Kata) []verdict.Test {
	tests := make([]verdict.Test, len(k.Tests))
	for i, t := range k.Tests {
		tests[i] = verdict.Test{Name: t.Name, About: t.About, Status: verdict.TestMissing}
	}
	return tests
}

// failedToGrade is the verdict on ourselves.
func failedToGrade(v verdict.Verdict, err error) verdict.Verdict {
	v.Status = verdict.Error
	v.Findings = nil
	v.Tests = nil
	v.Problem = &verdict.Problem{What: err.Error(), Hint: "kata doctor"}
	var fault *build.Fault
	switch {
	case errors.As(err, &fault):
		v.Problem.Hint = fault.Hint
	case errors.Is(err, context.Canceled):
		v.Problem = &verdict.Problem{What: "interrupted", Hint: "kata check"}
	}
	return v
}

// repeatable: grading again would say the same. What an outer limit decided may differ on a calmer machine.
func repeatable(v verdict.Verdict) bool {
	for _, f := range v.Findings {
		if f.Kind == verdict.Timeout || f.Kind == verdict.Resource {
			return false
		}
	}
	return v.Status == verdict.Passed || v.Status == verdict.Failed
}
