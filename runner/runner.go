// Package runner is the façade of grading: it wires policy, build, sandbox, evidence and diagnosis into one verdict.
// Everything it needs from outside (time aside) is handed in by Config.
package runner

import (
	"context"
	"io/fs"
	"path/filepath"
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
	// Progress is told once before each long step; nil drops it.
	Progress func(string)
}

// Runner grades submissions. It is safe for use by many goroutines.
type Runner struct {
	config Config

	// The toolchain and the archives are found once.
	mu       sync.Mutex
	ready    bool
	tools    build.Toolchain
	archives build.Archives
}

// New makes a runner. It touches nothing; what is missing on the machine shows when something is graded.
func New(c Config) *Runner {
	if c.Progress == nil {
		c.Progress = func(string) {}
	}
	return &Runner{config: c}
}

// toolchain finds the Go installation. The error is a *build.Fault.
func (r *Runner) toolchain(ctx context.Context) (build.Toolchain, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tools.Go != "" {
		return r.tools, nil
	}
	tc, err := build.FindToolchain(ctx, r.config.Env, r.config.CacheDir)
	if err == nil {
		r.tools = tc
	}
	return tc, err
}

// builder prepares the archives, once, and returns what builds with them. The error is a *build.Fault.
func (r *Runner) builder(ctx context.Context) (*build.Builder, error) {
	tc, err := r.toolchain(ctx)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ready {
		support := build.Support{Katas: r.config.Support, Imports: imports(r.config.Catalog.Katas())}
		r.archives, err = build.Prepare(ctx, tc, support, r.config.CacheDir, r.config.Env, r.config.Progress)
		if err != nil {
			return nil, err
		}
		r.ready = true
	}
	return build.NewBuilder(tc, r.archives, filepath.Join(r.config.CacheDir, "tests")), nil
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
