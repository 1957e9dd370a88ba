package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The tests in this file say what a machine that lacks something is told.

// pathOf makes a folder with the named programs and returns an environment that finds nothing else.
func pathOf(t *testing.T, programs map[string]string) []string {
	t.Helper()
	dir := t.TempDir()
	for name, script := range programs {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	}
	return []string{"PATH=" + dir, "HOME=" + dir}
}

// oldGo answers `go env -json` as a Go of that version.
func oldGo(version string) string {
	return fmt.Sprintf(`echo '{"GOROOT":"/nowhere","GOTOOLDIR":"/nowhere","GOVERSION":"%s","GOOS":"linux","GOARCH":"amd64","CC":"gcc"}'`, version)
}

func fault(t *testing.T, err error) *Fault {
	t.Helper()
	var f *Fault
	require.ErrorAs(t, err, &f)
	require.NotEmpty(t, f.Hint)
	return f
}

func TestToolchainsThatWillNotDo(t *testing.T) {
	for name, c := range map[string]struct {
		programs   map[string]string
		what, hint string
	}{
		"no go":               {nil, "no go command on PATH", "install Go 1.26"},
		"too old":             {map[string]string{"go": oldGo("go1.25.9")}, "is go1.25.9, grading needs go1.26", "install Go 1.26"},
		"much too old":        {map[string]string{"go": oldGo("go1.9")}, "grading needs go1.26", "install Go 1.26"},
		"go that fails":       {map[string]string{"go": "echo broken >&2; exit 1"}, "broken", "kata doctor"},
		"go that talks":       {map[string]string{"go": "echo hello"}, "env", "kata doctor"},
		"without its linker":  {map[string]string{"go": oldGo("go1.26.1")}, "lacks its compiler or linker", "install Go again"},
		"a go that is no one": {map[string]string{"go": oldGo("")}, "grading needs go1.26", "install Go 1.26"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := FindToolchain(context.Background(), pathOf(t, c.programs), t.TempDir())
			f := fault(t, err)
			require.Contains(t, f.What, c.what)
			require.Contains(t, f.Hint, c.hint)
		})
	}
}

func TestVersionsAreCompared(t *testing.T) {
	for version, enough := range map[string]bool{
		"go1.26": true, "go1.26.8": true, "go1.27rc1": true, "go2.0": true, "go1.26-custom": true, "devel go1.27-abc": true,
		"go1.25.99": false, "go1.9": false, "go1": false, "": false,
	} {
		require.Equal(t, enough, atLeast(version, Language), version)
	}
}

func TestTheRealToolchainIsFoundAndRemembered(t *testing.T) {
	cache := t.TempDir()
	first, err := FindToolchain(context.Background(), os.Environ(), cache)
	require.NoError(t, err)
	require.NoError(t, first.tools())
	memos, err := filepath.Glob(filepath.Join(cache, "toolchain-*.json"))
	require.NoError(t, err)
	require.Len(t, memos, 1)
	again, err := FindToolchain(context.Background(), os.Environ(), cache)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.NoError(t, os.WriteFile(memos[0], []byte("{torn"), 0o600))
	again, err = FindToolchain(context.Background(), os.Environ(), cache)
	require.NoError(t, err)
	require.Equal(t, first, again)
}

func TestNothingIsTakenFromTheCurrentFolder(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go"), []byte("#!/bin/sh\n"), 0o755))
	t.Chdir(dir)
	for _, p := range []string{".", "", ":"} {
		_, err := lookPath("go", []string{"PATH=" + p})
		require.Error(t, err)
	}
}

func TestWhatCouldChangeTheBuildIsKeptOut(t *testing.T) {
	env := goEnvironment([]string{"GOFLAGS=-tags=evil", "GOWORK=/x", "HOME=/h", "GOEXPERIMENT=none", "GOTOOLCHAIN=go9", "GOPROXY=off"})
	all := strings.Join(env, "\n")
	require.NotContains(t, all, "evil")
	require.NotContains(t, all, "/x")
	require.NotContains(t, all, "go9")
	require.NotContains(t, all, "GOEXPERIMENT")
	require.Contains(t, env, "HOME=/h")
	require.Contains(t, env, "GOPROXY=off")
}

// support is the lab as it lies in the project.
func support() Support { return Support{Katas: os.DirFS("../../katas")} }

func TestWhatTheFirstBuildLacks(t *testing.T) {
	tc, err := FindToolchain(context.Background(), os.Environ(), t.TempDir())
	require.NoError(t, err)
	for name, c := range map[string]struct {
		script     string
		env        []string
		what, hint string
	}{
		"no C compiler":  {"echo 'cgo: C compiler \"gcc\" not found' >&2; exit 1", nil, "no C compiler", "install gcc"},
		"a full disk":    {"echo 'write x: no space left on device' >&2; exit 1", []string{"gcc"}, "no space is left", "300 MB"},
		"no module":      {"echo 'lab/real.go: go.uber.org/goleak@v1.3.0: dial tcp: lookup failed' >&2; exit 1", []string{"gcc"}, "goleak", "while online"},
		"proxy off":      {"echo 'go.uber.org/goleak@v1.3.0: module lookup disabled by GOPROXY=off' >&2; exit 1", []string{"gcc"}, "goleak", "while online"},
		"something else": {"echo 'surprise' >&2; exit 1", []string{"gcc"}, "surprise", "kata doctor"},
	} {
		t.Run(name, func(t *testing.T) {
			programs := map[string]string{"go": c.script}
			for _, p := range c.env {
				programs[p] = "exit 0"
			}
			env := pathOf(t, programs)
			broken := tc
			broken.Go = filepath.Join(strings.TrimPrefix(env[0], "PATH="), "go")
			told := &notes{}
			_, err := Prepare(context.Background(), broken, support(), t.TempDir(), env, told)
			f := fault(t, err)
			require.Contains(t, f.What, c.what)
			require.Contains(t, f.Hint, c.hint)
			require.Len(t, told.all(), 1)
		})
	}
}

func TestACacheThatCannotBeWrittenIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	tc, err := FindToolchain(context.Background(), os.Environ(), t.TempDir())
	require.NoError(t, err)
	_, err = Prepare(context.Background(), tc, support(), file, os.Environ(), &notes{})
	require.Contains(t, fault(t, err).Hint, "KATA_CACHE")
}

func TestTheModuleOfTheArchivesPinsWhatTheProjectPins(t *testing.T) {
	project, err := os.ReadFile("../../go.sum")
	require.NoError(t, err)
	for line := range strings.Lines(string(goSum)) {
		require.Contains(t, string(project), line)
	}
	mod, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	for line := range strings.Lines(string(goMod)) {
		if module, ok := strings.CutPrefix(strings.TrimSpace(line), "require "); ok {
			require.Contains(t, string(mod), module)
		}
	}
}
