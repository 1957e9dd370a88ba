package policy_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/policy"
	"github.com/python-concurrency/kata/runner/verdict"
)

// chain writes line for 0 to n-1; %[1]d is the number and %[2]d the next one.
func chain(n int, line string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, line+"\n", i, i+1)
	}
	return b.String()
}

// nested writes a function of n blocks in one another that each begin with text.
func nested(n int, text string) string {
	return "func f() {\n" + strings.Repeat("{ "+text+"\n", n) + strings.Repeat("}", n) + "}\n"
}

// TestWhatGrowsIsRefused: each of these is short, and keeps a type checker or compiler busy for minutes to ages, or takes it
// gigabytes.
func TestWhatGrowsIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ source, rule string }{
		"strings doubled":            {"const s0 = \"0123456789\"\n" + chain(30, "const s%[2]d = s%[1]d + s%[1]d"), "constant"},
		"strings in scopes":          {"const s = \"x\"\n" + nested(40, "const s = s + s"), "constant"},
		"strings by turns in scopes": {nested(30, "const t = \"x\" + s; const u = s; const s = t + u"), "constant"},
		"strings used often":         {"const s = `" + strings.Repeat("x", 60_000) + "`\n" + chain(100, "var v%[1]d = s + \"%[1]d\""), "constant"},
		"structs doubled":            {"type t0 struct{ n int }\n" + chain(30, "type t%[2]d struct{ a, b t%[1]d }"), "type-size"},
		"structs in scopes":          {nested(40, "type t struct{ a, b s }; type s struct{ t }"), "type-size"},
		"embedded by pointers":       {"type t0 struct{ n int }\n" + chain(30, "type a%[2]d struct{ *t%[1]d }; type b%[2]d struct{ *t%[1]d }; type t%[2]d struct{ *a%[2]d; *b%[2]d }"), "type-size"},
		"aliases of signatures":      {"type a0 = int\n" + chain(30, "type a%[2]d = func(a%[1]d) a%[1]d"), "type-size"},
		"aliases behind pointers":    {"type a0 = int\n" + chain(30, "type a%[2]d = map[*a%[1]d]chan a%[1]d"), "type-size"},
		"aliases of methods":         {"type a0 = int\n" + chain(30, "type a%[2]d = interface{ m(a%[1]d) a%[1]d }"), "type-size"},
		"many embedded fields":       {chain(400, "type t%[1]d struct{ x%[1]d int }") + "type all struct {\n" + chain(400, "\tt%[1]d") + "}\n", "type-size"},
		"interfaces doubled":         {"type i0 interface{ m() }\n" + chain(30, "type i%[2]d interface{ i%[1]d; i%[1]d }"), "type-size"},
		"unions doubled":             {"type i0 interface{ ~int | ~string }\n" + chain(30, "type i%[2]d interface{ i%[1]d | i%[1]d }"), "type-size"},
		"types with arguments":       {"type p[T any] struct{ a, b T }\nvar v " + strings.Repeat("p[", 30) + "int" + strings.Repeat("]", 30), "type-size"},
		"arrays of arrays":           {"type a [1000]int\ntype b [1000]a\nvar v [1000]b\n", "type-size"},
		"a long array":               {"var v [1 << 30]byte\n", "array-size"},
		"by a constant":              {"const k = 1 << (2 * 10)\nvar v [k * k]byte\n", "array-size"},
		"by counting":                {"const (\n\tk = 1 << (iota * 10)\n\tl\n\tm\n)\nvar v [m]byte\n", "array-size"},
		"by a fraction":              {"var v [1e9]byte\n", "array-size"},
		"by a conversion":            {"var v [uint64(1 << 40)]byte\n", "array-size"},
		"by another package":         {"import \"math\"\nvar v [math.MaxInt32]byte\n", "array-size"},
		"by a constant of itself":    {"const n = 2\nfunc f() { const n = n * 1000; { const n = n * 1000; var a [n]int; _ = a } }\n", "array-size"},
		"by complement":              {"var v [^-(1 << 30)]byte\n", "array-size"},
		"a high index":               {"var v = []byte{1 << 28: 1}\n", "array-size"},
		"a high index by name":       {"type b []byte\nvar v = b{1 << 28: 1}\n", "array-size"},
		"a high index inside":        {"var v = [][]byte{{1 << 28: 1}}\n", "array-size"},
		"many long arrays":           {chain(100, "var v%[1]d = [60000]int{59999: %[2]d}"), "constant"},
		"generic functions":          {chain(14, "func f%[1]d[T any]() { f%[2]d[p[T, int]](); f%[2]d[p[int, T]]() }") + "type p[A, B any] struct{}\nfunc f14[T any]() {}\n", "generic"},
		"arguments that turn":        {"func f[A, B, C, D, E, F, G any]() { f[B, C, D, E, F, G, A](); f[B, A, C, D, E, F, G]() }\n", "generic"},
		"arguments by turns":         {"func f[A, B, C, D, E, F, G any]() { g[B, C, D, E, F, G, A]() }\nfunc g[A, B, C, D, E, F, G any]() { f[B, A, C, D, E, F, G]() }\n", "generic"},
		"many functions in them":     {"func f() {\n" + strings.Repeat("func() { func() { func() { func() {}() }() }() }()\n", 100) + "}\n", "nesting"},
		"functions in functions":     {"func f() {\n" + strings.Repeat("x := func() { ", 20) + strings.Repeat("}", 20) + "\n}\n", "nesting"},
	} {
		t.Run(name, func(t *testing.T) {
			found := check("package demo\n" + c.source)
			require.NotEmpty(t, found)
			require.Equal(t, verdict.Policy, found[0].Kind)
			require.Equal(t, c.rule, found[0].Rule, found[0].Title)
			require.Positive(t, found[0].Line)
		})
	}
}

// TestWhatGrowsOverFilesIsRefused: each file by itself is harmless.
func TestWhatGrowsOverFilesIsRefused(t *testing.T) {
	k := kata.Kata{ID: "track/demo", Manifest: kata.Manifest{Files: []string{"a.go", "b.go"}}}
	even, odd := "package demo\ntype t0 int\n", "package demo\n"
	for i := 0; i < 40; i += 2 {
		odd += fmt.Sprintf("type t%d struct{ a, b t%d }\n", i+1, i)
		even += fmt.Sprintf("type t%d struct{ a, b t%d }\n", i+2, i+1)
	}
	found := policy.Check(k, map[string][]byte{"a.go": []byte(even), "b.go": []byte(odd)})
	require.NotEmpty(t, found)
	require.Equal(t, "type-size", found[0].Rule)
	require.Positive(t, found[0].Line)
}

// TestWhatDoesNotGrowIsLetThrough: what looks like growing, and is how Go is written.
func TestWhatDoesNotGrowIsLetThrough(t *testing.T) {
	for name, source := range map[string]string{
		"a list":                   "type node[K comparable, V any] struct{ next, before *node[K, V]; k K; v V }\nfunc (n *node[K, V]) last() *node[K, V] { if n.next == nil { return n }; return n.next.last() }\n",
		"a tree by inference":      "type tree[K, V any] struct{ left, right *tree[K, V] }\nfunc grow[K, V any](k K, v V) *tree[K, V] { return &tree[K, V]{grow(k, v), grow(k, v)} }\nfunc (t *tree[K, V]) put(k K, v V) { t.left = grow(k, v); t.right = grow(k, v); t.left = grow(k, v) }\n",
		"types that know another":  "type a struct{ b *b }\ntype b struct{ a []a; m map[string]b; f func(a) b; c chan b }\n",
		"an alias of a type":       "type l struct{ next *l }\ntype m = map[string]*l\ntype f = func(m, m) (l, error)\n",
		"tasks in tasks":           "func f() {\n" + strings.Repeat("go func() { defer func() { recover() }() }()\n", 50) + "}\n",
		"an interface of itself":   "type i interface{ m(i) i }\n",
		"a constant of states":     "const (\n\tfirst = iota\n\tsecond\n\tstates\n)\nvar names = [states]string{first: \"a\", second: \"b\"}\n",
		"a map of large keys":      "var m = map[int]string{1 << 30: \"x\"}\ntype ids map[int]string\nvar n = ids{1 << 30: \"x\"}\n",
		"a table":                  "var t = [...][3]int{{1, 2, 3}, {4, 5, 6}}\nvar u [len(t)]int\n",
		"a shadowed constant":      "const n = 4\nfunc f() { const n = n * 2; var a [4]int; _ = a[n%4] }\n",
		"a field called as a type": "type t struct{ t *t; n struct{ n int } }\n",
		"an array by a conversion": "const n = 8\nvar v [int(n)]byte\n",
	} {
		require.Empty(t, check("package demo\n"+source), name)
	}
}

// TestAMistakeIsTheCompilersToTell: what has no sound types and does not grow is not a matter of policy.
func TestAMistakeIsTheCompilersToTell(t *testing.T) {
	for name, source := range map[string]string{
		"a type that contains itself": "type t struct{ next t }\n",
		"a constant of itself":        "const c = c + 1\n",
		"an unknown type":             "var v nowhere\n",
	} {
		require.Empty(t, check("package demo\n"+source), name)
	}
}

// TestNothingOfOursIsRefused: no solution, right or wrong, and no program of the corpus comes near a bound.
func TestNothingOfOursIsRefused(t *testing.T) {
	checked := 0
	for _, root := range []string{"../../solutions", "../testdata/corpus", "../testdata/oddities", "../testdata/solutions"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || filepath.Base(path) == "embed.go" {
				return err
			}
			source, err := os.ReadFile(path)
			require.NoError(t, err)
			k := kata.Kata{Manifest: kata.Manifest{Files: []string{"x.go"}}}
			for _, f := range policy.Check(k, map[string][]byte{"x.go": source}) {
				require.Contains(t, []string{"package", "import", "identifier", "syntax"}, f.Rule, "%s:%d: %s", path, f.Line, f.Title)
			}
			checked++
			return nil
		})
		require.NoError(t, err)
	}
	require.Greater(t, checked, 300)
}
