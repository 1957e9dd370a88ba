package form

import (
	"go/ast"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hiddenTest is one test function of a hidden file.
type hiddenTest struct {
	file *source
	decl *ast.FuncDecl
}

func (t hiddenTest) name() string { return t.decl.Name.Name }

func (t hiddenTest) fault(what, hint string) Fault {
	return t.file.fault(t.file.line(t.decl.Pos()), what, hint)
}

// hiddenTests are all of them, in the order of the source.
func (s *subject) hiddenTests() []hiddenTest {
	var all []hiddenTest
	for _, f := range parsed(s.hidden()) {
		for _, decl := range f.tree.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok && isTest(decl) {
				all = append(all, hiddenTest{f, decl})
			}
		}
	}
	return all
}

// isTest knows a test by its name and by the type of its only parameter: see isTest in cmd/go/internal/load/test.go.
func isTest(f *ast.FuncDecl) bool {
	rest, ok := strings.CutPrefix(f.Name.Name, "Test")
	if first, _ := utf8.DecodeRuneInString(rest); !ok || unicode.IsLower(first) || f.Recv != nil || f.Type.Params.NumFields() != 1 {
		return false
	}
	kind := text(f.Type.Params.List[0].Type)
	return kind == "*T" || strings.HasSuffix(kind, ".T") && strings.HasPrefix(kind, "*")
}

func checkTests(s *subject) []Fault {
	tests := s.hiddenTests()
	var faults []Fault
	for _, t := range tests {
		begin := "// " + t.name() + " checks "
		doc := strings.TrimSpace(t.decl.Doc.Text())
		sentence := strings.Join(strings.Fields(doc), " ")
		switch {
		case doc == "":
			faults = append(faults, t.fault(t.name()+" has no doc comment", begin+"…"))
		case !strings.HasPrefix(sentence, t.name()+" checks "):
			faults = append(faults, t.fault("the doc comment of "+t.name()+" does not say what it checks", begin+"…"))
		case strings.Contains(sentence, ". ") || strings.Contains(doc, "\n\n"):
			faults = append(faults, t.fault("the doc comment of "+t.name()+" has more than one sentence", "move the rest into the test: a verdict shows the first sentence"))
		case !strings.HasSuffix(sentence, "."):
			faults = append(faults, t.fault("the doc comment of "+t.name()+" does not end with a full stop", begin+"…."))
		}
	}
	if hidden := s.hidden(); len(tests) == 0 && len(hidden) > 0 && len(parsed(hidden)) == len(hidden) {
		faults = append(faults, hidden[0].fault(0, "there is no hidden test", "func TestX(t *testing.T)"))
	}
	return faults
}
