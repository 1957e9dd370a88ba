package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/python-concurrency/kata/runner/build"
	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/diagnosis"
	"github.com/python-concurrency/kata/runner/evidence"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/policy"
	"github.com/python-concurrency/kata/runner/verdict"
	"github.com/python-concurrency/kata/runner/verify"
)

// Built is a submission that was built, to be run as often as one likes. It is safe for use by many goroutines.
type Built struct {
	request Request
	binary  string
	dir     string
	// first is the stage of the first process, made while the binary was built; nil once it is taken.
	first  atomic.Pointer[stage]
	remove func()
	spent  time.Duration
	// refused are the findings on a submission that does not come to run: it breaks the policy or does not compile.
	refused []verdict.Finding
	runs    atomic.Int64
}

var _ verify.Built = (*Built)(nil)

// Prepare builds a submission.
func (r *Runner) Prepare(ctx context.Context, k kata.Kata, files map[string][]byte) (verify.Built, error) {
	k, err := catalog.WithTests(k)
	if err != nil {
		return nil, err
	}
	req := Request{Kata: k, Files: only(k.Manifest.Files, files)}
	if found := policy.Check(k, req.Files); len(found) > 0 {
		return &Built{request: req, refused: found, remove: func() {}}, nil
	}
	b, err := r.build(ctx, req)
	if err != nil {
		return nil, err
	}
	return b, nil
}

// build builds what the policy allows.
func (r *Runner) build(ctx context.Context, req Request) (*Built, error) {
	b, err := r.builder(ctx)
	if err != nil {
		return nil, err
	}
	dir, remove, err := r.scratch()
	if err != nil {
		return nil, err
	}
	built := &Built{request: req, dir: dir, remove: remove}
	if err := built.prepare(); err != nil {
		built.Close()
		return nil, err
	}
	began := time.Now()
	binary, err := b.Build(ctx, build.Submission{Kata: req.Kata, Files: req.Files}, dir)
	if err == nil {
		built.binary = filepath.Join(built.bin(), filepath.Base(binary))
		err = os.Rename(binary, built.binary)
	}
	built.spent = time.Since(began)
	var broken *build.CompileError
	if errors.As(err, &broken) {
		built.refused = []verdict.Finding{diagnosis.Compile(req.Kata, req.Files, broken)}
		return built, nil
	}
	if err != nil {
		built.Close()
		return nil, err
	}
	return built, nil
}

// bin is the folder that the binary lies in: all that a run may execute.
func (b *Built) bin() string { return filepath.Join(b.dir, "bin") }

// prepare makes the first stage, on one processor while the compiler has the others.
func (b *Built) prepare() error {
	if err := os.Mkdir(b.bin(), 0o700); err != nil {
		return fmt.Errorf("make a folder for the binary: %w", err)
	}
	first, err := newStage(b.request.Kata, b.bin(), filepath.Join(b.dir, "first"))
	b.first.Store(first)
	return err
}

// stage makes a stage in dir, or takes the first where nobody has yet.
func (b *Built) stage(dir string) (*stage, error) {
	if first := b.first.Swap(nil); first != nil {
		return first, nil
	}
	return newStage(b.request.Kata, b.bin(), dir)
}

// Close removes what was built.
func (b *Built) Close() {
	if first := b.first.Swap(nil); first != nil {
		first.close()
	}
	b.remove()
}

// Same reports whether two submissions were compiled to the same code.
func (b *Built) Same(other verify.Built) bool {
	o, ok := other.(*Built)
	if !ok || b.binary == "" || o.binary == "" {
		return false
	}
	mine, err := os.ReadFile(filepath.Join(b.dir, build.SubmissionArchive))
	if err != nil {
		return false
	}
	theirs, err := os.ReadFile(filepath.Join(o.dir, build.SubmissionArchive))
	return err == nil && bytes.Equal(mine, theirs)
}

// Grade runs it under conditions of its own.
func (b *Built) Grade(ctx context.Context, c verify.Conditions) verdict.Verdict {
	req := b.request
	req.Seed, req.Schedules = c.Seed, c.Schedules
	v, err := b.judge(ctx, req, c)
	if err != nil {
		return failedToGrade(v, err)
	}
	return v
}

// judge runs the tests and diagnoses what was seen.
func (b *Built) judge(ctx context.Context, req Request, c verify.Conditions) (verdict.Verdict, error) {
	v := verdict.Verdict{Schema: verdict.Schema, Kata: string(req.Kata.ID), KataHash: req.Kata.Hash}
	v.TimingMS.Build = verdict.Milliseconds(b.spent)
	if len(b.refused) > 0 {
		v.Findings = b.refused
		return conclude(v, unrun(req.Kata)), nil
	}
	dir := filepath.Join(b.dir, "grading"+strconv.FormatInt(b.runs.Add(1), 10))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return v, err
	}
	defer os.RemoveAll(dir)
	began := time.Now()
	runs, err := runAll(ctx, req, c, b.binary, func(n int) (*stage, error) {
		return b.stage(filepath.Join(dir, "run"+strconv.Itoa(n)))
	})
	v.TimingMS.Run = verdict.Milliseconds(time.Since(began))
	if err != nil {
		return v, err
	}
	v.Output = output(runs)
	v.Sandbox = runs[0].Outcome.Isolation
	var tests []verdict.Test
	v.Findings, tests = diagnosis.Diagnose(diagnosis.Case{Kata: req.Kata, Files: req.Files, Runs: runs})
	v.Schedules = evidence.Explored(runs)
	return conclude(v, tests), nil
}
