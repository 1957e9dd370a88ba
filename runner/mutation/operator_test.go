package mutation_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/mutation"
)

var update = flag.Bool("update", false, "write the mutants in testdata anew")

// TestOperators holds each operator to its fixture, testdata/<operator>.txtar: before.go, then its mutants, each named by its ID, with
// what it says of itself and the lines that it changes; and silent.go, of which it makes none.
func TestOperators(t *testing.T) {
	for _, op := range mutation.Operators() {
		t.Run(op.ID, func(t *testing.T) {
			path := filepath.Join("testdata", op.ID+".txtar")
			fixture, err := txtar.ParseFile(path)
			require.NoError(t, err)
			require.GreaterOrEqual(t, len(fixture.Files), 3, "a fixture has before.go, silent.go and mutants")
			before, silent := fixture.Files[0], fixture.Files[1]
			require.Equal(t, "before.go", before.Name)
			require.Equal(t, "silent.go", silent.Name)
			require.Empty(t, of(t, op, silent), "of silent.go")

			fixture.Files = append(fixture.Files[:2:2], of(t, op, before)...)
			require.Greater(t, len(fixture.Files), 2, "no mutants of before.go")
			got := txtar.Format(fixture)
			if *update {
				require.NoError(t, os.WriteFile(path, got, 0o666))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got))
		})
	}
}

// of are the mutants that an operator makes of one file, as they stand in a fixture.
func of(t *testing.T, op mutation.Operator, file txtar.File) (sections []txtar.File) {
	t.Helper()
	files := map[string][]byte{file.Name: file.Data}
	mutants, err := mutation.Mutants(files, nil)
	require.NoError(t, err)
	sound(t, files, mutants)
	keepLines(t, files, mutants)
	for _, m := range mutants {
		if m.Operator == op.ID {
			require.Equal(t, op.Family, m.Family)
			sections = append(sections, txtar.File{Name: m.ID(), Data: changed(m, file.Data)})
		}
	}
	return sections
}

// changed shows what a mutant says of itself, and the lines it changes. They keep their numbers, so that they can be
// compared one by one.
func changed(m mutation.Mutant, before []byte) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s\n", m.About)
	was, is := strings.Split(string(before), "\n"), strings.Split(string(m.Files[m.File]), "\n")
	for i := range was {
		if was[i] != is[i] {
			fmt.Fprintf(&out, "%3d - %s\n", i+1, was[i])
			out.WriteString(strings.TrimRight(fmt.Sprintf("%3d + %s", i+1, is[i]), " ") + "\n")
		}
	}
	return out.Bytes()
}

func TestTheTableOfOperators(t *testing.T) {
	ids := map[string]bool{}
	ordinary := false
	for _, op := range mutation.Operators() {
		require.Regexp(t, `^[a-z]+(-[a-z]+)+$`, op.ID)
		require.False(t, ids[op.ID], "%s stands twice in the table", op.ID)
		ids[op.ID] = true
		require.NotEmpty(t, op.About)
		require.Contains(t, []mutation.Family{mutation.Concurrency, mutation.Ordinary}, op.Family)
		require.False(t, ordinary && op.Family == mutation.Concurrency, "%s comes behind an ordinary operator: concurrency wins", op.ID)
		ordinary = op.Family == mutation.Ordinary
	}
	fixtures, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	for _, path := range fixtures {
		require.True(t, ids[strings.TrimSuffix(filepath.Base(path), ".txtar")], "%s is of no operator", path)
	}
}
