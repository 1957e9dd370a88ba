package form_test

import (
	"io/fs"
	"os"
	"path"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/form"
	"github.com/python-concurrency/kata/runner/kata"
)

// TestTheCurriculumKeepsItsForm holds every kata of the repository to the rules.
func TestTheCurriculumKeepsItsForm(t *testing.T) {
	katas, solutions := os.DirFS("../../katas"), os.DirFS("../../solutions")
	manifests, err := fs.Glob(katas, "*/*/kata.toml")
	require.NoError(t, err)
	require.NotEmpty(t, manifests)
	for _, manifest := range manifests {
		id := kata.ID(path.Dir(manifest))
		t.Run(string(id), func(t *testing.T) {
			for _, f := range form.Check(katas, solutions, id) {
				t.Errorf("%s:%d: %s [%s]\n\thint: %s", f.File, f.Line, f.What, f.Rule, f.Hint)
			}
		})
	}
}
