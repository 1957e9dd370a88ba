// Package instrument writes the points of the explored lens into a source on its way to the compiler: a call of
// katas/lab/hook around each channel operation, select and go statement, at the heads of loops that may wait for
// something, and before statements that touch memory which another goroutine could see. Every line stays where it was,
// so positions are those of the learner's file. Locks, groups and atomics have their points in the drop-ins for sync and
// sync/atomic and are left alone here.
//
// Outside of a run of the explored lens the rewritten source does what the original does.
package instrument

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// Hook is the import path of the package that the rewritten source calls.
const Hook = "github.com/python-concurrency/kata/katas/lab/hook"

// Version changes with what Rewrite makes of a source: compiled packages are kept by it.
const Version = "5"

// Package is what is rewritten: all files of one package.
type Package struct {
	Path  string
	Files map[string][]byte
	// Memory: statements that touch memory which another goroutine could see get a point too. A hidden test does
	// without, since its own variables are nobody's lesson.
	Memory bool
}

// Rewrite returns the files with their points. The error is that of a source that does not parse or has no sound types:
// the compiler will say so better.
func Rewrite(p Package, imports types.Importer) (map[string][]byte, error) {
	fset := token.NewFileSet()
	names := slices.Sorted(maps.Keys(p.Files))
	files := make([]*ast.File, len(names))
	for i, name := range names {
		file, err := parser.ParseFile(fset, name, p.Files[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("parse: %w", err)
		}
		files[i] = file
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue),
		Defs:  make(map[*ast.Ident]types.Object),
		Uses:  make(map[*ast.Ident]types.Object),
		// Instances tells a generic function whose type arguments are inferred.
		Instances:  make(map[*ast.Ident]types.Instance),
		Selections: make(map[*ast.SelectorExpr]*types.Selection),
	}
	config := types.Config{Importer: imports}
	pkg, err := config.Check(p.Path, fset, files, info)
	if err != nil {
		return nil, fmt.Errorf("check types: %w", err)
	}
	out := make(map[string][]byte, len(names))
	hook := unusedName(files)
	for i, name := range names {
		r := &rewriter{
			source: p.Files[name], base: fset.File(files[i].FileStart).Base(), info: info, pkg: pkg, memory: p.Memory,
			hook: hook, jumps: jumpTargets(files[i]), labels: labels(files[i]),
			captured: captured(files[i], info),
		}
		r.file(files[i])
		out[name] = r.result(files[i])
	}
	return out, nil
}

// unusedName is a name for the import that no file of the package uses: what one declares would clash in all.
func unusedName(files []*ast.File) string {
	used := make(map[string]bool)
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				used[id.Name] = true
			}
			return true
		})
	}
	name := "kata"
	for anyBegins(used, name) {
		name += "_"
	}
	return name
}

// anyBegins: the names of temporary variables begin with that of the import.
func anyBegins(names map[string]bool, prefix string) bool {
	for name := range names {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// jumpTargets are the labels that a goto names.
func jumpTargets(file *ast.File) map[string]bool {
	targets := make(map[string]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		if b, ok := n.(*ast.BranchStmt); ok && b.Tok == token.GOTO {
			targets[b.Label.Name] = true
		}
		return true
	})
	return targets
}

// labels are the labels of each statement that has some, outermost first.
func labels(file *ast.File) map[ast.Stmt][]*ast.LabeledStmt {
	of := make(map[ast.Stmt][]*ast.LabeledStmt)
	ast.Inspect(file, func(n ast.Node) bool {
		if l, ok := n.(*ast.LabeledStmt); ok {
			of[l.Stmt] = append(append([]*ast.LabeledStmt(nil), of[l]...), l)
		}
		return true
	})
	return of
}
