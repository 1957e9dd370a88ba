package workspace

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestAWorkspaceIsAModuleThatBuildsOffline(t *testing.T) {
	w := newWorkspace(t, two, one)
	cmd := exec.Command("go", "vet", "./...")
	cmd.Dir = w.Root()
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=readonly", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
}

func TestNoHiddenTestReachesAWorkspace(t *testing.T) {
	w := newWorkspace(t, two)
	files := tree(t, w.Root())
	require.Contains(t, files, ".kata/lib/katas/sim/gil/gil.go")
	for name := range files {
		require.False(t, strings.HasSuffix(name, "_test.go"), name)
		require.False(t, strings.Contains(name, "lab/"), name)
	}
}

func TestInitLeavesWhatIsThere(t *testing.T) {
	w := newWorkspace(t)
	put(t, w, "README.md", "mine")
	put(t, w, "go.mod", get(t, w.path("go.mod"))+"\n// mine\n")
	put(t, w, ".gitattributes", "")
	put(t, w, "gil/two/notes.md", "mine")
	before := tree(t, w.Root())
	_, err := Init(w.Root(), library)
	require.NoError(t, err)
	require.Equal(t, before, tree(t, w.Root()))
}

func TestInitMayUseAFolderWithOtherThings(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "README.md"), []byte("mine"), 0o644))
	w, err := Init(dir, library)
	require.NoError(t, err)
	require.Equal(t, "mine", get(t, w.path("README.md")))
	require.FileExists(t, w.path("go.mod"))
}

func TestInitBringsTheLibraryUpToDate(t *testing.T) {
	w := newWorkspace(t)
	old, err := os.Stat(w.path(".kata/lib/go.mod"))
	require.NoError(t, err)
	newer := fstest.MapFS{"sim/process/process.go": {Data: []byte("package process\n")}}
	_, err = Init(w.Root(), newer)
	require.NoError(t, err)
	require.Equal(t, "package process\n", get(t, w.path(".kata/lib/katas/sim/process/process.go")))
	require.NoFileExists(t, w.path(".kata/lib/katas/sim/gil/gil.go"), "what is no more goes")
	same, err := os.Stat(w.path(".kata/lib/go.mod"))
	require.NoError(t, err)
	require.True(t, os.SameFile(old, same), "what has not changed is not written")
}

func TestInitWithoutSimulators(t *testing.T) {
	_, err := Init(filepath.Join(t.TempDir(), "ws"), fstest.MapFS{})
	require.NoError(t, err)
}

func TestInitRefusesAnotherModule(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module other\n"), 0o644))
	_, err := Init(dir, library)
	require.ErrorContains(t, err, "another module")
	require.Equal(t, map[string]string{"go.mod": "module other\n"}, tree(t, dir))
}

func TestInitKnowsAWorkspaceThatLostItsOwnFolder(t *testing.T) {
	w := newWorkspace(t, two)
	put(t, w, "go.mod", get(t, w.path("go.mod"))+"\n// mine\n")
	require.NoError(t, os.RemoveAll(w.OwnDir()))
	_, err := Init(w.Root(), library)
	require.NoError(t, err)
	require.FileExists(t, w.path(".kata/lib/katas/sim/gil/gil.go"))
	require.Contains(t, get(t, w.path("go.mod")), "// mine")
}

func TestInitDoesNotFollowALinkOut(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, Own)))
	_, err := Init(dir, library)
	require.ErrorContains(t, err, "make the workspace")
	require.Empty(t, tree(t, outside))
}
