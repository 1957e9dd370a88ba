package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// Language is the version of Go that katas are written in.
const Language = "go1.26"

// Toolchain is the Go installation that builds. The zero Toolchain builds nothing.
type Toolchain struct {
	// Go is the path of the go command.
	Go string `json:"go"`
	// Root is GOROOT.
	Root string `json:"root"`
	// Tools is the folder of compile and link.
	Tools string `json:"tools"`
	// Version is as "go1.26.8".
	Version string `json:"version"`
	// OS and Arch are what it builds for.
	OS   string `json:"os"`
	Arch string `json:"arch"`
	// Compiler is the C compiler that the race detector's first build needs, as CC names it.
	Compiler string `json:"compiler"`
}

func (tc Toolchain) tool(name string) string {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(tc.Tools, name)
}

// String is the toolchain as a verdict names it: "go1.26.8 linux/amd64".
func (tc Toolchain) String() string { return tc.Version + " " + tc.OS + "/" + tc.Arch }

// FindToolchain looks for go on the PATH of env and asks it about itself. What it learns is kept in cacheDir for as
// long as the go command's file stays as it is, since asking costs more than a cached verdict. The error is a *Fault.
func FindToolchain(ctx context.Context, env []string, cacheDir string) (Toolchain, error) {
	goCommand, err := lookPath("go", env)
	if err != nil {
		return Toolchain{}, &Fault{What: "no go command on PATH: grading compiles Go", Hint: "install Go 1.26 or newer, then run kata doctor", Err: err}
	}
	key, err := fileKey(goCommand)
	if err != nil {
		return Toolchain{}, &Fault{What: fmt.Sprintf("go command: %v", err), Hint: "kata doctor", Err: err}
	}
	memo := filepath.Join(cacheDir, "toolchain-"+key+".json")
	var tc Toolchain
	if data, err := os.ReadFile(memo); err == nil && json.Unmarshal(data, &tc) == nil && tc.tools() == nil {
		return tc, tc.check()
	}
	tc, err = askGo(ctx, goCommand, env)
	if err != nil {
		return Toolchain{}, err
	}
	if data, err := json.Marshal(tc); err == nil && os.MkdirAll(cacheDir, 0o700) == nil {
		// Only a memo: where it cannot be written the next run asks again.
		_ = writeAtomically(memo, data)
	}
	return tc, tc.check()
}

// tools reports an error where compile or link is not where it should be.
func (tc Toolchain) tools() error {
	for _, name := range []string{"compile", "link"} {
		if _, err := os.Stat(tc.tool(name)); err != nil {
			return err
		}
	}
	return nil
}

// check holds the toolchain to what grading needs.
func (tc Toolchain) check() error {
	if !atLeast(tc.Version, Language) {
		return &Fault{What: fmt.Sprintf("%s is %s, grading needs %s or newer", tc.Go, tc.Version, Language), Hint: "install Go 1.26 or newer, then run kata doctor"}
	}
	if err := tc.tools(); err != nil {
		return &Fault{What: fmt.Sprintf("the Go installation at %s lacks its compiler or linker: %v", tc.Root, err), Hint: "install Go again, then run kata doctor", Err: err}
	}
	return nil
}

// askGo runs `go env`.
func askGo(ctx context.Context, goCommand string, env []string) (Toolchain, error) {
	cmd := exec.CommandContext(ctx, goCommand, "env", "-json", "GOROOT", "GOTOOLDIR", "GOVERSION", "GOOS", "GOARCH", "CC")
	cmd.Env = goEnvironment(env)
	cmd.Dir = os.TempDir()
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
		}
		return Toolchain{}, &Fault{What: fmt.Sprintf("%s env: %v", goCommand, err), Hint: "kata doctor", Err: err}
	}
	var said struct{ GOROOT, GOTOOLDIR, GOVERSION, GOOS, GOARCH, CC string }
	if err := json.Unmarshal(out, &said); err != nil {
		return Toolchain{}, &Fault{What: fmt.Sprintf("%s env: %v", goCommand, err), Hint: "kata doctor", Err: err}
	}
	return Toolchain{
		Go: goCommand, Root: said.GOROOT, Tools: said.GOTOOLDIR, Version: said.GOVERSION,
		OS: said.GOOS, Arch: said.GOARCH, Compiler: said.CC,
	}, nil
}

// FindCompiler looks for the C compiler that the toolchain would call. The error is a *Fault.
func FindCompiler(tc Toolchain, env []string) (string, error) {
	command, _, _ := strings.Cut(tc.Compiler, " ")
	path, err := lookPath(command, env)
	if err != nil {
		return "", &Fault{What: fmt.Sprintf("no C compiler (%s): the race detector needs one for its first build", command), Hint: installCompiler, Err: err}
	}
	return path, nil
}

const installCompiler = "install gcc or clang (Debian: apt-get install gcc; macOS: xcode-select --install), then run kata doctor"

// goEnvironment is env with what could change what is built taken out or fixed.
func goEnvironment(env []string) []string {
	var kept []string
	for _, kv := range env {
		name, _, _ := strings.Cut(kv, "=")
		switch name {
		case "GOFLAGS", "GOENV", "GOWORK", "GOTOOLCHAIN", "GOOS", "GOARCH", "GOEXPERIMENT", "GO111MODULE", "GODEBUG", "CGO_ENABLED", "GORACE", "GOTMPDIR", "PWD":
			continue
		}
		kept = append(kept, kv)
	}
	return append(kept, "GOTOOLCHAIN=local", "GOWORK=off", "GOENV=off", "GOFLAGS=-buildvcs=false", "CGO_ENABLED=1")
}

// lookPath is exec.LookPath on the PATH of env.
func lookPath(name string, env []string) (string, error) {
	if filepath.IsAbs(name) {
		return name, executable(name)
	}
	for _, dir := range filepath.SplitList(variable(env, "PATH")) {
		if dir == "" || dir == "." {
			continue // what lies in the current folder is the learner's
		}
		path := filepath.Join(dir, name)
		if runtime.GOOS == "windows" {
			path += ".exe"
		}
		if executable(path) == nil {
			return path, nil
		}
	}
	return "", &exec.Error{Name: name, Err: exec.ErrNotFound}
}

func executable(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() || runtime.GOOS != "windows" && info.Mode()&0o111 == 0 {
		return os.ErrPermission
	}
	return nil
}

// variable is the last value of a variable in env, as the system takes it.
func variable(env []string, name string) string {
	value := ""
	for _, kv := range env {
		if n, v, ok := strings.Cut(kv, "="); ok && n == name {
			value = v
		}
	}
	return value
}

// atLeast compares versions such as "go1.26.8" and "go1.26"; a development version counts as new.
func atLeast(version, least string) bool {
	have, want := numbers(version), numbers(least)
	if len(have) == 0 {
		return strings.HasPrefix(version, "devel")
	}
	for i, w := range want {
		if i >= len(have) || have[i] != w {
			return i < len(have) && have[i] > w
		}
	}
	return true
}

func numbers(version string) []int {
	var out []int
	for part := range strings.SplitSeq(strings.TrimPrefix(version, "go"), ".") {
		digits := part
		if i := strings.IndexFunc(part, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
			digits = part[:i]
		}
		n, err := strconv.Atoi(digits)
		if err != nil {
			return out
		}
		out = append(out, n)
	}
	return out
}
