package diagnosis

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strconv"
	"strings"

	"github.com/python-concurrency/kata/runner/evidence"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/verdict"
)

// source knows the learner's files: which frames lie in them, what a line reads, and where a name is declared.
type source struct {
	kata   kata.Kata
	folder string
	lines  map[string][]string
	// declared maps the names of functions and methods to where they stand.
	declared map[string]verdict.Place
}

func newSource(c Case) *source {
	s := &source{kata: c.Kata, folder: "katas/" + string(c.Kata.ID), lines: make(map[string][]string), declared: make(map[string]verdict.Place)}
	for name, data := range c.Files {
		s.lines[name] = strings.Split(string(data), "\n")
		s.declare(name, data)
	}
	return s
}

func (s *source) declare(name string, data []byte) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, data, parser.SkipObjectResolution)
	if err != nil {
		return
	}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			line := fset.PositionFor(f.Pos(), false).Line
			s.declared[f.Name.Name] = verdict.Place{File: name, Line: line, Code: s.code(name, line)}
		}
	}
}

// about is what a hidden test says of itself.
func (s *source) about(test string) string {
	for _, t := range s.kata.Tests {
		if t.Name == test {
			return t.About
		}
	}
	return ""
}

// code is the text of a line, without its indentation.
func (s *source) code(file string, line int) string {
	lines := s.lines[file]
	if line < 1 || line > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[line-1])
}

// own reports whether a frame lies in one of the learner's files, and which.
func (s *source) own(f evidence.Frame) (string, bool) {
	name := path.Base(f.File)
	_, ok := s.lines[name]
	return name, ok && path.Dir(f.File) == s.folder
}

// hidden reports whether a frame lies in a hidden test.
func (s *source) hidden(f evidence.Frame) bool {
	_, ok := s.kata.Hidden[path.Base(f.File)]
	return ok && path.Dir(f.File) == s.folder
}

// innermost is the first of the learner's own lines on a stack.
func (s *source) innermost(frames []evidence.Frame) (verdict.Place, bool) {
	for _, f := range frames {
		if name, ok := s.own(f); ok {
			return s.mend(verdict.Place{File: name, Line: f.Line, Code: s.code(name, f.Line)}, f.Func), true
		}
	}
	return verdict.Place{}, false
}

// mend replaces a line that cannot be by the function's own: a loop of nothing but its condition, preempted, shows
// with line 1 (seen with Go 1.26).
func (s *source) mend(p verdict.Place, function string) verdict.Place {
	if p.Line > 1 {
		return p
	}
	if d, ok := s.declared[bareName(function)]; ok {
		return d
	}
	return p
}

// bareName is the declared function behind a symbol: "…/future.(*Future).Result.func1" is "Result".
func bareName(function string) string {
	parts := strings.Split(path.Base(function), ".")
	for i := len(parts) - 1; i > 0; i-- {
		if _, closure := strings.CutPrefix(parts[i], "func"); !closure && !isNumber(parts[i]) {
			return parts[i]
		}
	}
	return ""
}

func isNumber(s string) bool { _, err := strconv.Atoi(s); return err == nil }

// place is innermost with a role; in the hidden tests it names the file and nothing of its text.
func (s *source) place(role string, frames ...evidence.Frame) (verdict.Place, bool) {
	if p, ok := s.innermost(frames); ok {
		p.Role = role
		return p, true
	}
	for _, f := range frames {
		if s.hidden(f) {
			return verdict.Place{Role: role + ", in the hidden tests", File: path.Base(f.File), Line: f.Line}, true
		}
	}
	return verdict.Place{}, false
}

// tested is where the learner declares what the hidden test called last, at or before its line at ("file.go:12").
func (s *source) tested(at, test string) (verdict.Place, bool) {
	file, number, _ := strings.Cut(at, ":")
	line, err := strconv.Atoi(number)
	data, ok := s.kata.Hidden[file]
	if err != nil || !ok {
		return verdict.Place{}, false
	}
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, file, data, parser.SkipObjectResolution)
	if err != nil {
		return verdict.Place{}, false
	}
	var found verdict.Place
	newest := 0
	for _, d := range tree.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || fset.Position(f.Pos()).Line > line || fset.Position(f.End()).Line < line {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			name, ok := called(n)
			if !ok {
				return true
			}
			row := fset.Position(name.Pos()).Line
			if p, ok := s.declared[name.Name]; ok && row <= line && row >= newest {
				found, newest = p, row
			}
			return true
		})
	}
	return found, newest > 0
}

// called is the name behind the dot of a call, or of a method or function that is handed on.
func called(n ast.Node) (*ast.Ident, bool) {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return nil, false
	}
	return sel.Sel, true
}
