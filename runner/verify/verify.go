package verify

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/python-concurrency/kata/runner/mutation"
	"github.com/python-concurrency/kata/runner/verdict"
)

// Options steer a verification.
type Options struct {
	// Runs is how often each right and wrong solution is graded, each time under other conditions.
	Runs int
	// Parallel is how many submissions are graded at once.
	Parallel int
	// Progress is told after each submission: how many of how many are done. It is called by one goroutine at a time.
	Progress func(done, all int)
}

// stubRuns is how often the stub is graded: it fails in plain ways.
const stubRuns = 2

// mostMisses ends the runs of a solution that got the wrong verdict so often.
const mostMisses = 3

// Run verifies one kata. A fault of the machine is told in the certificate; the error is the context's.
func Run(ctx context.Context, g Grader, s Subject, o Options) (Certificate, error) {
	start := time.Now()
	v := &verification{grader: g, subject: s, options: o}
	v.certificate = Certificate{Kata: string(s.Kata.ID), KataHash: s.Kata.Hash, Runs: o.Runs, Form: s.Form}
	jobs, err := v.jobs()
	if err == nil {
		err = v.work(ctx, jobs)
	}
	if ctx.Err() != nil {
		return Certificate{}, ctx.Err()
	}
	if err != nil {
		v.certificate.Problem = err.Error()
	}
	v.certificate.Seconds = time.Since(start).Seconds()
	v.certificate.conclude()
	return v.certificate, nil
}

// verification is one kata on its way to a certificate.
type verification struct {
	grader  Grader
	subject Subject
	options Options

	mu          sync.Mutex
	certificate Certificate
	done        int
	// original is the reference solution, built, to tell mutants that change nothing.
	original Built
}

// job is one submission to be graded.
type job func(ctx context.Context) error

// jobs lists the work, the quick proofs first: what is broken shows early.
func (v *verification) jobs() ([]job, error) {
	mutants, err := mutation.Mutants(v.subject.Solution, v.subject.Kata.Stub)
	if err != nil {
		return nil, fmt.Errorf("make mutants: %w", err)
	}
	c := &v.certificate
	c.Stub = Proof{Name: "stub", Want: string(verdict.Failed)}
	c.Right = append(c.Right, Proof{Name: "solution", Want: string(verdict.Passed)})
	files := []map[string][]byte{v.subject.Solution}
	for _, variant := range v.subject.Variants {
		if variant.Right {
			c.Right = append(c.Right, Proof{Name: variant.Name, Want: string(verdict.Passed)})
			files = append(files, variant.Files)
		}
	}
	for _, variant := range v.subject.Variants {
		if !variant.Right {
			c.Wrong = append(c.Wrong, Proof{Name: variant.Name, Want: string(variant.Kind)})
			files = append(files, variant.Files)
		}
	}
	c.Mutants = Mutants{Made: len(mutants), By: make(map[verdict.Kind]int)}
	jobs := []job{v.prove(&c.Stub, v.subject.Kata.Stub, stubRuns)}
	for i := range c.Right {
		jobs = append(jobs, v.prove(&c.Right[i], files[i], v.options.Runs))
	}
	for i := range c.Wrong {
		jobs = append(jobs, v.prove(&c.Wrong[i], files[len(c.Right)+i], v.options.Runs))
	}
	for _, m := range mutants {
		jobs = append(jobs, v.kill(m))
	}
	return jobs, nil
}

// work does the jobs, several at a time. The first fault of the machine ends it.
func (v *verification) work(ctx context.Context, jobs []job) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	original, err := v.grader.Prepare(ctx, v.subject.Kata, v.subject.Solution)
	if err != nil {
		return err
	}
	defer original.Close()
	v.original = original
	queue := make(chan job)
	var workers sync.WaitGroup
	for range max(1, v.options.Parallel) {
		workers.Go(func() {
			for j := range queue {
				if err := j(ctx); err != nil {
					cancel(err)
				}
				v.tick(len(jobs))
			}
		})
	}
	for _, j := range jobs {
		select {
		case queue <- j:
		case <-ctx.Done():
		}
	}
	close(queue)
	workers.Wait()
	v.certificate.Mutants.Stale = v.stale()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func (v *verification) tick(all int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.done++
	if v.options.Progress != nil {
		v.options.Progress(v.done, all)
	}
}

// prove grades a submission so often and notes how often it got the verdict that it must get. The proof is this job's
// alone.
func (v *verification) prove(p *Proof, files map[string][]byte, runs int) job {
	return func(ctx context.Context) error {
		built, err := v.grader.Prepare(ctx, v.subject.Kata, files)
		if err != nil {
			return err
		}
		defer built.Close()
		for run := range runs {
			c := nth(run)
			got := built.Grade(ctx, c)
			if err := fault(got); err != nil {
				return fmt.Errorf("%s: %w", p.Name, err)
			}
			p.note(c, got)
			if len(p.Missed) == mostMisses {
				return nil
			}
		}
		return nil
	}
}

// fault is what the machine did to a verdict.
func fault(v verdict.Verdict) error {
	if v.Status != verdict.Error {
		return nil
	}
	if v.Problem == nil {
		return errors.New("could not be graded")
	}
	return errors.New(v.Problem.What)
}

// note takes one verdict into the proof.
func (p *Proof) note(c Conditions, v verdict.Verdict) {
	p.Runs++
	got := string(v.Status)
	if p.Want != string(verdict.Passed) && v.Status == verdict.Failed {
		got = string(v.First())
	}
	if p.meets(v) {
		p.Held++
		if p.Want == string(verdict.Failed) {
			if p.By == nil {
				p.By = make(map[verdict.Kind]int)
			}
			p.By[v.First()]++
		}
		return
	}
	m := Miss{Conditions: c, Got: got}
	if len(v.Findings) > 0 {
		m.Test, m.Title = v.Findings[0].Test, string(v.First())+": "+v.Findings[0].Title
	}
	p.Missed = append(p.Missed, m)
}

// meets reports whether a verdict is the one that must be. A stub must compile, and fail by more than a panic.
func (p *Proof) meets(v verdict.Verdict) bool {
	switch p.Want {
	case string(verdict.Passed):
		return v.Status == verdict.Passed
	case string(verdict.Failed):
		return v.Status == verdict.Failed && v.First() != verdict.Compile && v.First() != verdict.Policy && !onlyPanics(v)
	}
	return v.Status == verdict.Failed && string(v.First()) == p.Want
}

func onlyPanics(v verdict.Verdict) bool {
	for _, f := range v.Findings {
		if f.Kind != verdict.Panic {
			return false
		}
	}
	return len(v.Findings) > 0
}
