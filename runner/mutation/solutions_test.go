package mutation_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/mutation"
)

// TestMutantsOfEverySolution makes the mutants of all reference solutions there are.
func TestMutantsOfEverySolution(t *testing.T) {
	dirs, err := filepath.Glob("../../solutions/*/*")
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			files := goFiles(t, dir)
			mutants, err := mutation.Mutants(files, nil)
			require.NoError(t, err)
			require.NotEmpty(t, mutants)
			sound(t, files, mutants)
			keepLines(t, files, mutants)
			count := map[mutation.Family]int{}
			for _, m := range mutants {
				count[m.Family]++
			}
			t.Logf("%d mutants: %v", len(mutants), count)
		})
	}
}

// goFiles are the Go files of a folder, by name.
func goFiles(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	files := map[string][]byte{}
	for _, path := range paths {
		files[filepath.Base(path)], err = os.ReadFile(path)
		require.NoError(t, err)
	}
	return files
}

// sound holds mutants to what Mutants promises of each.
func sound(t *testing.T, files map[string][]byte, mutants []mutation.Mutant) {
	t.Helper()
	ids, texts := map[string]bool{}, map[string]string{}
	for _, m := range mutants {
		require.False(t, ids[m.ID()], "two mutants are called %s", m.ID())
		ids[m.ID()] = true
		require.Len(t, m.Files, len(files))
		for name, text := range m.Files {
			require.Equal(t, name != m.File, bytes.Equal(text, files[name]), "%s: %s", m.ID(), name)
		}
		text := m.File + "\n" + string(m.Files[m.File])
		require.Empty(t, texts[text], "%s is the same as %s", m.ID(), texts[text])
		texts[text] = m.ID()
		_, err := parser.ParseFile(token.NewFileSet(), m.File, m.Files[m.File], parser.SkipObjectResolution)
		require.NoError(t, err, m.ID())
		require.NotEmpty(t, m.About, m.ID())
		require.NotContains(t, m.About, "\n", m.ID())
	}
}

// keepLines holds mutants to it that no line below the change gets another number.
func keepLines(t *testing.T, files map[string][]byte, mutants []mutation.Mutant) {
	t.Helper()
	for _, m := range mutants {
		require.Equal(t, bytes.Count(files[m.File], []byte("\n")), bytes.Count(m.Files[m.File], []byte("\n")), "%s: lines move", m.ID())
	}
}
