// Package runner is the façade of grading: it wires policy, build, sandbox, evidence and diagnosis into one verdict.
// Everything it needs from outside (time aside) is handed in by Config.
package runner

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"github.com/python-concurrency/kata/runner/build"
	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/policy"
)

// Config is what a Runner is made from.
type Config struct {
	Catalog *catalog.Catalog
	// Support is the katas folder, of which the lab and the simulators are built.
	Support fs.FS
	// CacheDir holds archives, cached verdicts and the temporary folders of runs. It is made where it is not there.
	CacheDir string
	// Env is the environment that go is looked up and called with. Nothing of it reaches a submission.
	Env []string
	// Version names this build of kata; a cached verdict of another version does not count.
	Version string
	// Progress is told once before each long step, and Update how far the step is, whenever that changes; nil drops it.
	Progress, Update func(string)
}

// note hands on what build.Prepare tells of long work.
type note struct{ config Config }

func (n note) Step(what string)   { n.config.Progress(what) }
func (n note) Update(what string) { n.config.Update(what) }

// Runner grades submissions. It is safe for use by many goroutines.
type Runner struct {
	config Config

	// The toolchain and the archives are found once; the archives again when somebody has removed them.
	mu       sync.Mutex
	tools    build.Toolchain
	key      string
	archives build.Archives
}

// New makes a runner. It touches nothing; what is missing on the machine shows when something is graded.
func New(c Config) *Runner {
	if c.Progress == nil {
		c.Progress = func(string) {}
	}
	if c.Update == nil {
		c.Update = func(string) {}
	}
	return &Runner{config: c}
}

// toolchain finds the Go installation, and claims the cache folder, where what is found is noted. The error is a
// *build.Fault.
func (r *Runner) toolchain(ctx context.Context) (build.Toolchain, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tools.Go != "" {
		return r.tools, nil
	}
	if err := r.claim(); err != nil {
		return build.Toolchain{}, err
	}
	tc, err := build.FindToolchain(ctx, r.config.Env, r.config.CacheDir)
	if err == nil {
		r.tools = tc
	}
	return tc, err
}

// support is what the archives are built from.
func (r *Runner) support() build.Support {
	return build.Support{Katas: r.config.Support, Imports: imports(r.config.Catalog.Katas())}
}

// archiveKey names the archives that submissions are linked with. The error is a *build.Fault.
func (r *Runner) archiveKey(ctx context.Context) (string, error) {
	tc, err := r.toolchain(ctx)
	if err != nil {
		return "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.key == "" {
		if r.key, err = r.support().Key(tc); err != nil {
			return "", &build.Fault{What: fmt.Sprintf("read the lab: %v", err), Hint: "kata doctor", Err: err}
		}
	}
	return r.key, nil
}

// builder prepares the archives, once, and returns what builds with them. The error is a *build.Fault.
func (r *Runner) builder(ctx context.Context) (*build.Builder, error) {
	tc, err := r.toolchain(ctx)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.archives.There() {
		r.archives, err = build.Prepare(ctx, tc, r.support(), r.config.CacheDir, r.config.Env, note{r.config})
		if err != nil {
			return nil, err
		}
	}
	return build.NewBuilder(tc, r.archives, r.config.CacheDir), nil
}

// imports is everything that a submission or a hidden test may import.
func imports(katas []kata.Kata) []string {
	all := policy.BaseImports()
	for _, k := range katas {
		all = append(all, k.Manifest.Imports...)
		all = append(all, build.HiddenImports(k)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
