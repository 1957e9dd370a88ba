package verify

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/python-concurrency/kata/runner/mutation"
	"github.com/python-concurrency/kata/runner/verdict"
)

// kill grades one mutant once: what a learner's grading does not notice, the next learner's does not either.
func (v *verification) kill(m mutation.Mutant) job {
	return func(ctx context.Context) error {
		built, err := v.grader.Prepare(ctx, v.subject.Kata, m.Files)
		if err != nil {
			return fmt.Errorf("mutant %s: %w", m.ID(), err)
		}
		defer built.Close()
		if built.Same(v.original) {
			v.count(func(ms *Mutants) { ms.Same++ })
			return nil
		}
		got := built.Grade(ctx, nth(0))
		if err := fault(got); err != nil {
			return fmt.Errorf("mutant %s: %w", m.ID(), err)
		}
		v.count(func(ms *Mutants) { v.sort(ms, m, got) })
		return nil
	}
}

func (v *verification) count(f func(*Mutants)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	f(&v.certificate.Mutants)
}

// sort puts a graded mutant where it belongs.
func (v *verification) sort(ms *Mutants, m mutation.Mutant, got verdict.Verdict) {
	told := Mutant{ID: m.ID(), File: m.File, Line: m.Line, Code: m.Code, About: m.About}
	reason, marked := v.subject.Equivalents.Reason(m)
	switch {
	case got.First() == verdict.Compile || got.First() == verdict.Policy:
		ms.Stillborn++
	case got.Status == verdict.Failed:
		ms.Killed++
		ms.By[got.First()]++
	case marked:
		told.Reason = reason
		ms.Marked = insert(ms.Marked, told)
	default:
		ms.Survivors = insert(ms.Survivors, told)
	}
}

// insert keeps a list in the order of the source: mutants are graded in no order.
func insert(list []Mutant, m Mutant) []Mutant {
	at, _ := slices.BinarySearchFunc(list, m, func(a, b Mutant) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.ID, b.ID))
	})
	return slices.Insert(list, at, m)
}

// stale are the marks that fit no mutant of the solution as it is now.
func (v *verification) stale() []string {
	mutants, err := mutation.Mutants(v.subject.Solution, v.subject.Kata.Stub)
	if err != nil {
		return nil
	}
	return v.subject.Equivalents.Unused(mutants)
}
