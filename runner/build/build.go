// Package build turns a submission and a kata's hidden tests into one race-enabled test binary.
//
// It calls the compiler and the linker directly. `go test -c` loads and checks the whole package graph again at every
// edit, and that costs as much as compiling the learner's file; nothing in the graph but the submission ever changes.
// So the graph is built once, by the go command (see Archives), and an edit costs two compilations and a link.
//
// Neither the learner's folder nor the go command's build cache is written to, and the hidden tests' source is gone
// from the disk when Build returns.
package build

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/python-concurrency/kata/runner/instrument"
	"github.com/python-concurrency/kata/runner/kata"
)

// Module is the module path that katas, lab and simulators live under.
const Module = "github.com/python-concurrency/kata"

// Submission is what is built.
type Submission struct {
	Kata kata.Kata
	// Files are the learner's files by name, those of the manifest and nothing else.
	Files map[string][]byte
}

// Builder builds test binaries. It is safe for use by many goroutines, each with a folder of its own.
type Builder struct {
	toolchain Toolchain
	archives  Archives
	// cacheDir is where compiled hidden tests are kept between edits; empty keeps none.
	cacheDir string
}

// NewBuilder makes a builder from a toolchain and the archives that were built with it. Compiled hidden tests are
// kept in the cache folder; an empty one keeps none.
func NewBuilder(tc Toolchain, a Archives, cacheDir string) *Builder {
	return &Builder{toolchain: tc, archives: a, cacheDir: cacheDir}
}

// Compile compiles s and the hidden tests against it in dir, an empty folder of the caller's, and links nothing: it
// says whether they compile. The error is as for Build.
func (b *Builder) Compile(ctx context.Context, s Submission, dir string) error {
	return b.plan(s, dir).do(ctx, (*plan).compileSubmission, (*plan).compileTests)
}

// Build compiles and links s in dir, an empty folder of the caller's, and returns the path of the test binary. Where
// the submission does not compile, or the hidden tests do not compile against it, the error is a *CompileError. Where the
// archives were removed since they were prepared it is a *Fault.
func (b *Builder) Build(ctx context.Context, s Submission, dir string) (string, error) {
	p := b.plan(s, dir)
	if err := p.do(ctx, (*plan).compileSubmission, (*plan).compileTests, (*plan).link); err != nil {
		return "", err
	}
	return p.binary(), nil
}

func (b *Builder) plan(s Submission, dir string) *plan {
	return &plan{Builder: b, submission: s, dir: dir, importPath: Module + "/katas/" + string(s.Kata.ID)}
}

// do takes the steps in their order with the archives held, and leaves no source behind.
func (p *plan) do(ctx context.Context, steps ...func(*plan, context.Context) error) error {
	release, err := p.archives.Hold(ctx)
	if err != nil {
		return err
	}
	defer release()
	defer os.RemoveAll(p.sourceRoot())
	for _, step := range steps {
		if err := step(p, ctx); err != nil {
			return err
		}
	}
	return nil
}

// plan is one build on its way.
type plan struct {
	*Builder
	submission Submission
	dir        string
	importPath string
}

// SubmissionArchive is the name of the compiled submission in the folder of its build.
const SubmissionArchive = "submission.a"

func (p *plan) sourceRoot() string        { return filepath.Join(p.dir, "src") }
func (p *plan) submissionArchive() string { return filepath.Join(p.dir, SubmissionArchive) }
func (p *plan) testsArchive() string      { return filepath.Join(p.dir, "tests.a") }
func (p *plan) binary() string            { return filepath.Join(p.dir, "kata.test") }

// folder is where a source file claims to lie, below sourceRoot and in the positions of stacks and diagnostics.
func (p *plan) folder() string {
	return filepath.Join("katas", filepath.FromSlash(string(p.submission.Kata.ID)))
}

func (p *plan) compileSubmission(ctx context.Context) error {
	pkg := instrument.Package{Path: p.importPath, Files: p.submission.Files, Memory: true}
	return p.compileRewritten(ctx, p.submissionArchive(), pkg, p.underTest())
}

// compileTests compiles the hidden tests as package main, together with the main function: one compilation fewer than
// the go command's package of tests and package main apart.
func (p *plan) compileTests(ctx context.Context) error {
	files, err := mainPackage(p.submission.Kata, p.importPath)
	if err != nil {
		return err
	}
	key, err := p.testsKey(files)
	if err != nil {
		return &Fault{What: fmt.Sprintf("build %s: %v", p.submission.Kata.ID, err), Hint: "kata doctor", Err: err}
	}
	if p.reuse(key) {
		return nil
	}
	config := p.underTest("packagefile " + p.importPath + "=" + p.submissionArchive())
	if err := p.compileRewritten(ctx, p.testsArchive(), instrument.Package{Path: "main", Files: files}, config); err != nil {
		return err
	}
	p.keep(key)
	return nil
}

func (p *plan) compile(ctx context.Context, importPath, archive string, files map[string][]byte, config []string) error {
	sources, err := p.write(files)
	if err != nil {
		return err
	}
	cfg := archive + ".importcfg"
	if err := os.WriteFile(cfg, []byte(strings.Join(config, "\n")+"\n"), 0o600); err != nil {
		return fmt.Errorf("build %s: %w", p.submission.Kata.ID, err)
	}
	args := []string{
		"-o", archive, "-p", importPath, "-importcfg", cfg, "-trimpath", p.sourceRoot() + "=>",
		"-race", "-lang=" + Language, "-complete", "-installsuffix", "race", "-nolocalimports", "-pack", "-c=2", "-dwarf=false",
	}
	return p.run(ctx, p.sourceRoot(), "compile", append(args, sources...)...)
}

// write puts the files where the compiler finds them and returns their paths below sourceRoot: the compiler names
// them in its messages as they were given.
func (p *plan) write(files map[string][]byte) ([]string, error) {
	folder := filepath.Join(p.sourceRoot(), p.folder())
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("build %s: %w", p.submission.Kata.ID, err)
	}
	var paths []string
	for _, name := range sortedNames(files) {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, files[name], 0o600); err != nil {
			return nil, fmt.Errorf("build %s: %w", p.submission.Kata.ID, err)
		}
		paths = append(paths, filepath.Join(p.folder(), name))
	}
	return paths, nil
}

// link makes the binary. Without symbol table and DWARF (-s -w) it takes a third less time; stacks need neither.
func (p *plan) link(ctx context.Context) error {
	cfg := filepath.Join(p.dir, "link.importcfg")
	lines := append(p.archives.importLines(), "packagefile "+p.importPath+"="+p.submissionArchive())
	if err := os.WriteFile(cfg, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		return fmt.Errorf("build %s: %w", p.submission.Kata.ID, err)
	}
	library := cmp.Or(p.archives.Support, "none")
	if _, ours := p.archives.Files[Module+"/katas/lab/popcount"]; ours && p.toolchain.Arch == "amd64" {
		library = "none" // see that package
	}
	return p.run(ctx, p.dir, "link", "-o", p.binary(), "-importcfg", cfg, "-race", "-s", "-w", "-installsuffix", "race",
		"-libgcc", library, "-buildmode=exe", "-X", "testing.testBinary=1", p.testsArchive())
}

// uncollected lets compiler and linker run without collecting garbage, as long as they need no more memory than any kata
// needs by far: the linker takes 70 MB either way, and is a sixth faster. Above that they collect as ever.
var uncollected = []string{"GOGC=off", "GOMEMLIMIT=512MiB"}

// run calls a tool of the toolchain in dir. What it says of sources comes back as a *CompileError.
func (p *plan) run(ctx context.Context, dir, tool string, args ...string) error {
	cmd := exec.CommandContext(ctx, p.toolchain.tool(tool), args...)
	cmd.Dir = dir
	cmd.Env = append([]string{"GOROOT=" + p.toolchain.Root, "TMPDIR=" + p.dir, "PATH=" + os.DevNull}, uncollected...)
	out, err := runTool(cmd)
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s %s: %w", tool, p.submission.Kata.ID, ctx.Err())
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if diagnostics := parseDiagnostics(out, filepath.ToSlash(p.folder())); len(diagnostics) > 0 {
			return &CompileError{Diagnostics: diagnostics}
		}
		if gaveUp(exit, out) {
			return p.bomb(tool)
		}
	}
	return &Fault{
		What: fmt.Sprintf("%s %s: %v: %s", tool, p.submission.Kata.ID, err, firstLines(strings.TrimSpace(out), 6)),
		Hint: "kata doctor",
		Err:  err,
	}
}
