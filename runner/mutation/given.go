package mutation

import (
	"go/ast"
	"go/parser"
	"go/token"
)

// given are the functions that a stub hands out written: those of the solution that read the same in the stub. They are not
// the learner's to write, so a mutant of them says nothing of the hidden tests. Who breaks them is told so all the same.
type given map[string]bool

// readGiven reads a stub; what does not parse gives nothing.
func readGiven(stub map[string][]byte) given {
	g := make(given)
	for name, text := range stub {
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				g[string(text[f.Pos()-file.FileStart:f.End()-file.FileStart])] = true // without its doc comment
			}
		}
	}
	return g
}

// holds reports whether the place of a change is in a given function.
func (g given) holds(c candidate) bool {
	for _, decl := range c.source.syntax.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Pos() <= c.at && c.at < f.End() {
			return g[c.source.quote(f)]
		}
	}
	return false
}
