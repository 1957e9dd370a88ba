package build

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/store"
)

// The tests in this file let a shell script be the go command: the first build takes half a minute of a processor.

// notes keeps what somebody was told.
type notes struct {
	mu   sync.Mutex
	said []string
	// heard is called with each, if it is there.
	heard func(string)
}

func (n *notes) Step(what string)   { n.hear(what) }
func (n *notes) Update(what string) { n.hear(what) }

func (n *notes) hear(what string) {
	n.mu.Lock()
	n.said = append(n.said, what)
	n.mu.Unlock()
	if n.heard != nil {
		n.heard(what)
	}
}

func (n *notes) all() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.said
}

// scripted is a toolchain whose go command lists one package, and compiles it as soon as a file "go" is in its folder.
// Each compilation leaves a line in "compiled".
func scripted(t *testing.T) (tc Toolchain, env []string, dir string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the go command is a shell script")
	}
	dir = t.TempDir()
	archive := filepath.Join(dir, "one.a")
	require.NoError(t, os.WriteFile(archive, []byte("!<arch>\n"), 0o600))
	script := fmt.Sprintf(`#!/bin/sh
cd %q
case "$*" in
*" -export "*)
  echo x >>compiled
  echo one >&2
  while [ ! -e go ]; do sleep 0.01; done
  [ -e broken ] && { cat broken >&2; exit 1; }
  printf 'one\t%%s\n' %q ;;
*) echo one; echo two ;;
esac
`, dir, archive)
	tc = Toolchain{Go: filepath.Join(dir, "gocommand"), Version: "go1.26", OS: "linux", Arch: "amd64", Compiler: "cc"}
	require.NoError(t, os.WriteFile(tc.Go, []byte(script), 0o700))
	return tc, []string{"PATH=" + os.Getenv("PATH")}, dir
}

func allow(t *testing.T, dir string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go"), nil, 0o600))
}

func compilations(t *testing.T, dir string) int {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "compiled"))
	require.NoError(t, err)
	return strings.Count(string(data), "x")
}

func TestOneThatComesEarlyJoinsTheBuildAndTellsOfItsProgress(t *testing.T) {
	tc, env, dir := scripted(t)
	cache := t.TempDir()
	began := make(chan struct{})
	builder := &notes{heard: func(what string) {
		if strings.Contains(what, "package 1 of 2") {
			close(began)
		}
	}}
	built := make(chan error, 1)
	go func() {
		_, err := Prepare(context.Background(), tc, support(), cache, env, builder)
		built <- err
	}()
	<-began
	joiner := &notes{heard: func(what string) {
		if strings.Contains(what, "package 1 of 2, by another kata") {
			allow(t, dir)
		}
	}}
	a, err := Prepare(context.Background(), tc, support(), cache, env, joiner)
	require.NoError(t, err)
	require.NoError(t, <-built)
	require.Contains(t, a.Files, "one")
	require.Equal(t, 1, compilations(t, dir))
	require.Contains(t, joiner.all()[0], "another kata has begun")
	again := &notes{}
	_, err = Prepare(context.Background(), tc, support(), cache, env, again)
	require.NoError(t, err)
	require.Empty(t, again.all())
}

func TestAJoinerCanBeCalledOff(t *testing.T) {
	tc, _, dir := scripted(t)
	cache := t.TempDir()
	key, err := support().Key(tc)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Join(cache, store.Archives.Name), 0o700))
	release, err := store.Acquire(context.Background(), store.ArchiveLock(cache, key), store.Exclusive, nil)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	_, err = Prepare(ctx, tc, support(), cache, nil, &notes{heard: func(string) { cancel() }})
	require.ErrorIs(t, err, context.Canceled)
	require.NoFileExists(t, filepath.Join(dir, "compiled"))
	release()
}

func TestABuildThatFailedLeavesNothingButItsReason(t *testing.T) {
	tc, env, dir := scripted(t)
	cache := t.TempDir()
	broken := filepath.Join(dir, "broken")
	require.NoError(t, os.WriteFile(broken, []byte("write x: no space left on device\n"), 0o600))
	allow(t, dir)
	env = append(env, "CC=cc")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "cc"), []byte("#!/bin/sh\nexit 1\n"), 0o700))
	env[0] = "PATH=" + dir + string(os.PathListSeparator) + os.Getenv("PATH")
	_, err := Prepare(context.Background(), tc, support(), cache, env, &notes{})
	require.Contains(t, fault(t, err).What, "no space is left")
	key, err := support().Key(tc)
	require.NoError(t, err)
	left, err := os.ReadDir(store.ArchiveSet(cache, key))
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.Equal(t, failureFile, left[0].Name())
	require.True(t, Wanted(cache, key))

	require.NoError(t, os.Remove(broken))
	told := &notes{}
	_, err = Prepare(context.Background(), tc, support(), cache, env, told)
	require.NoError(t, err)
	require.Contains(t, told.all()[0], "; the last attempt failed: no space is left")
	require.NoFileExists(t, filepath.Join(store.ArchiveSet(cache, key), failureFile))
	require.False(t, Wanted(cache, key))
}

func TestABuildThatWasKilledIsBegunAgain(t *testing.T) {
	tc, env, dir := scripted(t)
	cache := t.TempDir()
	key, err := support().Key(tc)
	require.NoError(t, err)
	set := store.ArchiveSet(cache, key)
	require.NoError(t, os.MkdirAll(filepath.Join(set, "module"), 0o700))
	stage{Done: 7, All: 9}.write(set)
	allow(t, dir)
	told := &notes{}
	_, err = Prepare(context.Background(), tc, support(), cache, env, told)
	require.NoError(t, err)
	require.Contains(t, told.all()[0], "did not come to its end")
	require.NoDirExists(t, filepath.Join(set, "module"))
	require.NoFileExists(t, filepath.Join(set, stageFile))
}

func TestArchivesThatWereRemovedAreNotBuiltFrom(t *testing.T) {
	tc, env, dir := scripted(t)
	cache := t.TempDir()
	allow(t, dir)
	a, err := Prepare(context.Background(), tc, support(), cache, env, &notes{})
	require.NoError(t, err)
	require.True(t, a.There())
	release, err := a.Hold(context.Background())
	require.NoError(t, err)
	store.TrimArchives(cache, "another") // far below the bound, and held besides
	require.True(t, a.There())
	release()
	require.NoError(t, os.RemoveAll(filepath.Join(cache, store.Archives.Name)))
	require.False(t, a.There())
	_, err = a.Hold(context.Background())
	require.Contains(t, fault(t, err).What, "emptied")
}

func TestTheGoCommandsNamesAreToldFromWhatItSays(t *testing.T) {
	var rest bytes.Buffer
	names := 0
	readNames(strings.NewReader("runtime\ninternal/abi\n# runtime/cgo\ngcc: error\nlab/t.go:3: broken\nlast"), &rest, func() { names++ })
	require.Equal(t, 3, names)
	require.Equal(t, "# runtime/cgo\ngcc: error\nlab/t.go:3: broken\n", rest.String())
}
