package runner_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner"
	"github.com/python-concurrency/kata/runner/report"
	"github.com/python-concurrency/kata/runner/verdict"
)

// hostile is a submission that wants something else than to be right.
type hostile struct {
	name, source string
	// policy is the rule that it is refused by; "-": it comes to run.
	policy string
	// bomb: it is meant for a parser or a compiler, and the policy is what keeps it from them.
	bomb bool
	// bare is the kind of finding that comes first where there is no policy: "error" for a verdict that blames the machine,
	// "*" for whatever is not a pass, "-" where the policy alone stands in its way.
	bare string
}

var attackLine = regexp.MustCompile(`^//kata:attack policy=(\S+) bare=(\S+)  \S`)

// attacks are the files of testdata/hostile, and those that are too long to be kept.
func attacks(t *testing.T) []hostile {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "hostile", "*.txt"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var all []hostile
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		says := attackLine.FindStringSubmatch(string(source))
		require.NotNil(t, says, "%s: the first line is //kata:attack policy=RULE bare=KIND  what it tries", file)
		all = append(all, hostile{
			name: strings.TrimSuffix(filepath.Base(file), ".txt"), source: string(source), policy: says[1], bare: says[2],
		})
	}
	return append(all, bombs()...)
}

const harmless = "\nfunc Sum(n int, task func(i int) int) int { return 0 }\n"

// bombs are short programs, written out, that keep a parser or a compiler busy.
func bombs() []hostile {
	squares := "const c0 = 3\n"
	for i := range 25 {
		squares += fmt.Sprintf("const c%d = c%d * c%d\n", i+1, i, i)
	}
	doubling := "type t0 struct{ a, b int }\n"
	for i := range 40 {
		doubling += fmt.Sprintf("type t%d struct{ a, b t%d }\n", i+1, i)
	}
	doubled := "const s0 = \"ab\"\n"
	for i := range 40 {
		doubled += fmt.Sprintf("const s%d = s%d + s%d\n", i+1, i, i)
	}
	deep := strings.Repeat
	const n = 100_000
	var all []hostile
	for name, text := range map[string]string{
		"squares":          squares,
		"doubling_types":   doubling + "var big t40\nfunc init() { println(&big) }\n",
		"doubling_strings": doubled + "const n = len(s40)\n",
		"deep_types":       "var deep " + deep("[]", n) + "int\n",
		"deep_parentheses": "var deep = " + deep("(", n) + "1" + deep(")", n) + "\n",
		"deep_blocks":      "func f() " + deep("{", n) + deep("}", n) + "\n",
		"deep_functions":   "var deep = " + deep("func() any { return ", n/10) + "nil" + deep(" }", n/10) + "\n",
		"long_expression":  "var long = 1" + deep(" + 1", n) + "\n",
		"many_functions":   deep("func _() { for {} }\n", n/4),
		"a_long_file":      "//" + deep("x", 2<<20) + "\n",
	} {
		all = append(all, hostile{name: name, source: "package each\n" + text + harmless, policy: "*", bomb: true})
	}
	return all
}

// TestNoAttackSucceeds grades each attack as it comes, and then with the policy switched off: what is behind the policy must
// hold as if it were not there.
func TestNoAttackSucceeds(t *testing.T) {
	r, c := demo(t)
	k := c.Katas()[0]
	for _, a := range attacks(t) {
		req := runner.Request{Kata: k, Files: map[string][]byte{"each.go": []byte(a.source)}, Fresh: true}
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			v := r.Check(context.Background(), req)
			require.Nil(t, v.Problem)
			require.Equal(t, verdict.Failed, v.Status)
			require.NotEmpty(t, v.Findings)
			first := v.Findings[0]
			switch {
			case a.policy == "-":
				require.NotEqual(t, verdict.Policy, first.Kind, first.Title)
				earns(t, a.bare, v)
			case a.bomb:
				require.Zero(t, v.TimingMS.Run, "it came to run")
			case a.policy != "*":
				require.Equal(t, a.policy, first.Rule, first.Title)
				require.Zero(t, v.TimingMS.Run, "it came to run")
			}
			clean(t, v)
		})
		if a.policy == "-" || a.bare == "-" || a.bomb {
			continue
		}
		t.Run(a.name+" without the policy", func(t *testing.T) {
			t.Parallel()
			v := r.CheckBare(context.Background(), req)
			earns(t, a.bare, v)
			clean(t, v)
		})
	}
}

func earns(t *testing.T, want string, v verdict.Verdict) {
	t.Helper()
	require.NotEqual(t, verdict.Passed, v.Status)
	if want == "error" {
		require.Equal(t, verdict.Error, v.Status)
		return
	}
	if want == "*" {
		return
	}
	require.Nil(t, v.Problem)
	require.NotEmpty(t, v.Findings)
	require.Equal(t, want, string(v.Findings[0].Kind), v.Findings[0].Title)
}

// clean holds the report to it that nothing of a submission's reaches a terminal as anything but text.
func clean(t *testing.T, v verdict.Verdict) {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, report.Text(&out, v, report.Options{}))
	require.NotContains(t, out.String(), "\x1b")
	require.NotContains(t, out.String(), "\x07")
	require.NotContains(t, out.String(), "\x16")
}
