package katas_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas"
)

// snippet is Python in a README, and what the README says that it prints.
type snippet struct {
	line   int
	code   string
	prints string
	// needs is the library that has to be installed for it; empty: none but the standard one.
	needs string
}

// A snippet with text directly below it says what it prints. One that begins with a comment "# needs NAME" cannot be run
// with the standard library alone.
var (
	snippets     = regexp.MustCompile("(?ms)^```python\n(.*?)^```\n(?:\\s*^```text\n(.*?)^```\n)?")
	needsLibrary = regexp.MustCompile(`^# needs (\S+)`)
)

func readSnippets(readme string) []snippet {
	var all []snippet
	for _, at := range snippets.FindAllStringSubmatchIndex(readme, -1) {
		s := snippet{line: 1 + strings.Count(readme[:at[0]], "\n"), code: readme[at[2]:at[3]]}
		if at[4] >= 0 {
			s.prints = readme[at[4]:at[5]]
		}
		if m := needsLibrary.FindStringSubmatch(s.code); m != nil {
			s.needs = m[1]
		}
		all = append(all, s)
	}
	return all
}

const attempts = 10

// patience is for a program that hangs; the slowest takes a second or two.
const patience = 2 * time.Minute

// TestPythonPrintsWhatTheReadmesSay runs the Python of every README. What a README claims of Python must be true.
func TestPythonPrintsWhatTheReadmesSay(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed: what the READMEs say it prints is not checked here")
	}
	ran := 0
	for _, name := range readmes(t) {
		data, err := fs.ReadFile(katas.FS, name)
		require.NoError(t, err)
		for _, s := range readSnippets(string(data)) {
			if s.needs != "" || s.prints == "" {
				continue
			}
			ran++
			t.Run(path.Dir(name), func(t *testing.T) {
				t.Parallel()
				prints := ""
				// Some of it tells the time, to a tenth of a second, which a busy machine spoils. What is wrong is wrong each time.
				for range attempts {
					if prints = runPython(t, python, s.code); prints == s.prints {
						return
					}
				}
				require.Equal(t, s.prints, prints, "the Python on line %d of %s prints something else", s.line, name)
			})
		}
	}
	require.NotZero(t, ran)
}

// runPython returns what a program prints to stdout: logging and tracebacks go elsewhere, and name addresses.
func runPython(t *testing.T, python, code string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	// A file of its own: multiprocessing imports the main module again in its children.
	cmd := exec.CommandContext(ctx, python, "-u", writeFile(t, "shown.py", code))
	cmd.Dir = t.TempDir()
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	require.NoError(t, cmd.Run(), complaints.String())
	return out.String()
}

// TestEveryReadmeSaysWhatItsPythonPrints: Python that is neither run nor said to need a library is a claim nobody checks.
func TestEveryReadmeSaysWhatItsPythonPrints(t *testing.T) {
	for _, name := range readmes(t) {
		data, err := fs.ReadFile(katas.FS, name)
		require.NoError(t, err)
		all := readSnippets(string(data))
		require.NotEmpty(t, all, "%s shows no Python", name)
		for _, s := range all {
			require.True(t, s.needs != "" || s.prints != "",
				"%s:%d: put what it prints below it in a block that begins with ```text, or let it begin with # needs LIBRARY", name, s.line)
		}
	}
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

func readmes(t *testing.T) []string {
	t.Helper()
	names, err := fs.Glob(katas.FS, "*/*/README.md")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	return names
}
