package runner_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/python-concurrency/kata/runner"
	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/verdict"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// cacheDir is shared by all tests of the project, so that the standard library is built once.
func cacheDir(t *testing.T) string {
	t.Helper()
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	return filepath.Join(base, "kata-test")
}

// demo is the runner's own curriculum: one kata with solutions right and wrong.
func demo(t *testing.T) (*runner.Runner, *catalog.Catalog) {
	t.Helper()
	c, err := catalog.Load(os.DirFS("testdata/katas"), os.DirFS("testdata/solutions"))
	require.NoError(t, err)
	return runner.New(runner.Config{
		Catalog: c, Support: os.DirFS("../katas"), CacheDir: cacheDir(t), Env: os.Environ(), Version: t.Name(),
		Progress: func(s string) { t.Log(s) },
	}), c
}

func TestEverySolutionGetsTheVerdictItDeserves(t *testing.T) {
	r, c := demo(t)
	k := c.Katas()[0]
	solution, err := c.Solution(k.ID)
	require.NoError(t, err)
	variants, err := c.Variants(k.ID)
	require.NoError(t, err)
	variants = append(variants, catalog.Variant{Name: "reference", Right: true, Files: solution})
	for _, v := range variants {
		t.Run(v.Name, func(t *testing.T) {
			got := r.Check(context.Background(), runner.Request{Kata: k, Files: v.Files, Fresh: true})
			require.Nil(t, got.Problem)
			if v.Right {
				require.Empty(t, got.Findings)
				require.Equal(t, verdict.Passed, got.Status)
				require.Len(t, got.Tests, 4)
				return
			}
			require.Equal(t, verdict.Failed, got.Status)
			require.Equal(t, v.Kind, got.First(), "%+v", got.Findings)
			require.NotEmpty(t, got.Findings[0].Title)
			require.NotEmpty(t, got.Findings[0].Explain)
		})
	}
}

func TestTheStubFails(t *testing.T) {
	r, c := demo(t)
	k := c.Katas()[0]
	got := r.Check(context.Background(), runner.Request{Kata: k, Files: k.Stub, Fresh: true})
	require.Equal(t, verdict.Wrong, got.First())
	require.Equal(t, "each.go", got.Findings[0].File)
	require.Equal(t, 5, got.Findings[0].Line)
}

func TestAVerdictIsRemembered(t *testing.T) {
	r, c := demo(t)
	k := c.Katas()[0]
	first := r.Check(context.Background(), runner.Request{Kata: k, Files: k.Stub, Fresh: true})
	require.False(t, first.Cached)
	again := r.Check(context.Background(), runner.Request{Kata: k, Files: k.Stub})
	require.True(t, again.Cached)
	again.Cached, again.TimingMS = false, first.TimingMS
	require.Equal(t, first, again)
	edited := map[string][]byte{"each.go": append(k.Stub["each.go"], "// edited\n"...)}
	require.False(t, r.Check(context.Background(), runner.Request{Kata: k, Files: edited, Fresh: true}).Cached)
}

func TestAnEditThatChangesNothingIsNotGradedAgain(t *testing.T) {
	r, c := demo(t)
	k := c.Katas()[0]
	solution, err := c.Solution(k.ID)
	require.NoError(t, err)
	with := func(addition string) verdict.Verdict {
		files := map[string][]byte{"each.go": append(bytes.Clone(solution["each.go"]), addition...)}
		return r.Check(context.Background(), runner.Request{Kata: k, Files: files})
	}
	stamp := fmt.Sprint(time.Now().UnixNano()) // the cache outlives the test
	require.Equal(t, verdict.Passed, with("").Status)
	same := with("\n// a comment of " + stamp + "\nfunc unused" + stamp + "() {}\n")
	require.Equal(t, verdict.Passed, same.Status)
	require.True(t, same.Cached)
	require.Equal(t, verdict.Compile, with("\nfunc unused"+stamp+"() int { return \"no number\" }\n").First())
	require.False(t, with("\nvar V"+stamp+" = 1\n").Cached)
}

func TestOneCrashDoesNotHideTheOtherTests(t *testing.T) {
	r, c := demo(t)
	k := c.Katas()[0]
	source := "package each\n\nfunc Sum(n int, task func(i int) int) int {\n\tif n == 10 {\n\t\tc := make(chan int)\n\t\tgo func() { panic(1) }()\n\t\t<-c\n\t}\n\treturn 0\n}\n"
	got := r.Check(context.Background(), runner.Request{Kata: k, Files: map[string][]byte{"each.go": []byte(source)}, Fresh: true})
	require.Equal(t, verdict.Panic, got.First())
	require.Equal(t, 6, got.Findings[0].Line)
	require.Equal(t, verdict.TestFailed, got.Tests[2].Status)
	require.Equal(t, verdict.TestPassed, got.Tests[3].Status)
}

func TestTheSubmissionsOwnOutputIsKeptAndNothingElse(t *testing.T) {
	r, c := demo(t)
	k := c.Katas()[0]
	source := "package each\n\nimport \"fmt\"\n\nfunc Sum(n int, task func(i int) int) int {\n\tfmt.Println(\"to stdout\")\n\tprintln(\"to stderr\")\n\tif n == 4 {\n\t\tpanic(\"end\")\n\t}\n\tgo func() { panic(\"there\") }()\n\tselect {}\n}\n"
	got := r.Check(context.Background(), runner.Request{Kata: k, Files: map[string][]byte{"each.go": []byte(source)}, Fresh: true})
	require.Equal(t, verdict.Panic, got.First())
	for _, line := range strings.Split(strings.TrimSpace(got.Output), "\n") {
		require.Contains(t, []string{"to stdout", "to stderr"}, line)
	}
	require.Contains(t, got.Output, "to stdout\n")
	require.Contains(t, got.Output, "to stderr\n")
}

func TestWithoutGoTheMachineIsToBlame(t *testing.T) {
	_, c := demo(t)
	r := runner.New(runner.Config{Catalog: c, Support: os.DirFS("../katas"), CacheDir: t.TempDir(), Env: []string{"PATH=/nonexistent"}})
	got := r.Check(context.Background(), runner.Request{Kata: c.Katas()[0], Files: c.Katas()[0].Stub})
	require.Equal(t, verdict.Error, got.Status)
	require.Empty(t, got.Findings)
	require.Contains(t, got.Problem.Hint, "install Go")
}

func TestACancelledCheckBlamesNobody(t *testing.T) {
	r, c := demo(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	got := r.Check(ctx, runner.Request{Kata: c.Katas()[0], Files: c.Katas()[0].Stub, Fresh: true})
	require.Equal(t, verdict.Error, got.Status)
	require.Empty(t, got.Findings)
}
