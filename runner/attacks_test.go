package runner_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/verdict"
)

// attack is a submission that wants a pass which it does not deserve, or to do harm on its way.
type attack struct {
	kata kata.ID
	// kind is the finding that must come first, and rule its rule where it is named.
	kind verdict.Kind
	rule string
	// bare is the kind that must come first with the policy switched off; "*": any, also an error of ours, but no pass.
	bare  string
	files map[string][]byte
}

// attackTerms is the first line of an attack.
var attackTerms = regexp.MustCompile(`^//kata:attack kata=(\S+) kind=([a-z]+)(?: rule=(\S+))?(?: bare=(\S+))?  \S`)

// readAttack reads an attack: one file of source, or an archive of several.
func readAttack(t *testing.T, path string) attack {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	terms := attackTerms.FindStringSubmatch(string(text))
	require.NotNil(t, terms, "the first line is //kata:attack kata=ID kind=KIND [rule=RULE] [bare=KIND]  what it tries")
	a := attack{kata: kata.ID(terms[1]), kind: verdict.Kind(terms[2]), rule: terms[3], bare: terms[4], files: make(map[string][]byte)}
	require.True(t, a.kind.Valid())
	if filepath.Ext(path) == ".go" {
		a.files[filepath.Base(string(a.kata))+".go"] = text
		return a
	}
	for _, f := range txtar.Parse(text).Files {
		a.files[f.Name] = f.Data
	}
	return a
}

// longest is the time that grading may take on a machine that does other things too: no attack holds the grader up for
// longer than its limits add up to.
const longest = 3 * time.Minute

// TestAttacksEarnWhatTheyDeserve grades each attack as it comes; what the policy refuses is graded once more without it, since
// each wall must hold as if the others were not there.
func TestAttacksEarnWhatTheyDeserve(t *testing.T) {
	r, c := demo(t)
	files, err := filepath.Glob(filepath.Join("testdata", "attacks", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		t.Run(name, func(t *testing.T) {
			a := readAttack(t, file)
			k, err := c.Find(string(a.kata))
			require.NoError(t, err)
			ctx, cancel := context.WithTimeout(context.Background(), longest)
			defer cancel()
			req := runner.Request{Kata: k, Files: a.files, Fresh: true}
			v := r.Check(ctx, req)
			require.Nil(t, v.Problem)
			require.Equal(t, verdict.Failed, v.Status)
			require.Equal(t, a.kind, v.First(), "%+v", v.Findings)
			if a.rule != "" {
				require.Equal(t, a.rule, v.Findings[0].Rule)
			}
			clean(t, v)
			if a.kind != verdict.Policy || a.bare == "" {
				return
			}
			require.Zero(t, v.TimingMS.Run, "it came to run")
			v = r.CheckBare(ctx, req)
			require.NoError(t, ctx.Err())
			earns(t, a.bare, v)
			clean(t, v)
		})
	}
}

// TestOddBytesEarnAFinding: what no editor writes.
func TestOddBytesEarnAFinding(t *testing.T) {
	r, c := demo(t)
	k := c.Katas()[0]
	const right = "package each\n\nfunc Sum(n int, task func(i int) int) int { return 0 }\n"
	kinds := map[string]struct {
		source string
		kind   verdict.Kind
	}{
		"a byte order mark first":   {"\ufeff" + right, verdict.Wrong},
		"two byte order marks":      {"\ufeff\ufeff" + right, verdict.Compile},
		"a byte order mark inside":  {right + "// \ufeff\nvar x int\n", verdict.Compile},
		"a NUL":                     {right + "\x00", verdict.Compile},
		"a NUL in a comment":        {right + "// \x00\n", verdict.Compile},
		"no UTF-8":                  {right + "// \xff\n", verdict.Policy},
		"UTF-16":                    {"\xff\xfep\x00a\x00", verdict.Policy},
		"nothing":                   {"", verdict.Compile},
		"carriage returns":          {strings.ReplaceAll(right, "\n", "\r\n"), verdict.Wrong},
		"a directive with them":     {right + "\r\n//go:norace\r\nfunc f() {}\r\n", verdict.Policy},
		"text that turns around":    {right + "var \u202ex = 1\n", verdict.Compile},
		"a name that looks alike":   {strings.Replace(right, "Sum", "S\u03c5m", 1), verdict.Compile},
		"a megabyte of one line":    {right + "//" + strings.Repeat("x", 1<<20), verdict.Policy},
		"a megabyte of parentheses": {"package each\nvar x = " + strings.Repeat("(", 1<<20-64), verdict.Compile},
	}
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		t.Run(name, func(t *testing.T) {
			v := r.Check(context.Background(), runner.Request{Kata: k, Files: map[string][]byte{"each.go": []byte(kinds[name].source)}, Fresh: true})
			require.Nil(t, v.Problem)
			require.Equal(t, verdict.Failed, v.Status)
			require.Equal(t, kinds[name].kind, v.First(), "%+v", v.Findings)
			clean(t, v)
		})
	}
}

// TestWhatKeepsAGraderBusyNeverReachesACompiler: the type checker runs in our own process, where nothing could stop it. Each of
// these took it minutes, gigabytes or its whole stack (Go 1.26) before the policy bounded what source may grow to.
func TestWhatKeepsAGraderBusyNeverReachesACompiler(t *testing.T) {
	r, c := demo(t)
	k := c.Katas()[0]
	doubled := func(first, line string) string {
		text := first
		for i := range 30 {
			text += fmt.Sprintf(line+"\n", i, i+1)
		}
		return text
	}
	for name, text := range map[string]string{
		"strings":            doubled("const s0 = \"0123456789\"\n", "const s%[2]d = s%[1]d + s%[1]d") + "var x = len(s30)\n",
		"interfaces":         doubled("type i0 interface{ m() }\n", "type i%[2]d interface{ i%[1]d; i%[1]d }"),
		"unions":             doubled("type i0 interface{ ~int | ~string }\n", "type i%[2]d interface{ i%[1]d | i%[1]d }"),
		"embedded fields":    doubled("type t0 struct{ X int }\n", "type a%[2]d struct{ t%[1]d }\ntype b%[2]d struct{ t%[1]d }\ntype t%[2]d struct{ a%[2]d; b%[2]d }"),
		"functions within":   "func f() {\n" + strings.Repeat("x := func() { ", 45) + strings.Repeat("}", 45) + "\n}\n",
		"instances":          doubled("type p[A, B any] struct{ a A; b B }\nfunc f30[T any]() {}\n", "func f%[1]d[T any]() { f%[2]d[p[T, int]](); f%[2]d[p[int, T]]() }"),
		"instances in turns": "func f[A, B, C, D, E, F, G, H any]() { f[B, C, D, E, F, G, H, A](); f[B, A, C, D, E, F, G, H]() }\nvar x = f[int8, int16, int32, int64, uint8, uint16, uint32, uint64]\n",
		"data":               "var x = [1 << 30]byte{1<<30 - 1: 1}\n",
		"data by an index":   "var x = []byte{1 << 40: 1}\n",
		"cases":              "func f(n int) {\nswitch n {\n" + strings.Repeat("case 1 + 1:\n", 40_000) + "}\n}\n",
	} {
		t.Run(name, func(t *testing.T) {
			source := "package each\n" + text + "\nfunc Sum(n int, task func(i int) int) int { return 0 }\n"
			v := r.Check(context.Background(), runner.Request{Kata: k, Files: map[string][]byte{"each.go": []byte(source)}, Fresh: true})
			require.Nil(t, v.Problem)
			require.Equal(t, verdict.Policy, v.First(), "%+v", v.Findings)
			require.Zero(t, v.TimingMS.Build)
			require.Positive(t, v.Findings[0].Line)
			clean(t, v)
		})
	}
}
