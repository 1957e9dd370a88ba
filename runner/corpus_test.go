package runner_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/report"
	"github.com/python-concurrency/kata/runner/verdict"
)

// corpusKata is a kata around one program: its hidden test calls Run.
func corpusKata(t *testing.T) kata.Kata {
	t.Helper()
	hidden, err := os.ReadFile(filepath.Join("testdata", "corpus", "corpus_test.go.txt"))
	require.NoError(t, err)
	return kata.Kata{
		ID:       "corpus/corpus",
		Manifest: kata.Manifest{Files: []string{"corpus.go"}},
		Hidden:   map[string][]byte{"corpus_test.go": hidden},
		Tests:    []kata.Test{{Name: "TestRun", About: "TestRun checks that Run has nothing to say."}},
	}
}

// corpusFolder holds the programs; another may be named to try some out.
func corpusFolder() string {
	if dir := os.Getenv("KATA_CORPUS"); dir != "" {
		return dir
	}
	return filepath.Join("testdata", "corpus")
}

var declared = regexp.MustCompile(`^//kata:wrong kind=([a-z]+)  \S`)

// TestCorpus holds the explorer to the classic mistakes: the wrong program fails with the kind that its first line
// declares, its right twin passes.
func TestCorpus(t *testing.T) {
	programs, err := filepath.Glob(filepath.Join(corpusFolder(), "*", "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, programs)
	r, _ := demo(t)
	for _, program := range programs {
		source, err := os.ReadFile(program)
		require.NoError(t, err)
		name := filepath.Base(filepath.Dir(program)) + "/" + filepath.Base(program)
		t.Run(name, func(t *testing.T) {
			v := r.Check(context.Background(), runner.Request{
				Kata: corpusKata(t), Files: map[string][]byte{"corpus.go": source}, Fresh: true,
			})
			require.Nil(t, v.Problem)
			t.Logf("%+v, run %v ms", v.Schedules, v.TimingMS.Run)
			if filepath.Base(program) == "right.go" {
				require.Empty(t, v.Findings)
				require.Equal(t, verdict.Passed, v.Status)
				return
			}
			m := declared.FindSubmatch(source)
			require.NotNil(t, m, "the first line must say kata:wrong")
			require.Equal(t, verdict.Kind(m[1]), v.First(), "%+v", v.Findings)
			f := v.Findings[0]
			require.NotNil(t, f.Schedule, "the interleaving is shown")
			var text bytes.Buffer
			require.NoError(t, report.Text(&text, v, report.Options{Source: func(string) []byte { return source }, Width: 110}))
			t.Log("\n" + text.String())
		})
	}
}

// TestOddPrograms holds the explorer to it that a right program passes, however unusual its shape.
func TestOddPrograms(t *testing.T) {
	programs, err := filepath.Glob(filepath.Join("testdata", "oddities", "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, programs)
	r, _ := demo(t)
	for _, program := range programs {
		t.Run(filepath.Base(program), func(t *testing.T) {
			source, err := os.ReadFile(program)
			require.NoError(t, err)
			v := r.Check(context.Background(), runner.Request{
				Kata: corpusKata(t), Files: map[string][]byte{"corpus.go": source}, Fresh: true, Schedules: 300,
			})
			require.Nil(t, v.Problem)
			require.Empty(t, v.Findings)
			require.Equal(t, verdict.Passed, v.Status)
			t.Logf("%+v, run %v ms", v.Schedules, v.TimingMS.Run)
		})
	}
}
