package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/report"
	"github.com/python-concurrency/kata/runner/verdict"
)

// update writes the golden files anew: go test ./runner/report -update
var update = flag.Bool("update", os.Getenv("UPDATE_GOLDEN") != "", "write the golden files anew")

func render(t *testing.T, format string, c testCase, o report.Options) string {
	t.Helper()
	o.Next = c.next
	o.Source = func(file string) []byte { return []byte(c.source[file]) }
	var out bytes.Buffer
	require.NoError(t, report.Formats[format](&out, c.verdict, o))
	return out.String()
}

func TestTextReadsAsItsGolden(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			golden(t, c.name+".txt", render(t, "text", c, report.Options{Width: 80}))
		})
	}
}

func TestColorReadsAsItsGolden(t *testing.T) {
	for _, c := range cases {
		if c.name == "race" || c.name == "pass" || c.name == "hostile" {
			golden(t, c.name+".color.txt", render(t, "text", c, report.Options{Color: true}))
		}
	}
}

func TestJSONReadsAsItsGolden(t *testing.T) {
	for _, c := range cases {
		if c.name == "race" || c.name == "error" || c.name == "schedule" {
			golden(t, c.name+".json", render(t, "json", c, report.Options{Color: true}))
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "run go test ./runner/report -update")
	require.Equal(t, string(want), got)
}

func TestEveryGoldenHasItsCase(t *testing.T) {
	files, err := filepath.Glob("testdata/*")
	require.NoError(t, err)
	for _, f := range files {
		name, _, _ := strings.Cut(filepath.Base(f), ".")
		found := name == "certificates"
		for _, c := range cases {
			found = found || c.name == name
		}
		require.True(t, found, "%s belongs to no case", f)
	}
}

func TestEveryKindHasACase(t *testing.T) {
	seen := map[verdict.Kind]bool{}
	for _, c := range cases {
		seen[c.verdict.First()] = true
	}
	for _, k := range []verdict.Kind{
		verdict.Compile, verdict.Policy, verdict.Wrong, verdict.Panic, verdict.Race, verdict.Deadlock, verdict.Leak,
		verdict.Timing, verdict.Spin, verdict.Timeout, verdict.Resource, verdict.Exit,
	} {
		require.True(t, seen[k], k)
	}
}

func TestNothingHostileReachesTheTerminal(t *testing.T) {
	for _, c := range cases {
		for name := range report.Formats {
			for _, width := range []int{1, 40, 80, 1000} {
				requireTame(t, render(t, name, c, report.Options{Width: width}))
			}
		}
	}
}

// requireTame holds text to what a terminal only draws.
func requireTame(t *testing.T, text string) {
	t.Helper()
	require.True(t, utf8.ValidString(text))
	for _, r := range text {
		require.True(t, r == '\n' || unicode.IsPrint(r) || r == utf8.RuneError, "%U in %q", r, text)
	}
}

func TestNoLineIsWiderThanThePage(t *testing.T) {
	for _, c := range cases {
		for _, width := range []int{40, 53, 80, 200} {
			for _, line := range strings.Split(render(t, "text", c, report.Options{Width: width}), "\n") {
				require.LessOrEqual(t, columnsOf(line), width, "%s: %s", c.name, line)
			}
		}
	}
}

// columnsOf counts the cases' wide runes double; it is written anew so that the package's table is not its own judge.
func columnsOf(s string) (n int) {
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Hangul) || r == '🐍':
			n += 2
		case !unicode.In(r, unicode.Mn):
			n++
		}
	}
	return n
}

func TestColorAddsNothingButColor(t *testing.T) {
	for _, c := range cases {
		colored := render(t, "text", c, report.Options{Color: true})
		for _, code := range []string{"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[36m"} {
			colored = strings.ReplaceAll(colored, code, "")
		}
		require.Equal(t, strip(render(t, "text", c, report.Options{})), strip(colored))
	}
}

// strip takes the spaces off the ends of lines, which colour may keep.
func strip(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func TestJSONIsTheVerdict(t *testing.T) {
	for _, c := range cases {
		if c.name == "hostile" {
			continue // bytes that are no UTF-8 have no place in JSON
		}
		text := render(t, "json", c, report.Options{})
		require.NotContains(t, text, "null", c.name)
		var back verdict.Verdict
		require.NoError(t, json.Unmarshal([]byte(text), &back))
		want, err := json.Marshal(c.verdict)
		require.NoError(t, err)
		got, err := json.Marshal(back)
		require.NoError(t, err)
		require.JSONEq(t, strings.NewReplacer(`"tests":null`, `"tests":[]`, `"findings":null`, `"findings":[]`).Replace(string(want)), string(got), c.name)
	}
}

func TestAVerdictStaysAsItIs(t *testing.T) {
	v := verdict.Verdict{Findings: []verdict.Finding{{Schedule: &verdict.Schedule{}, Timeline: &verdict.Timeline{}}}}
	var out bytes.Buffer
	require.NoError(t, report.JSON(&out, v, report.Options{}))
	require.Nil(t, v.Tests)
	require.Nil(t, v.Findings[0].Schedule.Steps)
	require.Contains(t, out.String(), `"steps": []`)
	require.Contains(t, out.String(), `"spans": []`)
}

func TestTheWritersErrorComesBack(t *testing.T) {
	full := errors.New("no space left on device")
	for name, format := range report.Formats {
		require.ErrorIs(t, format(failing{full}, verdict.Verdict{}, report.Options{}), full, name)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// FuzzText holds both formats to it that no text of a submission breaks the layout or reaches the terminal.
func FuzzText(f *testing.F) {
	f.Add("title", "want", "got", "code\n\tof\nthe learner", "out\r\n\x1b]0;x\a", 2, int64(5))
	f.Add("\u202e", "a\nb\nc", "a\nc", "日本", "\xff\xfe", 1, int64(-1))
	f.Fuzz(func(t *testing.T, title, want, got, source, output string, line int, moment int64) {
		v := verdict.Verdict{
			Kata: title, Status: verdict.Failed, Output: output,
			Findings: []verdict.Finding{{
				Kind: verdict.Wrong, Title: title, Explain: output, File: "x.go", Line: line, Want: want, Got: got,
				Related:  []verdict.Place{{Role: title, File: "x.go", Line: line + 1}, {Role: got, File: want, Line: 1, Code: output}},
				Timeline: &verdict.Timeline{Total: moment, Spans: []verdict.Span{{Lane: title, Start: moment, End: -1}, {Lane: want, Start: 0, End: moment}}},
				Schedule: &verdict.Schedule{Steps: []verdict.Step{{Goroutine: title, Op: got, File: "x.go", Line: line}, {Goroutine: want, Op: title}}},
				Effects:  []string{output},
			}},
		}
		for _, format := range report.Formats {
			for _, width := range []int{40, 80} {
				var out bytes.Buffer
				require.NoError(t, format(&out, v, report.Options{Width: width, Source: func(string) []byte { return []byte(source) }, Next: title}))
				requireTame(t, out.String())
			}
		}
	})
}
