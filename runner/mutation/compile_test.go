package mutation_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/mutation"
)

// TestMutantsCompile type-checks every mutant of the fixtures, and of two solutions, with the true types of what they
// import. A mutant that does not compile is only a waste of time, so a few are borne.
func TestMutantsCompile(t *testing.T) {
	compiler := newCompiler(t)
	made, bad := 0, 0
	all := fixtures(t)
	for _, dir := range []string{"../../solutions/futures/future", "../../solutions/gil/lostupdate"} {
		all[dir] = goFiles(t, dir)
	}
	for name, files := range all {
		require.NoError(t, compiler.check(files), name)
		mutants, err := mutation.Mutants(files, nil)
		require.NoError(t, err, name)
		for _, m := range mutants {
			made++
			if err := compiler.check(m.Files); err != nil {
				bad++
				t.Logf("%s: %s: %v", name, m.ID(), err)
			}
		}
	}
	t.Logf("%d of %d compile", made-bad, made)
	require.Less(t, bad*20, made, "more than one in twenty does not compile")
}

// fixtures are both files of each fixture, each as a solution of its own.
func fixtures(t testing.TB) map[string]map[string][]byte {
	t.Helper()
	all := map[string]map[string][]byte{}
	paths, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	for _, path := range paths {
		fixture, err := txtar.ParseFile(path)
		require.NoError(t, err)
		for _, file := range fixture.Files[:2] {
			all[path+" "+file.Name] = map[string][]byte{file.Name: file.Data}
		}
	}
	return all
}

// compiler type-checks as the Go compiler does. The project's own packages are read from their sources.
type compiler struct {
	t        *testing.T
	fset     *token.FileSet
	standard types.Importer
	ours     map[string]*types.Package
}

func newCompiler(t *testing.T) *compiler {
	return &compiler{t, token.NewFileSet(), importer.Default(), map[string]*types.Package{}}
}

const module = "github.com/python-concurrency/kata/"

func (c *compiler) Import(path string) (*types.Package, error) {
	dir, own := strings.CutPrefix(path, module)
	if !own {
		return c.standard.Import(path)
	}
	if c.ours[path] == nil {
		pkg, err := c.pkg(path, goFiles(c.t, filepath.Join("../..", dir)))
		if err != nil {
			return nil, err
		}
		c.ours[path] = pkg
	}
	return c.ours[path], nil
}

func (c *compiler) check(files map[string][]byte) error {
	_, err := c.pkg("p", files)
	return err
}

func (c *compiler) pkg(path string, files map[string][]byte) (*types.Package, error) {
	var syntax []*ast.File
	for name, text := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(c.fset, name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		syntax = append(syntax, file)
	}
	return (&types.Config{Importer: c}).Check(path, c.fset, syntax, nil)
}
