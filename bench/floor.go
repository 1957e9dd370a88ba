package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// laboratoryFloor calls the compiler, the linker and the test binary, with nothing around them: what no grader that
// builds a test binary can be faster than.
type laboratoryFloor struct {
	l     *laboratory
	s     subject
	dir   string
	tools string
	// config are the lines of the importcfg but for the kata's own.
	config string
	env    []string
}

func newFloor(l *laboratory, s subject) (*laboratoryFloor, error) {
	f := &laboratoryFloor{l: l, s: s, dir: filepath.Join(l.dir, "floor")}
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		return nil, err
	}
	out, err := exec.Command("go", "env", "GOTOOLDIR", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	lines := strings.Fields(string(out))
	f.tools, f.env = lines[0], []string{"GOROOT=" + lines[1], "TMPDIR=" + f.dir, "GOGC=off"}
	if f.config, err = f.archives("./katas/" + s.id); err != nil {
		return nil, err
	}
	return f, f.layTests(f.dir, "")
}

// archives builds all that packages import with the race detector, and returns it as lines of an importcfg.
func (f *laboratoryFloor) archives(packages ...string) (string, error) {
	args := []string{"list", "-race", "-deps", "-test", "-export", "-gcflags=all=-dwarf=false", "-f", "{{if and .Export (not .ForTest)}}packagefile {{.ImportPath}}={{.Export}}{{end}}"}
	cmd := exec.Command("go", append(args, packages...)...)
	cmd.Dir = f.l.project
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go list -export: %w", err)
	}
	var kept []string
	for line := range strings.Lines(string(out)) {
		if name, ok := strings.CutPrefix(line, "packagefile "); ok && !strings.HasPrefix(name, f.path()+"=") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, ""), nil
}

// path is the kata's import path.
func (f *laboratoryFloor) path() string { return "github.com/python-concurrency/kata/katas/" + f.s.id }

var testNames = regexp.MustCompile(`(?m)^func (Test\w+)\(`)

// layTests writes the hidden tests to a folder as package main, with a main function, and with an import more where
// one is asked for.
func (f *laboratoryFloor) layTests(dir, extra string) error {
	files, err := filepath.Glob(filepath.Join(f.l.inProject(f.s.id), "*_test.go"))
	if err != nil {
		return err
	}
	table := ""
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for _, m := range testNames.FindAllStringSubmatch(string(data), -1) {
			table += fmt.Sprintf("\t{Name: %q, F: %s},\n", m[1], m[1])
		}
		source := strings.Replace(string(data), "package "+strings.TrimSuffix(f.s.file, ".go")+"_test", "package main", 1)
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), []byte(source), 0o644); err != nil {
			return err
		}
	}
	main := "package main\n\nimport (\n\tbenchtesting \"testing\"\n" + extra + ")\n\nvar benchTests = []benchtesting.InternalTest{\n" + table +
		"}\n\nfunc main() {\n\tbenchtesting.Main(func(string, string) (bool, error) { return true, nil }, benchTests, nil, nil)\n}\n"
	return os.WriteFile(filepath.Join(dir, "main.go"), []byte(main), 0o644)
}

// round times one build and run of the kata as it lies in the copy of the project.
func (f *laboratoryFloor) round(times series, tests bool) error {
	parts := []struct {
		name string
		do   func() (float64, error)
		in   bool
	}{
		{"compile", f.compileSubmission, true},
		{"tests", func() (float64, error) { return f.compileTests(f.dir) }, tests},
		{"link", func() (float64, error) { return f.link(f.dir, f.config) }, true},
		{"run", f.run, true},
	}
	sum := 0.0
	for _, p := range parts {
		took, err := p.do()
		if err != nil {
			return err
		}
		if p.in {
			sum += took
		}
		times.add(p.name, took)
	}
	times.add(floor, sum)
	return nil
}

func (f *laboratoryFloor) compileSubmission() (float64, error) {
	files, err := filepath.Glob(filepath.Join(f.l.inProject(f.s.id), "*.go"))
	if err != nil {
		return 0, err
	}
	var sources []string
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			sources = append(sources, file)
		}
	}
	return f.compile(f.path(), filepath.Join(f.dir, "submission.a"), f.config, sources)
}

func (f *laboratoryFloor) compileTests(dir string) (float64, error) {
	sources, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return 0, err
	}
	return f.compile("main", filepath.Join(dir, "main.a"), f.withSubmission(f.config), sources)
}

func (f *laboratoryFloor) withSubmission(config string) string {
	return config + "packagefile " + f.path() + "=" + filepath.Join(f.dir, "submission.a") + "\n"
}

func (f *laboratoryFloor) compile(importPath, archive, config string, sources []string) (float64, error) {
	cfg := archive + ".importcfg"
	if err := os.WriteFile(cfg, []byte(config), 0o644); err != nil {
		return 0, err
	}
	args := []string{"-o", archive, "-p", importPath, "-importcfg", cfg, "-race", "-complete", "-installsuffix", "race", "-pack", "-c=2", "-dwarf=false"}
	return f.tool("compile", append(args, sources...)...)
}

func (f *laboratoryFloor) link(dir, config string) (float64, error) {
	cfg := filepath.Join(dir, "link.importcfg")
	if err := os.WriteFile(cfg, []byte(f.withSubmission(config)), 0o644); err != nil {
		return 0, err
	}
	args := []string{"-o", filepath.Join(dir, "test"), "-importcfg", cfg, "-race", "-s", "-w", "-installsuffix", "race", "-buildmode=exe"}
	if strings.Contains(config, "/katas/lab/popcount=") {
		args = append(args, "-libgcc", "none")
	}
	return f.tool("link", append(args, filepath.Join(dir, "main.a"))...)
}

func (f *laboratoryFloor) tool(name string, args ...string) (float64, error) {
	cmd := exec.Command(filepath.Join(f.tools, name), args...)
	cmd.Env = f.env
	return timed(cmd)
}

func (f *laboratoryFloor) run() (float64, error) {
	cmd := exec.Command(filepath.Join(f.dir, "test"))
	cmd.Dir = f.dir
	cmd.Env = []string{"GORACE=atexit_sleep_ms=0", "TMPDIR=" + f.dir}
	return timed(cmd)
}
