package build

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

type export struct{ importPath, file string }

// withoutDebug: nothing that is graded is debugged, stacks need no DWARF, and the linker reads every symbol of it. So
// the archives are others than those of the user's own go test -race.
const withoutDebug = "-gcflags=all=-dwarf=false"

// list runs `go list -export`, which compiles what it lists. After each package it calls compiled with how many are
// done of how many.
func (s Support) list(ctx context.Context, tc Toolchain, module string, env []string, compiled func(done, all int)) ([]export, error) {
	stale, err := s.goList(ctx, tc, module, env, nil, "-f", "{{if .Stale}}{{.ImportPath}}{{end}}")
	if err != nil {
		return nil, err
	}
	all := len(slices.DeleteFunc(strings.Split(stale, "\n"), func(line string) bool { return strings.TrimSpace(line) == "" }))
	done := 0
	built, err := s.goList(ctx, tc, module, env, func() { done++; compiled(min(done, all), all) }, "-export", "-v", "-f", "{{.ImportPath}}\t{{.Export}}")
	if err != nil {
		return nil, err
	}
	var exports []export
	for line := range strings.Lines(built) {
		importPath, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if file != "" { // package unsafe has no archive
			exports = append(exports, export{importPath, file})
		}
	}
	return exports, nil
}

// goList runs `go list` over all packages and returns what it prints. It calls named, if there is one, for each line on
// stderr that is the name of a package: that is how the go command tells what it compiles (-v).
func (s Support) goList(ctx context.Context, tc Toolchain, module string, env []string, named func(), args ...string) (string, error) {
	args = slices.Concat([]string{"list", "-race", "-deps", withoutDebug}, args, s.packages())
	cmd := exec.CommandContext(ctx, tc.Go, args...)
	cmd.Dir = module
	cmd.Env = goEnvironment(env)
	var stdout, said bytes.Buffer
	cmd.Stdout = &stdout
	stderr, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		readNames(stderr, &said, named)
		err = cmd.Wait()
	}
	switch {
	case err == nil:
		return stdout.String(), nil
	case ctx.Err() != nil:
		return "", ctx.Err()
	}
	return "", explainList(tc, env, said.String(), err)
}

// readNames sorts what the go command says on stderr into names of packages and the rest.
func readNames(from io.Reader, rest *bytes.Buffer, named func()) {
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadString('\n')
		name := strings.TrimSpace(line)
		switch {
		case name == "":
		case named != nil && !strings.ContainsAny(name, " :"):
			named()
		default:
			rest.WriteString(line)
		}
		if err != nil {
			return
		}
	}
}

// explainList turns a failed `go list` into what the machine lacks.
func explainList(tc Toolchain, env []string, said string, err error) error {
	said = strings.TrimSpace(said)
	for _, c := range listFaults {
		if c.fits(tc, env, said) {
			return &Fault{What: c.what, Hint: c.hint, Err: errors.New(said)}
		}
	}
	return &Fault{What: fmt.Sprintf("go list: %v: %s", err, firstLines(said, 6)), Hint: "kata doctor", Err: err}
}

// listFaults are the faults that a first build is known to meet.
var listFaults = []struct {
	what, hint string
	fits       func(tc Toolchain, env []string, said string) bool
}{
	{
		what: "no C compiler: the race detector needs one for its first build",
		hint: installCompiler,
		fits: func(tc Toolchain, env []string, said string) bool {
			_, err := FindCompiler(tc, env)
			return err != nil || strings.Contains(said, "C compiler")
		},
	},
	{
		what: "no space is left on the disk for the first build",
		hint: "free about 300 MB, then run kata doctor",
		fits: func(_ Toolchain, _ []string, said string) bool {
			return strings.Contains(said, "no space left on device")
		},
	},
	{
		what: "the module go.uber.org/goleak is neither in the module cache nor to be had from the network",
		hint: "run kata doctor once while online; after that all works offline",
		fits: func(_ Toolchain, _ []string, said string) bool {
			return strings.Contains(said, "goleak") && (strings.Contains(said, "dial tcp") || strings.Contains(said, "lookup") ||
				strings.Contains(said, "GOPROXY=off") || strings.Contains(said, "module lookup disabled"))
		},
	},
}

// compilerLibrary asks the C compiler for its support library, as the linker does (cmd/link, -libgcc).
func compilerLibrary(ctx context.Context, tc Toolchain, env []string) string {
	compiler, err := FindCompiler(tc, env)
	if err != nil {
		return ""
	}
	cmd := exec.CommandContext(ctx, compiler, "-print-libgcc-file-name")
	cmd.Env = env
	out, err := cmd.Output()
	library := strings.TrimSpace(string(out))
	if err != nil || !filepath.IsAbs(library) {
		return ""
	}
	if _, err := os.Stat(library); err != nil {
		return ""
	}
	return library
}

func firstLines(s string, n int) string {
	lines := strings.Split(s, "\n")
	return strings.Join(lines[:min(n, len(lines))], "\n")
}
