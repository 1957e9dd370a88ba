package catalog

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/python-concurrency/kata/runner/kata"
)

var errNoTest = errors.New("there is no hidden test (a *_test.go with func TestXxx(t *testing.T))")

// testsOf reads the tests off the hidden files: the files by name, each in the order of its source. All hidden tests
// are built as one package, whose name is given.
func testsOf(pkg string, hidden map[string][]byte) ([]kata.Test, error) {
	var tests []kata.Test
	in := make(map[string]string)
	for _, name := range slices.Sorted(maps.Keys(hidden)) {
		file, err := parser.ParseFile(token.NewFileSet(), name, hidden[name], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("hidden test: %w", err)
		}
		if file.Name.Name != pkg {
			return nil, fmt.Errorf("hidden test: %s is package %s, wanted %s", name, file.Name.Name, pkg)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || !isTest(f) {
				continue
			}
			if other, twice := in[f.Name.Name]; twice {
				return nil, fmt.Errorf("hidden test: %s is declared twice: in %s and %s", f.Name.Name, other, name)
			}
			in[f.Name.Name] = name
			tests = append(tests, kata.Test{Name: f.Name.Name, About: firstSentence(f.Doc.Text())})
		}
	}
	if len(tests) == 0 {
		return nil, errNoTest
	}
	return tests, nil
}

// isTest reports whether the go command would run f as a test: see isTest and isTestFunc in
// cmd/go/internal/load/test.go. Type and value are told apart by their syntax alone, as there.
func isTest(f *ast.FuncDecl) bool {
	rest, ok := strings.CutPrefix(f.Name.Name, "Test")
	if first, _ := utf8.DecodeRuneInString(rest); !ok || unicode.IsLower(first) {
		return false
	}
	params := f.Type.Params.List
	if f.Recv != nil || f.Type.TypeParams != nil || f.Type.Results.NumFields() > 0 || len(params) != 1 || len(params[0].Names) > 1 {
		return false
	}
	pointer, ok := params[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	switch x := pointer.X.(type) {
	case *ast.Ident:
		return x.Name == "T"
	case *ast.SelectorExpr:
		return x.Sel.Name == "T"
	}
	return false
}

// firstSentence is the first sentence of a doc comment's first paragraph, on one line.
func firstSentence(doc string) string {
	paragraph, _, _ := strings.Cut(doc, "\n\n")
	line := strings.Join(strings.Fields(paragraph), " ")
	if at := strings.Index(line, ". "); at >= 0 {
		return line[:at+1]
	}
	return line
}
