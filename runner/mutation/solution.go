package mutation

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// solution is the files of a solution, read.
type solution struct {
	files   map[string][]byte
	fset    *token.FileSet
	sources []*source
	// faults are what the checker says against the solution as it is. That is its outlines' fault, or the author's, and no
	// mutant is dropped for it.
	faults map[string]bool
}

// source is one file of a solution, with what is known of its names.
type source struct {
	name   string
	text   []byte
	file   *token.File
	syntax *ast.File
	info   *types.Info
	pkg    *types.Package
}

func read(files map[string][]byte) (*solution, error) {
	s := &solution{files: files, fset: token.NewFileSet(), faults: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		syntax, err := parser.ParseFile(s.fset, name, files[name], parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("mutate %w", err) // which says where
		}
		s.sources = append(s.sources, &source{name: name, text: files[name], syntax: syntax, file: s.fset.File(syntax.FileStart)})
	}
	info := &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Uses:       map[*ast.Ident]types.Object{},
		Defs:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	pkg, faults := s.check(s.syntax(), info)
	for _, f := range faults {
		s.faults[f.Msg] = true
	}
	for _, src := range s.sources {
		src.info, src.pkg = info, pkg
	}
	return s, nil
}

func (s *solution) syntax() []*ast.File {
	files := make([]*ast.File, len(s.sources))
	for i, src := range s.sources {
		files[i] = src.syntax
	}
	return files
}

// check type-checks a package as far as the outlines reach, and returns what there is against it.
func (s *solution) check(files []*ast.File, info *types.Info) (*types.Package, []types.Error) {
	var faults []types.Error
	config := types.Config{
		Importer: standard(),
		Error: func(err error) {
			if fault, ok := err.(types.Error); ok {
				faults = append(faults, fault)
			}
		},
	}
	pkg, _ := config.Check("solution", s.fset, files, info)
	return pkg, faults
}

// line is the number of the line on which p stands, whatever //line comments say.
func (src *source) line(p token.Pos) int { return src.file.PositionFor(p, false).Line }

// code is a line, trimmed.
func (src *source) code(line int) string {
	from := src.file.Offset(src.file.LineStart(line))
	rest := src.text[from:]
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	return strings.TrimSpace(string(rest))
}

func (src *source) offset(p token.Pos) int { return src.file.Offset(p) }

// quote is a node as the author wrote it.
func (src *source) quote(n ast.Node) string {
	return string(src.text[src.offset(n.Pos()):src.offset(n.End())])
}
