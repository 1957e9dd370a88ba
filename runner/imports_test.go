package runner_test

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/python-concurrency/kata/"

// mayImport is the house: each package with what of ours it may import. Data goes one way, and so do imports.
var mayImport = map[string][]string{
	"runner/kata":            {},
	"runner/verdict":         {},
	"runner/catalog":         {"runner/kata", "runner/verdict"},
	"runner/workspace":       {"runner/kata"},
	"runner/policy":          {"runner/kata", "runner/verdict"},
	"runner/instrument":      {},
	"runner/build":           {"runner/instrument", "runner/kata", "runner/store"},
	"runner/sandbox":         {"runner/sandbox/confine"},
	"runner/sandbox/confine": {},
	"runner/store":           {},
	"runner/faultinject":     {},
	"runner/evidence":        {"katas/lab/wire", "runner/sandbox", "runner/verdict"},
	"runner/diagnosis":       {"katas/lab/wire", "runner/build", "runner/evidence", "runner/kata", "runner/sandbox", "runner/verdict"},
	"runner/progress":        {},
	"runner/report":          {"runner/verdict", "runner/verify"},
	"runner/mutation":        {},
	"runner/vet":             {"runner/verdict"},
	"runner/verify":          {"runner/catalog", "runner/kata", "runner/mutation", "runner/verdict"},
	"runner/form":            {"runner/kata", "runner/verdict"},
	"runner/scaffold":        {"runner/form", "runner/kata"},
	"runner":                 {"katas/lab/wire", "runner/build", "runner/catalog", "runner/diagnosis", "runner/evidence", "runner/kata", "runner/policy", "runner/sandbox", "runner/store", "runner/verdict", "runner/verify", "runner/vet"},
	"katas":                  {},
	"solutions":              {},
	"katas/lab/wire":         {},
	"katas/lab/sync":         {"katas/lab/explore"},
	"katas/lab/sync/atomic":  {"katas/lab/explore"},
	"katas/lab/explore":      {},
	"katas/lab/seal":         {"katas/lab/wire"},
	"katas/lab/hook":         {"katas/lab/explore", "katas/lab/seal"},
	"katas/lab":              {"katas/lab/explore", "katas/lab/hook", "katas/lab/popcount", "katas/lab/seal", "katas/lab/wire"},
	"katas/lab/popcount":     {},
	"katas/sim/gil":          {},
	"katas/sim/process":      {},
	"katas/sim/network":      {},
	"katas/sim/socket":       {},
	"cmd/kata":               {"katas", "solutions", "runner", "runner/catalog", "runner/form", "runner/kata", "runner/mutation", "runner/policy", "runner/progress", "runner/report", "runner/scaffold", "runner/store", "runner/verdict", "runner/verify", "runner/workspace"},
	"bench":                  {},
	"bench/corpus":           {"runner", "runner/catalog", "runner/kata", "runner/verdict", "runner/verify"},
}

// external says which packages may import a module that is not the standard library's.
var external = map[string][]string{
	"katas/lab":              {"go.uber.org/goleak"},
	"runner/kata":            {"github.com/BurntSushi/toml"},
	"runner/build":           {"golang.org/x/sys/unix"},
	"runner/store":           {"github.com/rogpeppe/go-internal/lockedfile"},
	"runner/faultinject":     {"golang.org/x/sys/unix"},
	"runner/mutation":        {"github.com/BurntSushi/toml"},
	"runner/progress":        {"github.com/rogpeppe/go-internal/lockedfile"},
	"runner/scaffold":        {"golang.org/x/mod/modfile"},
	"runner/vet":             {"golang.org/x/tools/go/analysis", "golang.org/x/tools/go/analysis/checker", "golang.org/x/tools/go/analysis/passes/atomic", "golang.org/x/tools/go/analysis/passes/copylock", "golang.org/x/tools/go/analysis/passes/lostcancel", "golang.org/x/tools/go/analysis/passes/waitgroup", "golang.org/x/tools/go/packages"},
	"runner/sandbox":         {"golang.org/x/sys/unix"},
	"runner/sandbox/confine": {"github.com/elastic/go-seccomp-bpf", "github.com/landlock-lsm/go-landlock/landlock", "github.com/landlock-lsm/go-landlock/landlock/syscall", "golang.org/x/sys/unix"},
	"cmd/kata":               {"github.com/urfave/cli/v2"},
}

func TestImportsGoOneWay(t *testing.T) {
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	for _, dir := range packages(t, root) {
		rel, _ := filepath.Rel(root, dir)
		rel = filepath.ToSlash(rel)
		allowed, known := mayImport[rel]
		if kataFolder(rel) {
			continue // a kata may import what its manifest says; catalog and policy see to that
		}
		require.True(t, known, "package %s has no place in the house: give it one in mayImport and in ARCHITECTURE.md", rel)
		pkg, err := build.ImportDir(dir, 0)
		require.NoError(t, err, rel)
		for _, imported := range pkg.Imports {
			if ours, ok := strings.CutPrefix(imported, module); ok {
				require.Contains(t, allowed, ours, "%s imports %s", rel, ours)
			} else if strings.Contains(imported, ".") {
				require.True(t, slices.Contains(external[rel], imported), "%s imports %s", rel, imported)
			}
		}
	}
}

// kataFolder reports whether a folder holds a kata or its solution.
func kataFolder(rel string) bool {
	parts := strings.Split(rel, "/")
	return len(parts) >= 3 && (parts[0] == "solutions" || parts[0] == "katas" && parts[1] != "lab" && parts[1] != "sim")
}

// packages are the folders that hold Go files, but for test data.
func packages(t *testing.T, root string) []string {
	t.Helper()
	var dirs []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "workspace" || d.Name() == "bin") {
			return fs.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			if dir := filepath.Dir(path); !slices.Contains(dirs, dir) {
				dirs = append(dirs, dir)
			}
		}
		return nil
	})
	require.NoError(t, err)
	return dirs
}

// TestOnlyTheCommandTouchesTheOutside holds the domain packages to it that they never print, exit or read the
// environment.
func TestOnlyTheCommandTouchesTheOutside(t *testing.T) {
	forbidden := []string{"fmt.Print", "fmt.Printf", "fmt.Println", "os.Exit", "os.Getenv", "os.LookupEnv", "os.Environ", "os.Stdout", "os.Stderr", "log.Print", "log.Printf", "log.Fatal"}
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	for _, dir := range packages(t, filepath.Join(root, "runner")) {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, use := range selectors(t, file) {
				require.NotContains(t, forbidden, use, file)
			}
		}
	}
}

// selectors are all uses of the form x.y in a Go file.
func selectors(t *testing.T, file string) (uses []string) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	ast.Inspect(tree, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok {
				uses = append(uses, x.Name+"."+sel.Sel.Name)
			}
		}
		return true
	})
	return uses
}
