package form

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
)

// source is one file, and for a Go file its syntax.
type source struct {
	path string
	text []byte
	// positions and tree are those of a Go file; tree is nil where the file does not parse, and err says why.
	positions *token.FileSet
	tree      *ast.File
	err       error
}

func parse(name string, text []byte) *source {
	f := &source{path: name, text: text, positions: token.NewFileSet()}
	if path.Ext(name) != ".go" {
		return f
	}
	tree, err := parser.ParseFile(f.positions, path.Base(name), text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		f.err = err
		return f
	}
	f.tree = tree
	return f
}

func (f *source) firstLine() string {
	line, _, _ := bytes.Cut(f.text, []byte("\n"))
	return string(bytes.TrimRight(line, " \t\r"))
}

// lines are the lines of the file, without their ends.
func (f *source) lines() []string {
	var all []string
	for line := range bytes.Lines(f.text) {
		all = append(all, string(bytes.TrimRight(line, "\r\n")))
	}
	return all
}

// line is where a node stands, as the file is written: a line directive does not move it.
func (f *source) line(at token.Pos) int { return f.positions.PositionFor(at, false).Line }

// fault is one of this file.
func (f *source) fault(line int, what, hint string) Fault {
	return Fault{File: f.path, Line: line, What: what, Hint: hint}
}

// parsed are those of the files that have a syntax tree.
func parsed(files []*source) []*source {
	var some []*source
	for _, f := range files {
		if f.tree != nil {
			some = append(some, f)
		}
	}
	return some
}
