package scaffold_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner"
	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/scaffold"
	"github.com/python-concurrency/kata/runner/verdict"
)

// clone is a repository with what a kata needs of the real one: its go.mod and the lab.
func clone(t *testing.T) string {
	t.Helper()
	root := repository(t, nil)
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join("../..", name))
		require.NoError(t, err)
		put(t, root, name, string(text))
	}
	require.NoError(t, os.CopyFS(filepath.Join(root, "katas/lab"), os.DirFS("../../katas/lab")))
	return root
}

func goCommand(t *testing.T, root string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "go %s: %s", strings.Join(args, " "), out)
	return string(out)
}

// TestWhatIsLaidCompiles: an author starts from something that works, in the editor too.
func TestWhatIsLaidCompiles(t *testing.T) {
	root := clone(t)
	written, err := scaffold.Lay(root, "newtrack/handover", 1)
	require.NoError(t, err)
	all := strings.Fields(goCommand(t, root, "list", "./..."))
	require.Contains(t, all, "github.com/python-concurrency/kata/solutions/newtrack/handover")
	require.NotContains(t, all, "github.com/python-concurrency/kata/katas/newtrack/handover", "the stub fails by intent")

	vet := []string{"vet", "./katas/newtrack/handover", "./solutions/newtrack/handover"}
	for _, name := range written {
		if strings.Contains(name, "testdata") {
			vet = append(vet, "./"+filepath.ToSlash(filepath.Dir(name)))
		}
	}
	goCommand(t, root, vet...)

	kata := filepath.Join(root, "katas/newtrack/handover/handover.go")
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{kata: filepath.Join(root, "solutions/newtrack/handover/handover.go")}})
	require.NoError(t, err)
	put(t, root, "overlay.json", string(overlay))
	goCommand(t, root, "test", "-overlay=overlay.json", "./katas/newtrack/handover")
}

// TestWhatIsLaidIsGradedAsItSays: the solution and the right one pass, the wrong ones fail for what their first lines
// say, and so does the stub.
func TestWhatIsLaidIsGradedAsItSays(t *testing.T) {
	root := repository(t, nil)
	_, err := scaffold.Lay(root, "newtrack/handover", 1)
	require.NoError(t, err)
	c, err := catalog.Load(os.DirFS(filepath.Join(root, "katas")), os.DirFS(filepath.Join(root, "solutions")))
	require.NoError(t, err)
	k := c.Katas()[0]
	solution, err := c.Solution(k.ID)
	require.NoError(t, err)
	variants, err := c.Variants(k.ID)
	require.NoError(t, err)
	require.Len(t, variants, 5)
	variants = append(variants, catalog.Variant{Name: "reference", Right: true, Files: solution},
		catalog.Variant{Name: "stub", Kind: verdict.Wrong, Files: k.Stub})
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	r := runner.New(runner.Config{
		Catalog: c, Support: os.DirFS("../../katas"), CacheDir: filepath.Join(base, "kata-test"), Env: os.Environ(), Version: t.Name(),
	})
	for _, v := range variants {
		t.Run(v.Name, func(t *testing.T) {
			got := r.Check(context.Background(), runner.Request{Kata: k, Files: v.Files, Fresh: true})
			require.Nil(t, got.Problem)
			require.Equal(t, v.Kind, got.First(), "%+v", got.Findings)
			require.Equal(t, v.Right, got.Status == verdict.Passed)
		})
	}
}
