package runner

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/build"
	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/store"
	"github.com/python-concurrency/kata/runner/verdict"
)

// circumstance is all that a cached verdict is found by.
type circumstance struct {
	request  Request
	version  string
	tools    build.Toolchain
	archives string
}

func (c circumstance) keys(t *testing.T) []string {
	t.Helper()
	r := New(Config{Version: c.version})
	keys := []string{r.verdictKey(c.request, c.tools, c.archives)}
	if like, ok := r.effectKey(c.request, c.tools, c.archives); ok {
		keys = append(keys, like)
	}
	return keys
}

// TestAVerdictHoldsForNothingElse: whatever a verdict rests on, a change of it leads to another place in the cache.
func TestAVerdictHoldsForNothingElse(t *testing.T) {
	files := func(pairs ...string) map[string][]byte {
		all := make(map[string][]byte)
		for i := 0; i < len(pairs); i += 2 {
			all[pairs[i]] = []byte(pairs[i+1])
		}
		return all
	}
	const source = "package each\n\nfunc F() int { return 1 }\n"
	seen := make(map[string]string)
	for name, change := range map[string]func(*circumstance){
		"as it is":                  func(*circumstance) {},
		"another submission":        func(c *circumstance) { c.request.Files = files("each.go", strings.Replace(source, "1", "2", 1)) },
		"another file's name":       func(c *circumstance) { c.request.Files = files("other.go", source) },
		"a second file":             func(c *circumstance) { c.request.Files = files("each.go", source, "more.go", "package each\n") },
		"the text in another file":  func(c *circumstance) { c.request.Files = files("each.go", "package each\n", "more.go", source) },
		"another kata":              func(c *circumstance) { c.request.Kata.ID = "demo/other" },
		"a hidden test has changed": func(c *circumstance) { c.request.Kata.Hash = "0123" },
		"another seed":              func(c *circumstance) { c.request.Seed = 7 },
		"another count":             func(c *circumstance) { c.request.Schedules = 7 },
		"another build of kata":     func(c *circumstance) { c.version = "v2" },
		"another Go":                func(c *circumstance) { c.tools.Version = "go1.27" },
		"another place of Go":       func(c *circumstance) { c.tools.Root = "/opt/go" },
		"another processor":         func(c *circumstance) { c.tools.Arch = "arm64" },
		"another lab":               func(c *circumstance) { c.archives = "fedcba" },
	} {
		c := circumstance{
			request: Request{Kata: kata.Kata{ID: "demo/each", Hash: "abcd"}, Files: files("each.go", source)},
			version: "v1", tools: build.Toolchain{Version: "go1.26", Root: "/usr/lib/go", OS: "linux", Arch: "amd64"}, archives: "abcdef",
		}
		change(&c)
		for _, key := range c.keys(t) {
			require.Empty(t, seen[key], name)
			seen[key] = name
		}
	}
	require.Len(t, seen, 2*14)
}

// TestAnotherLabIsAnotherGrader: the lab that an instructor edits counts, its own tests do not.
func TestAnotherLabIsAnotherGrader(t *testing.T) {
	cache := t.TempDir()
	lab := fstest.MapFS{"lab/t.go": {Data: []byte("package lab\n")}, "lab/t_test.go": {Data: []byte("package lab\n")}}
	key := func(changed string) string {
		support := maps.Clone(lab)
		if changed != "" {
			support[changed] = &fstest.MapFile{Data: []byte("package lab // changed\n")}
		}
		c, err := catalog.Load(fstest.MapFS{}, fstest.MapFS{})
		require.NoError(t, err)
		got, err := New(Config{Catalog: c, Support: support, CacheDir: cache, Env: os.Environ()}).archiveKey(context.Background())
		require.NoError(t, err)
		return got
	}
	require.Equal(t, key(""), key(""))
	require.Equal(t, key(""), key("lab/t_test.go"))
	require.NotEqual(t, key(""), key("lab/t.go"))
	require.NotEqual(t, key(""), key("lab/more.go"))
	require.NotEqual(t, key(""), key("sim/x/x.go"))
}

// TestWhatIsNoVerdictOnThisKataIsNotTakenForOne: files in the cache may be torn, or of another hand.
func TestWhatIsNoVerdictOnThisKataIsNotTakenForOne(t *testing.T) {
	k := kata.Kata{ID: "demo/each", Hash: "abcd"}
	passed := verdict.Verdict{Schema: verdict.Schema, Kata: "demo/each", KataHash: "abcd", Status: verdict.Passed}
	change := func(f func(*verdict.Verdict)) string {
		v := passed
		f(&v)
		data, err := json.Marshal(v)
		require.NoError(t, err)
		return string(data)
	}
	for name, c := range map[string]struct {
		data string
		ok   bool
	}{
		"a pass":         {change(func(*verdict.Verdict) {}), true},
		"torn":           {change(func(*verdict.Verdict) {})[:40], false},
		"empty":          {"", false},
		"nothing in it":  {"{}", false},
		"another schema": {change(func(v *verdict.Verdict) { v.Schema = "kata.verdict/v0" }), false},
		"another kata":   {change(func(v *verdict.Verdict) { v.Kata = "demo/other" }), false},
		"an older kata":  {change(func(v *verdict.Verdict) { v.KataHash = "0123" }), false},
		"no status":      {change(func(v *verdict.Verdict) { v.Status = "" }), false},
		"a fault":        {change(func(v *verdict.Verdict) { v.Status = verdict.Error }), false},
		"what a limit did": {change(func(v *verdict.Verdict) {
			v.Status, v.Findings = verdict.Failed, []verdict.Finding{{Kind: verdict.Timeout}}
		}), false},
	} {
		t.Run(name, func(t *testing.T) {
			r := New(Config{CacheDir: t.TempDir()})
			require.NoError(t, os.MkdirAll(filepath.Dir(r.verdictFile("key")), 0o700))
			require.NoError(t, os.WriteFile(r.verdictFile("key"), []byte(c.data), 0o600))
			_, ok := r.recall("key", k)
			require.Equal(t, c.ok, ok)
		})
	}
}

func TestAHugeVerdictIsNotKept(t *testing.T) {
	r := New(Config{CacheDir: t.TempDir()})
	k := kata.Kata{ID: "demo/each", Hash: "abcd"}
	v := verdict.Verdict{Schema: verdict.Schema, Kata: "demo/each", KataHash: "abcd", Status: verdict.Passed}
	r.remember("small", v)
	v.Output = strings.Repeat("x", int(store.Verdicts.MostBytes))
	r.remember("huge", v)
	_, small := r.recall("small", k)
	_, huge := r.recall("huge", k)
	require.True(t, small)
	require.False(t, huge)
	left, err := os.ReadDir(filepath.Dir(r.verdictFile("x")))
	require.NoError(t, err)
	require.Len(t, left, 1)
}

func TestNothingIsGradedInAFolderOfAnothers(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "tmp", "mine")
	require.NoError(t, os.MkdirAll(old, 0o700))
	c, err := catalog.Load(os.DirFS("testdata/katas"), os.DirFS("testdata/solutions"))
	require.NoError(t, err)
	r := New(Config{Catalog: c, Support: os.DirFS("../katas"), CacheDir: dir, Env: os.Environ()})
	got := r.Check(context.Background(), Request{Kata: c.Katas()[0], Files: c.Katas()[0].Stub})
	require.Equal(t, verdict.Error, got.Status)
	require.Contains(t, got.Problem.Hint, "KATA_CACHE")
	require.DirExists(t, old)
	health := r.Doctor(context.Background())
	require.Len(t, health, 1)
	require.Equal(t, got.Problem.Hint, health[0].Remedy)
	_, err = r.Clean(context.Background(), true)
	require.ErrorContains(t, err, "nothing was removed")
	require.False(t, r.Cold(context.Background()))
}
