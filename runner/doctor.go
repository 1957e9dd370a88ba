package runner

import (
	"context"
	"errors"
	"fmt"

	"github.com/python-concurrency/kata/runner/build"
	"github.com/python-concurrency/kata/runner/verdict"
)

// Health is one thing that grading needs, and whether this machine has it.
type Health struct {
	Name   string
	OK     bool
	Detail string
	// Remedy says what to do where it is not OK.
	Remedy string
}

// Doctor looks at everything that grading needs, in the order it is needed, and stops where the rest cannot be
// looked at. The last entry grades a reference solution for real.
func (r *Runner) Doctor(ctx context.Context) []Health {
	var found []Health
	for _, look := range []func(context.Context) Health{r.lookCache, r.lookGo, r.lookCompiler, r.lookArchives, r.lookGrading} {
		h := look(ctx)
		found = append(found, h)
		if !h.OK {
			break
		}
	}
	return found
}

func (r *Runner) lookGo(ctx context.Context) Health {
	tc, err := r.toolchain(ctx)
	return health("Go "+build.Language[2:]+" or newer", fmt.Sprintf("%s at %s", tc.Version, tc.Go), err)
}

// lookCompiler is asked only where the first build is still to come: after it nobody calls the C compiler.
func (r *Runner) lookCompiler(ctx context.Context) Health {
	tc, err := r.toolchain(ctx)
	if err != nil {
		return health("C compiler", "", err)
	}
	path, err := build.FindCompiler(tc, r.config.Env)
	return health("C compiler, for the race detector's first build", path, err)
}

func (r *Runner) lookCache(context.Context) Health {
	err := r.claim()
	if err == nil {
		var remove func()
		if _, remove, err = r.scratch(); err == nil {
			remove()
		}
	}
	return health("cache folder", r.config.CacheDir, err)
}

func (r *Runner) lookArchives(ctx context.Context) Health {
	_, err := r.builder(ctx)
	return health("standard library with the race detector, and goleak", "built", err)
}

// lookGrading grades the first kata's reference solution.
func (r *Runner) lookGrading(ctx context.Context) Health {
	const name = "sandbox and grading"
	katas := r.config.Catalog.Katas()
	if len(katas) == 0 {
		return health(name, "", errors.New("there is no kata"))
	}
	files, err := r.config.Catalog.Solution(katas[0].ID)
	if err != nil {
		return health(name, "", err)
	}
	v := r.Check(ctx, Request{Kata: katas[0], Files: files, Fresh: true})
	switch v.Status {
	case verdict.Passed:
		return health(name, fmt.Sprintf("the solution of %s passes; isolation: %s", v.Kata, v.Sandbox), nil)
	case verdict.Error:
		return Health{Name: name, Detail: v.Problem.What, Remedy: v.Problem.Hint}
	default:
		return Health{Name: name, Detail: fmt.Sprintf("the solution of %s does not pass: %s", v.Kata, v.First()), Remedy: "kata check " + v.Kata + " --fresh"}
	}
}

func health(name, detail string, err error) Health {
	if err == nil {
		return Health{Name: name, OK: true, Detail: detail}
	}
	return Health{Name: name, Detail: err.Error(), Remedy: Hint(err)}
}

// Hint is the literal next command for an error of this package.
func Hint(err error) string {
	var fault *build.Fault
	if errors.As(err, &fault) && fault.Hint != "" {
		return fault.Hint
	}
	return "kata doctor"
}
