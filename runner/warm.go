package runner

import (
	"context"

	"github.com/python-concurrency/kata/runner/build"
)

// Cold reports whether the next check has to build the archives, and nobody is building them already. On a machine that
// cannot grade it is false: the check will say why.
func (r *Runner) Cold(ctx context.Context) bool {
	key, err := r.archiveKey(ctx)
	return err == nil && build.Wanted(r.config.CacheDir, key)
}

// Warm builds the archives, unless they are there or another process builds them: then it waits for that one. The error
// is a *build.Fault or the context's.
func (r *Runner) Warm(ctx context.Context) error {
	_, err := r.builder(ctx)
	return err
}
