package runner

import (
	"context"

	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/verdict"
	"github.com/python-concurrency/kata/runner/verify"
)

// CheckBare grades a submission as if there were no policy.
func (r *Runner) CheckBare(ctx context.Context, req Request) verdict.Verdict {
	var err error
	if req.Kata, err = catalog.WithTests(req.Kata); err != nil {
		return failedToGrade(verdict.Verdict{}, err)
	}
	built, err := r.build(ctx, req)
	if err != nil {
		return failedToGrade(verdict.Verdict{}, err)
	}
	defer built.Close()
	v, err := built.judge(ctx, req, verify.Conditions{})
	if err != nil {
		return failedToGrade(v, err)
	}
	return v
}
