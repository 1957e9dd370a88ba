// Package vet looks through a submission that compiles for the mistakes in concurrency that go vet knows. What it finds
// is suspicious and no proof, so it decides nothing: it stands as notes beside a verdict.
package vet

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/passes/atomic"
	"golang.org/x/tools/go/analysis/passes/copylock"
	"golang.org/x/tools/go/analysis/passes/lostcancel"
	"golang.org/x/tools/go/analysis/passes/waitgroup"
	"golang.org/x/tools/go/packages"

	"github.com/python-concurrency/kata/runner/verdict"
)

// check is an analyzer of go vet with what a learner is told of its findings.
type check struct {
	analyzer *analysis.Analyzer
	explain  string
}

// checks are those that are about concurrency; the others have nothing to do with a kata's one idea.
var checks = []check{
	{atomic.Analyzer, "The result of an atomic operation is assigned to its own operand, and that assignment is not atomic."},
	{copylock.Analyzer, "A copy of a lock is another lock: who holds the one does not keep out who takes the other. Hand on a pointer."},
	{lostcancel.Analyzer, "Until its cancel function is called, a context holds on to a timer and to its place with its parent."},
	{waitgroup.Analyzer, "Wait may come before the new goroutine has got as far as Add, and then does not wait for it. Call Add before the go statement."},
}

// Inspect returns what the checks find in the files of one package, by file and line. The error says that the package
// could not be read, or that an analyzer failed; a package that compiles gives none. It takes as long as the source is
// big: call it with what the compiler has taken.
func Inspect(path string, files map[string][]byte, imports types.Importer) ([]verdict.Note, error) {
	pkg, err := load(path, files, imports)
	if err != nil {
		return nil, fmt.Errorf("vet %s: %w", path, err)
	}
	analyzers := make([]*analysis.Analyzer, len(checks))
	explain := make(map[*analysis.Analyzer]string)
	for i, c := range checks {
		analyzers[i], explain[c.analyzer] = c.analyzer, c.explain
	}
	graph, err := checker.Analyze(analyzers, []*packages.Package{pkg}, nil)
	if err != nil {
		return nil, fmt.Errorf("vet %s: %w", path, err)
	}
	var notes []verdict.Note
	for _, action := range graph.Roots {
		if action.Err != nil {
			return nil, fmt.Errorf("vet %s: %s: %w", path, action.Analyzer.Name, action.Err)
		}
		for _, d := range action.Diagnostics {
			at := pkg.Fset.Position(d.Pos)
			notes = append(notes, verdict.Note{
				Rule: action.Analyzer.Name, Title: d.Message, Explain: explain[action.Analyzer], File: at.Filename, Line: at.Line,
			})
		}
	}
	slices.SortStableFunc(notes, func(a, b verdict.Note) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Rule, b.Rule))
	})
	return notes, nil
}

// load reads a package in the form that analyzers take.
func load(path string, files map[string][]byte, imports types.Importer) (*packages.Package, error) {
	fset := token.NewFileSet()
	var trees []*ast.File
	for _, name := range slices.Sorted(maps.Keys(files)) {
		tree, err := parser.ParseFile(fset, name, files[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		trees = append(trees, tree)
	}
	info := &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Instances:    make(map[*ast.Ident]types.Instance),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		Scopes:       make(map[ast.Node]*types.Scope),
		FileVersions: make(map[*ast.File]string),
	}
	config := types.Config{Importer: imports, Sizes: sizes}
	checked, err := config.Check(path, fset, trees, info)
	if err != nil {
		return nil, err
	}
	return &packages.Package{
		ID: path, PkgPath: path, Name: checked.Name(), Fset: fset, Syntax: trees, Types: checked, TypesInfo: info, TypesSizes: sizes,
	}, nil
}

// sizes are those of a 64-bit machine: the race detector runs on no other.
var sizes = types.SizesFor("gc", "amd64")
