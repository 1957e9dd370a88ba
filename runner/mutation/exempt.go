package mutation

import (
	"go/ast"
	"go/token"
)

// messageMakers are calls whose arguments are a text for people. A test that insisted on it would be a bad test.
var messageMakers = map[string]bool{
	"panic": true, "errors.New": true, "fmt.Errorf": true, "fmt.Print": true, "fmt.Printf": true, "fmt.Println": true,
}

// textMethods are methods whose result is a text for people.
var textMethods = map[string]bool{"Error": true, "String": true, "GoString": true}

// exempt reports whether a node and all in it stays as it is.
func (s site) exempt() bool {
	switch n := s.node.(type) {
	case *ast.GenDecl:
		return n.Tok == token.IMPORT
	case *ast.FuncDecl:
		return n.Recv != nil && textMethods[n.Name.Name]
	case *ast.ValueSpec:
		return s.computedConstant(n)
	case *ast.CallExpr:
		return isMessage(n)
	}
	return false
}

// computedConstant reports whether a declaration is of constants that are computed, as units and enumerations are. They
// mean what they are called, and tests use them too. A plain number is a limit that somebody chose, and is not exempt.
func (s site) computedConstant(spec *ast.ValueSpec) bool {
	decl, ok := s.parent(0).(*ast.GenDecl)
	if !ok || decl.Tok != token.CONST {
		return false
	}
	for _, value := range spec.Values {
		if _, plain := value.(*ast.BasicLit); !plain {
			return true
		}
	}
	return false
}

// isMessage reports whether a call only makes a text for people, or prints one.
func isMessage(call *ast.CallExpr) bool {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return messageMakers[fun.Name]
	case *ast.SelectorExpr:
		pkg, ok := fun.X.(*ast.Ident)
		return ok && (messageMakers[pkg.Name+"."+fun.Sel.Name] || pkg.Name == "log")
	}
	return false
}
