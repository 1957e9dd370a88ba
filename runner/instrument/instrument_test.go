package instrument_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/instrument"
)

// update writes the golden files anew: go test ./runner/instrument -update
var update = flag.Bool("update", os.Getenv("UPDATE_GOLDEN") != "", "write the golden files anew")

// imports are shared by the tests: reading the standard library from source takes its time.
var imports = importer.ForCompiler(token.NewFileSet(), "source", nil)

func rewrite(t *testing.T, source []byte) []byte {
	t.Helper()
	out, err := instrument.Rewrite(instrument.Package{Path: "p", Files: map[string][]byte{"p.go": source}, Memory: true}, imports)
	require.NoError(t, err)
	return out["p.go"]
}

func TestRewrittenReadsAsItsGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			got := rewrite(t, source)
			golden := strings.TrimSuffix(file, ".go") + ".golden"
			if *update {
				require.NoError(t, os.WriteFile(golden, got, 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err, "run go test ./runner/instrument -update")
			require.Equal(t, string(want), string(got))
			sound(t, source, got)
		})
	}
}

// sound holds a rewritten source to what every one must be: its types check, and its lines are those of the original.
func sound(t *testing.T, before, after []byte) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", after, parser.SkipObjectResolution)
	require.NoError(t, err, "%s", after)
	_, err = (&types.Config{Importer: imports}).Check("p", fset, []*ast.File{file}, nil)
	require.NoError(t, err, "%s", after)
	require.Equal(t, bytes.Count(before, []byte("\n")), bytes.Count(after, []byte("\n")))
	require.Equal(t, linesOf(t, before), linesOf(t, after))
}

// linesOf are the lines of functions and compound statements, in their order.
func linesOf(t *testing.T, source []byte) (lines []string) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, parser.SkipObjectResolution)
	require.NoError(t, err)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncDecl, *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			lines = append(lines, fmt.Sprintf("%T %d", n, fset.Position(n.Pos()).Line))
		}
		return true
	})
	slices.Sort(lines) // what a case evaluates is written before its select
	return lines
}

func TestWhatDoesNotCompileIsRefused(t *testing.T) {
	for name, source := range map[string]string{
		"no syntax": "package p\nfunc {",
		"no types":  "package p\nvar x int = \"\"",
		"no import": "package p\nimport \"nowhere\"",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := instrument.Rewrite(instrument.Package{Path: "p", Files: map[string][]byte{"p.go": []byte(source)}}, imports)
			require.Error(t, err)
		})
	}
}

// TestTheStandardLibraryStaysSound takes packages that use goroutines, channels and locks in every way there is.
func TestTheStandardLibraryStaysSound(t *testing.T) {
	for _, path := range []string{"context", "io", "os/exec", "database/sql", "net/rpc", "log/slog", "time", "sync", "testing", "iter", "go/types"} {
		t.Run(path, func(t *testing.T) {
			pkg, err := build.Import(path, "", 0)
			require.NoError(t, err)
			files := make(map[string][]byte)
			for _, name := range pkg.GoFiles {
				files[name], err = os.ReadFile(filepath.Join(pkg.Dir, name))
				require.NoError(t, err)
			}
			after, err := instrument.Rewrite(instrument.Package{Path: path, Files: files, Memory: true}, imports)
			require.NoError(t, err)
			fset := token.NewFileSet()
			var trees []*ast.File
			for name, source := range after {
				require.Equal(t, bytes.Count(files[name], []byte("\n")), bytes.Count(source, []byte("\n")))
				tree, err := parser.ParseFile(fset, name, source, parser.SkipObjectResolution)
				require.NoError(t, err)
				trees = append(trees, tree)
			}
			_, err = (&types.Config{Importer: imports}).Check(path, fset, trees, nil)
			require.NoError(t, err)
		})
	}
}

// FuzzRewrite: what compiles before compiles after, on the same lines.
func FuzzRewrite(f *testing.F) {
	for _, pattern := range []string{"testdata/*.go", "../testdata/corpus/*/*.go", "../../solutions/*/*/*.go", "../../solutions/*/*/testdata/right/*/*.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(f, err)
		for _, file := range files {
			source, err := os.ReadFile(file)
			require.NoError(f, err)
			f.Add(source)
		}
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		if !importsOnly(source, "context", "errors", "fmt", "iter", "runtime", "sync", "sync/atomic", "time") {
			return // looking for a package that does not exist takes seconds
		}
		out, err := instrument.Rewrite(instrument.Package{Path: "p", Files: map[string][]byte{"p.go": source}, Memory: true}, imports)
		if err != nil {
			return // did not compile before
		}
		sound(t, source, out["p.go"])
	})
}

func importsOnly(source []byte, allowed ...string) bool {
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", source, parser.ImportsOnly)
	if err != nil {
		return false
	}
	for _, spec := range file.Imports {
		if !slices.Contains(allowed, strings.Trim(spec.Path.Value, `"`)) {
			return false
		}
	}
	return true
}

// TestAFileWithoutPointsImportsTheHookAllTheSame: what the hook imports is initialised before the file's package.
func TestAFileWithoutPointsImportsTheHookAllTheSame(t *testing.T) {
	source := "package p\n\nfunc f(n int) int { return n + 1 }\n"
	want := strings.Replace(source, "\n", "; import _ \""+instrument.Hook+"\"\n", 1)
	require.Equal(t, want, string(rewrite(t, []byte(source))))
}

func TestTheNameOfTheImportIsFree(t *testing.T) {
	got := rewrite(t, []byte("package p\n\nvar kata, kata_1 = 1, 2\n\nfunc f(ch chan int) { <-ch }\n"))
	require.Contains(t, string(got), `import kata__ "`)
}

func TestWhatAnotherFileDeclaresDoesNotClash(t *testing.T) {
	files := map[string][]byte{
		"a.go": []byte("package p\n\nfunc f(ch chan int) { <-ch }\n"),
		"b.go": []byte("package p\n\nvar kata = 1\n"),
	}
	out, err := instrument.Rewrite(instrument.Package{Path: "p", Files: files}, imports)
	require.NoError(t, err)
	fset := token.NewFileSet()
	var trees []*ast.File
	for name, source := range out {
		tree, err := parser.ParseFile(fset, name, source, parser.SkipObjectResolution)
		require.NoError(t, err)
		trees = append(trees, tree)
	}
	_, err = (&types.Config{Importer: imports}).Check("p", fset, trees, nil)
	require.NoError(t, err)
}
