package runner

import (
	"context"
	"errors"
	"os"

	"github.com/python-concurrency/kata/runner/build"
	"github.com/python-concurrency/kata/runner/store"
)

// CacheUsage is how full each room of the cache is.
func (r *Runner) CacheUsage() []store.Usage { return store.Measure(r.config.CacheDir) }

// Clean empties the cache. The archives that the next check would use stay unless all is set; what a running check uses
// stays in any case. The error is a *build.Fault.
func (r *Runner) Clean(ctx context.Context, all bool) ([]store.Freed, error) {
	freed, err := store.Clean(r.config.CacheDir, r.spared(ctx, all))
	var foreign *store.ForeignError
	switch {
	case errors.As(err, &foreign):
		return nil, &build.Fault{What: err.Error() + "; nothing was removed", Hint: "kata doctor", Err: err}
	case err != nil:
		return nil, r.cacheFault(err)
	}
	return freed, nil
}

// spared says which sets of archives stay. Where nothing tells which one is in use, as without a go command, all do.
func (r *Runner) spared(ctx context.Context, all bool) func(key string) bool {
	if all {
		return func(string) bool { return false }
	}
	if _, err := os.Stat(r.config.CacheDir); err != nil || store.Owned(r.config.CacheDir) != nil {
		return func(string) bool { return true } // to ask for the key would claim the folder
	}
	current, err := r.archiveKey(ctx)
	return func(key string) bool { return err != nil || key == current }
}
