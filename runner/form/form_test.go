package form_test

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/form"
	"github.com/python-concurrency/kata/runner/kata"
)

// tree is a repository as a test writes it: names from its root, and their contents.
type tree map[string]string

// with is a copy of t that has changes instead; an empty text takes a file away.
func (t tree) with(changes tree) tree {
	all := maps.Clone(t)
	maps.Copy(all, changes)
	maps.DeleteFunc(all, func(_, text string) bool { return text == "" })
	return all
}

// sub is the file system of one of the two folders.
func (t tree) sub(folder string) fstest.MapFS {
	files := make(fstest.MapFS)
	for name, text := range t {
		if rest, ok := strings.CutPrefix(name, folder+"/"); ok {
			file := &fstest.MapFile{Data: []byte(text)}
			if target, ok := strings.CutPrefix(text, "-> "); ok {
				file = &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink | 0o777}
			}
			if text == "(pipe)" {
				file = &fstest.MapFile{Mode: fs.ModeNamedPipe | 0o644}
			}
			files[rest] = file
		}
	}
	return files
}

const (
	in  = "katas/threads/adder/"
	out = "solutions/threads/adder/"
)

const manifest = `title = "The adder"
summary = "Add."
track = "threads"
order = 2
difficulty = 1
python = ["threading"]
files = ["adder.go"]
hints = ["one", "two", "three"]
aliases = ["plus"]
`

const readme = "# The adder\n\nWhat stands here belongs to no section.\n\n" +
	"## The idea\n\nAdd.\n\n## In Python\n\n```python\n## no heading\n1 + 1\n```\n\n## In Go\n\n### A part\n\nAdd.\n\n" +
	"## Your task\n\nWrite it.\n\n## What is checked\n\n- All.\n\n## Read on\n\n- The FAQ.\n"

const stub = `// Package adder is a kata.
package adder

import "errors"

// ErrBusy says that it is busy.
var ErrBusy = errors.New("busy")

// Adder adds.
type Adder[T any] struct {
	// Sum is what was added.
	Sum T

	// Your fields.
}

// Add adds.
func (a *Adder[T]) Add(n, m int, _ func(x int) error) (sum int) { return 0 }

func (a *Adder[T]) String() string { return "" }

// New returns an adder.
func New[T any]() *Adder[T] { return nil }
`

const solved = `// Package adder adds.
package adder

import "errors"

var ErrBusy = errors.New("too busy")

type Adder[T any] struct {
	sum int
	Sum T
}

func (b *Adder[T]) Add(n int, m int, each func(int) error) int { return n + m }

func (b *Adder[T]) String() string { return "" }

func New[T any]() *Adder[T] { return &Adder[T]{} }
`

const hidden = `package adder_test

import (
	"testing"

	"github.com/python-concurrency/kata/katas/lab"
)

// TestAdd checks that
// Add adds within 0.5 s.
func TestAdd(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {})
}

// TestThread checks that Add works in threads.
func TestThread(t *testing.T) { table[0](t) }

var table = []func(*testing.T){inThread}

func inThread(t *testing.T) { suite{}.through(t) }

type suite struct{}

func (suite) through(t *testing.T) { lab.Real(t, func(t *lab.T) {}) }
`

func wrong(kind string) string { return "//kata:wrong kind=" + kind + "  does it wrong\n\n" + solved }

// whole is a repository in which nothing is wrong.
var whole = tree{
	in + "kata.toml":                              manifest,
	in + "README.md":                              readme,
	in + "adder.go":                               stub,
	in + "adder_test.go":                          hidden,
	out + "adder.go":                              solved,
	out + "testdata/equivalent.toml":              "# none\n",
	out + "testdata/right/channel/adder.go":       solved,
	out + "testdata/wrong/race/adder.go":          wrong("race"),
	out + "testdata/wrong/leak/adder.go":          wrong("leak"),
	out + "testdata/wrong/late/adder.go":          wrong("timing"),
	out + "testdata/wrong/broken/adder.go":        "//kata:wrong kind=compile  lacks Add\npackage other\nfunc {\n",
	"katas/embed.go":                              "package katas\n",
	"katas/lab/doc.go":                            "package lab\n",
	"katas/gil/other/kata.toml":                   strings.NewReplacer("threads", "gil", "order = 2", "order = 7", "plus", "minus").Replace(manifest),
	"katas/gil/halfway/kata.toml":                 "title = \n",
	"katas/threads/notes.txt":                     "beside the katas\n",
	"solutions/gil/other/testdata/right/x/out.go": "package out\n",
}

func replace(old, by string) func(string) string {
	return func(s string) string {
		if !strings.Contains(s, old) {
			panic("nothing to replace: " + old)
		}
		return strings.Replace(s, old, by, 1)
	}
}

// breaches break one rule each, and no other. A fault is written as file:line: what.
var breaches = []struct {
	name, rule string
	file       string
	change     func(string) string
	says       string
}{
	{"an unknown key", "manifest", in + "kata.toml", replace("aliases", "alias"), `katas/threads/adder/kata.toml:9: unknown key "alias"`},
	{"an unknown key in limits", "manifest", in + "kata.toml", replace("aliases = [\"plus\"]\n", "[limits]\nwall = 3\n"), `kata.toml:10: unknown key "limits.wall"`},
	{"broken TOML", "manifest", in + "kata.toml", replace("order = 2", "order = "), "kata.toml:4: "},
	{"no title", "manifest", in + "kata.toml", replace("title = \"The adder\"\n", ""), "kata.toml:0: title is missing"},
	{"no place", "manifest", in + "kata.toml", replace("order = 2", "order = 0"), "kata.toml:4: order must be 1 or more"},
	{"two hints", "manifest", in + "kata.toml", replace(`, "three"`, ""), "kata.toml:8: hints must be three or more"},
	{"a limit below zero", "manifest", in + "kata.toml", replace("aliases = [\"plus\"]\n", "[limits]\nmemory_mb = -3\n"), "kata.toml:9: limits must not be negative"},
	{"another track", "manifest", in + "kata.toml", replace(`"threads"`, `"gil"`), `kata.toml:3: track is "gil", but the kata lies in "threads"`},
	{"a file named twice", "manifest", in + "kata.toml", replace(`["adder.go"]`, `["adder.go", "adder.go"]`), "kata.toml:7: files names adder.go twice"},

	{"an order twice", "unique", in + "kata.toml", replace("order = 2", "order = 7"), "kata.toml:4: order 7 is taken by gil/other"},
	{"an alias twice", "unique", in + "kata.toml", replace("plus", "minus"), `kata.toml:9: the name "minus" is taken by gil/other`},
	{"an alias that is a slug", "unique", in + "kata.toml", replace("plus", "other"), `kata.toml:9: the name "other" is taken by gil/other`},
	{"an alias that is a broken kata's slug", "unique", in + "kata.toml", replace("plus", "halfway"), `"halfway" is taken by gil/halfway`},
	{"an alias that is the slug", "unique", in + "kata.toml", replace("plus", "adder"), `the name "adder" is taken by threads/adder`},
	{"an alias repeated", "unique", in + "kata.toml", replace(`"plus"`, `"plus", "plus"`), `the name "plus" is taken by threads/adder`},
	{"a slug twice", "unique", "katas/gil/adder/kata.toml", put(strings.Replace(manifest, "plus", "sum", 1)), `kata.toml:0: the name "adder" is taken by gil/adder`},

	{"a hint repeated", "hints", in + "kata.toml", replace("three", "One "), "kata.toml:8: hint 3 says what hint 1 says"},

	{"a link", "irregular", in + "adder_test.go", put("-> /etc/passwd"), "katas/threads/adder/adder_test.go:0: is a symbolic link"},
	{"a link in a variant", "irregular", out + "testdata/wrong/race/adder.go", put("-> ../../../adder.go"), "is a symbolic link"},
	{"a pipe", "irregular", in + "adder_test.go", put("(pipe)"), "is neither a file nor a folder"},

	{"no manifest", "missing", in + "kata.toml", put(""), "katas/threads/adder/kata.toml:0: is not there"},
	{"no README", "missing", in + "README.md", put(""), "README.md:0: is not there"},
	{"no hidden tests", "missing", in + "adder_test.go", put(""), "adder_test.go:0: is not there"},
	{"no stub", "missing", in + "adder.go", put(""), "katas/threads/adder/adder.go:0: is not there"},
	{"no reference solution", "missing", out + "adder.go", put(""), "solutions/threads/adder/adder.go:0: is not there"},

	{"a stray file", "stray", in + "notes.md", put("notes\n"), "katas/threads/adder/notes.md:0: is no file of a kata"},
	{"a test that go leaves out", "stray", in + "_adder_test.go", put("package adder_test\n"), "_adder_test.go:0: is no file"},
	{"a Go file that nobody gets", "stray", in + "more.go", put("package adder\n"), "more.go:0: is no file"},
	{"a folder", "stray", in + "testdata/in/x.txt", put("x\n"), "katas/threads/adder/testdata:0: is no folder of a kata"},
	{"a test among the solutions", "stray", out + "adder_test.go", put("package adder_test\n"), "solutions/threads/adder/adder_test.go:0"},
	{"a stray file in testdata", "stray", out + "testdata/x.toml", put("x\n"), "testdata/x.toml:0"},
	{"a stray file in a variant", "stray", out + "testdata/wrong/race/go.mod", put("x\n"), "wrong/race/go.mod:0"},
	{"a variant beside its folder", "stray", out + "testdata/wrong/adder.go", put(wrong("race")), "wrong/adder.go:0"},
	{"a variant that embed leaves out", "stray", out + "testdata/wrong/.race/x", put("x\n"), "wrong/.race:0: is no folder"},

	{"a section too few", "sections", in + "README.md", replace("## In Go\n", ""), `README.md:0: the section "In Go" is missing`},
	{"a section too many", "sections", in + "README.md", replace("## In Go\n", "## In Java\n\nNo.\n\n## In Go\n"), `README.md:16: there is no section "In Java"`},
	{"a section twice", "sections", in + "README.md", replace("## Read on\n", "## Read on\n\nOn.\n\n## Read on\n"), `the section "Read on" is there twice`},
	{"sections in another order", "sections", in + "README.md", swap("## The idea", "## In Go"), `README.md:5: the section "In Go" stands where "The idea" belongs`},
	{"an empty section", "sections", in + "README.md", replace("- All.\n", "<!-- nothing\nyet -->\n"), `the section "What is checked" is empty`},
	{"a section of headings", "sections", in + "README.md", replace("### A part\n\nAdd.\n", "### A part\n"), `the section "In Go" is empty`},
	{"a fence left open", "sections", in + "README.md", replace("1 + 1\n```\n", "1 + 1\n"), "README.md:11: a block of code begins here and never ends"},

	{"no Python", "python", in + "README.md", replace("```python", "```py"), "README.md:9: shows no Python"},
	{"Python elsewhere", "python", in + "README.md", swap("```python\n## no heading\n1 + 1\n```", "Write it."), "shows no Python"},
	{"empty Python", "python", in + "README.md", replace("## no heading\n1 + 1\n```", "\n```\nHere."), "shows no Python"},

	{"a stub that does not parse", "syntax", in + "adder.go", replace("{ return nil }", "{ return nil"), "katas/threads/adder/adder.go:23: does not parse"},
	{"a test that does not parse", "syntax", in + "adder_test.go", replace("import (", "import "), "adder_test.go:"},
	{"a variant that does not parse", "syntax", out + "testdata/wrong/race/adder.go", replace("import", "imports"), "wrong/race/adder.go:6: does not parse"},

	{"another package", "package", in + "adder.go", replace("package adder", "package add"), "adder.go:2: is package add"},
	{"another package in a variant", "package", out + "testdata/right/channel/adder.go", replace("package adder", "package main"), "channel/adder.go:2: is package main"},
	{"hidden tests inside of the package", "package", in + "adder_test.go", replace("package adder_test", "package adder"), "adder_test.go:1: is package adder"},

	{"a function without a doc comment", "doc", in + "adder.go", replace("// New returns an adder.\n", ""), "adder.go:22: New has no doc comment"},
	{"a method without a doc comment", "doc", in + "adder.go", replace("// Add adds.", "//go:noinline"), "adder.go:18: Adder.Add has no doc comment"},
	{"a variable without a doc comment", "doc", in + "adder.go", replace("// ErrBusy says that it is busy.\n", ""), "ErrBusy has no doc comment"},
	{"a package without a doc comment", "doc", in + "adder.go", replace("// Package adder is a kata.", "// A remark.\n"), "adder.go:3: the package has no doc comment"},

	{"a function missing", "signature", out + "adder.go", replace("func New", "func renew"), "solutions/threads/adder/adder.go:0: New of the stub is not here"},
	{"a function of another type", "signature", out + "testdata/right/channel/adder.go", replace("m int, each", "m int64, each"), "channel/adder.go:13: Adder.Add is declared otherwise than in the stub: func (*Adder) Add(int, int64, func(int) error) int"},
	{"a method of the value", "signature", out + "testdata/wrong/race/adder.go", replace("(b *Adder[T]) Add", "(b Adder[T]) Add"), "func (Adder) Add"},
	{"a method missing", "signature", out + "adder.go", replace("Add(", "add("), "Adder.Add of the stub is not here"},
	{"an exported field missing", "signature", out + "adder.go", replace("Sum T", "All T"), "Adder is declared otherwise"},
	{"a constraint otherwise", "signature", out + "adder.go", replace("New[T any]", "New[T comparable]"), "New is declared otherwise"},
	{"a variable turned constant", "signature", out + "adder.go", replace("var ErrBusy = errors.New(\"too busy\")", "const ErrBusy = 1"), "ErrBusy is declared otherwise than in the stub: const ErrBusy"},

	{"a test without a doc comment", "tests", in + "adder_test.go", replace("// TestThread checks that Add works in threads.\n", ""), "adder_test.go:15: TestThread has no doc comment"},
	{"a test that says something else", "tests", in + "adder_test.go", replace("TestThread checks", "TestThread shows"), "does not say what it checks"},
	{"a test that says two sentences", "tests", in + "adder_test.go", replace("in threads.", "in threads. And more."), "more than one sentence"},
	{"a test that says two paragraphs", "tests", in + "adder_test.go", replace("in threads.", "in threads.\n//\n// And more."), "more than one sentence"},
	{"a test without a full stop", "tests", in + "adder_test.go", replace("in threads.", "in threads"), "does not end with a full stop"},
	{"a test file without tests", "tests", in + "adder_test.go", put("package adder_test\n\nfunc Testimony() {}\n"), "there is no hidden test"},

	{"no lens", "lens", in + "adder_test.go", replace("{ lab.Real(t, func(t *lab.T) {}) }", "{}"), "adder_test.go:16: TestThread looks through no lens"},
	{"two lenses", "lens", in + "adder_test.go", replace("func(t *lab.T) {})\n", "func(t *lab.T) {})\n\tinThread(t)\n"), "TestAdd looks through more than one lens: lab.Real and lab.Virtual"},
	{"a lens of something else", "lens", in + "adder_test.go", replace("kata/katas/lab\"", "kata/katas/other/lab\""), "looks through no lens"},

	{"three wrong solutions", "variants", out + "testdata/wrong/race/adder.go", put(""), "solutions/threads/adder/testdata/wrong:0: 3 wrong solutions are here, and 4 are needed"},
	{"no other right one", "variants", out + "testdata/right/channel/adder.go", put(""), "testdata/right:0: 0 right solutions are here"},

	{"a wrong one that does not say so", "declaration", out + "testdata/wrong/race/adder.go", put(solved), "wrong/race/adder.go:1: the first line does not say what is wrong"},
	{"a kind that is none", "declaration", out + "testdata/wrong/race/adder.go", replace("kind=race", "kind=races"), "races is no kind of finding"},
	{"no reason", "declaration", out + "testdata/wrong/race/adder.go", replace("kind=race  does it wrong", "kind=race"), "the first line is not"},
	{"a right one that says it is wrong", "declaration", out + "testdata/right/channel/adder.go", put(wrong("race")), "says it is wrong"},
	{"a solution that says it is wrong", "declaration", out + "adder.go", put(wrong("race")), "says it is wrong"},

	{"no newline at the end", "text", in + "kata.toml", replace("[\"plus\"]\n", "[\"plus\"]"), "kata.toml:9: does not end in a newline"},
	{"a carriage return", "text", in + "README.md", replace("Write it.\n", "Write it.\r\n"), "README.md:24: has a carriage return"},
	{"no UTF-8", "text", in + "README.md", replace("Write it.", "Write \xff."), "is not UTF-8"},

	{"not formatted", "gofmt", in + "adder.go", replace("func (a *Adder[T]) Add", "func  (a *Adder[T]) Add"), "adder.go:18: is not formatted"},
	{"a variant not formatted", "gofmt", out + "testdata/wrong/late/adder.go", replace("return n + m", "return n+m;"), "late/adder.go:"},

	{"a line that kata new wrote", "leftover", out + "testdata/wrong/race/adder.go", replace("does it wrong\n", "does it wrong\n// "+form.Marker+" this.\n"), "race/adder.go:2: kata new wrote this"},
	{"a to-do", "leftover", in + "README.md", replace("Write it.", "TODO"), "README.md:24: something is left to do"},
	{"a placeholder", "leftover", in + "kata.toml", replace("three", "A hint goes here"), "kata.toml:8: is a placeholder"},
}

func put(text string) func(string) string { return func(string) string { return text } }

func swap(a, b string) func(string) string {
	return func(s string) string { return strings.NewReplacer(a, b, b, a).Replace(s) }
}

func check(t tree) []form.Fault {
	return form.Check(t.sub("katas"), t.sub("solutions"), "threads/adder")
}

func TestNothingIsWrongWithAWholeKata(t *testing.T) {
	require.Empty(t, check(whole))
}

func TestEachRuleFires(t *testing.T) {
	for _, b := range breaches {
		t.Run(b.name, func(t *testing.T) {
			faults := check(whole.with(tree{b.file: b.change(whole[b.file])}))
			require.NotEmpty(t, faults)
			said := ""
			for _, f := range faults {
				require.Equal(t, b.rule, f.Rule, "%+v", faults)
				require.NotEmpty(t, f.Hint)
				said += fmt.Sprintf("%s:%d: %s\n", f.File, f.Line, f.What)
			}
			require.Contains(t, said, b.says)
		})
	}
}

func TestEveryRuleHasABreach(t *testing.T) {
	seen := map[string]bool{"name": true} // by TestNames: another id is another kata
	for _, b := range breaches {
		seen[b.rule] = true
	}
	ids := make(map[string]bool)
	for _, rule := range form.Rules() {
		require.True(t, seen[rule.ID], "%s has no fixture", rule.ID)
		require.NotEmpty(t, rule.About)
		require.False(t, ids[rule.ID], "%s is there twice", rule.ID)
		ids[rule.ID] = true
	}
	require.Len(t, ids, len(seen))
}

func TestFaultsStandInTheOrderOfTheRules(t *testing.T) {
	order := make(map[string]int)
	for i, rule := range form.Rules() {
		order[rule.ID] = i
	}
	faults := check(tree{in + "kata.toml": "title = \n", in + "zebra.txt": "TODO", in + "adder.go": "package  adder\n// TODO\n// TODO"})
	require.True(t, slices.IsSortedFunc(faults, func(a, b form.Fault) int { return order[a.Rule] - order[b.Rule] }), "%+v", faults)
	require.Equal(t, faults, check(tree{in + "kata.toml": "title = \n", in + "zebra.txt": "TODO", in + "adder.go": "package  adder\n// TODO\n// TODO"}))
}

func TestTheNextPlaceIsBehindAll(t *testing.T) {
	require.Equal(t, 8, form.NextOrder(whole.sub("katas")), "a broken manifest has no place")
	require.Equal(t, 1, form.NextOrder(tree{}.sub("katas")))
}

func TestTakenBy(t *testing.T) {
	for id, by := range map[kata.ID]kata.ID{
		"gil/adder": "threads/adder", "gil/plus": "threads/adder", "threads/halfway": "gil/halfway", "threads/adder": "", "gil/free": "",
	} {
		other, taken := form.TakenBy(whole.sub("katas"), id)
		require.Equal(t, by, other, id)
		require.Equal(t, by != "", taken, id)
	}
}
