package runner_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// katas are the ids of all katas, as they lie in the tree.
func katas(t *testing.T) []string {
	t.Helper()
	manifests, err := filepath.Glob("../katas/*/*/kata.toml")
	require.NoError(t, err)
	require.NotEmpty(t, manifests)
	var ids []string
	for _, m := range manifests {
		slug := filepath.Dir(m)
		ids = append(ids, filepath.Base(filepath.Dir(slug))+"/"+filepath.Base(slug))
	}
	return ids
}

func goCommand(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = ".."
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "go %s: %s", strings.Join(args, " "), out)
	return string(out)
}

// TestStubsStayOutOfTheProjectsOwnTests: a stub fails by intent, so ./... must not see it, and everything else must.
func TestStubsStayOutOfTheProjectsOwnTests(t *testing.T) {
	all := strings.Fields(goCommand(t, "list", "./..."))
	for _, id := range katas(t) {
		require.NotContains(t, all, module+"katas/"+id, "add ./katas/%s to the ignore list in go.mod", filepath.Dir(id))
		require.Contains(t, all, module+"solutions/"+id)
		goCommand(t, "vet", "./katas/"+id)
	}
	for _, rel := range []string{"katas/lab", "katas/lab/sync", "katas/sim/gil", "katas/sim/process", "cmd/kata"} {
		require.Contains(t, all, module+rel)
	}
}

// TestHiddenTestsRunUnderPlainGoTest: an author's editor runs them so, with a solution in place of the stub.
func TestHiddenTestsRunUnderPlainGoTest(t *testing.T) {
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	replace := make(map[string]string)
	args := []string{"test", "-race", "-timeout=300s", "-overlay=" + filepath.Join(t.TempDir(), "overlay.json")}
	for _, id := range katas(t) {
		files, err := filepath.Glob(filepath.Join(root, "solutions", id, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			replace[filepath.Join(root, "katas", id, filepath.Base(file))] = file
		}
		args = append(args, "./katas/"+id)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(strings.TrimPrefix(args[3], "-overlay="), overlay, 0o644))
	goCommand(t, args...)
}
