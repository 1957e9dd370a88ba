package policy

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
)

// checkAssignments refuses to change a variable of another package, or to point at one: io.EOF, time.Local and the like
// are shared with the tests.
func (c *checker) checkAssignments() {
	packages := make(map[string]bool)
	for _, spec := range c.file.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		packages[localName(spec, imported)] = true
	}
	foreign := func(x ast.Expr) {
		sel := root(x)
		if sel == nil {
			return
		}
		if p, ok := sel.X.(*ast.Ident); ok && p.Obj == nil && packages[p.Name] {
			c.refuse(sel.Pos(), "assignment", fmt.Sprintf("changes %s.%s, which belongs to another package", p.Name, sel.Sel.Name),
				"The tests use the same variable. Keep a value of your own.")
		}
	}
	ast.Inspect(c.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				foreign(x)
			}
		case *ast.IncDecStmt:
			foreign(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				foreign(n.Key)
				foreign(n.Value)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				foreign(n.X)
			}
		case *ast.CallExpr:
			if f, ok := ast.Unparen(n.Fun).(*ast.Ident); ok && changesArgument[f.Name] && len(n.Args) > 0 {
				foreign(n.Args[0])
			}
		}
		return true
	})
}

// changesArgument are the built-in functions that write to what they are handed first.
var changesArgument = map[string]bool{"append": true, "clear": true, "copy": true, "delete": true}

// root is the selector that an expression starts at: unicode.Letter of unicode.Letter.R16[0].Lo. It is nil where there is
// none.
func root(x ast.Expr) (sel *ast.SelectorExpr) {
	for {
		switch y := x.(type) {
		case *ast.ParenExpr:
			x = y.X
		case *ast.StarExpr:
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.SliceExpr:
			x = y.X
		case *ast.SelectorExpr:
			sel, x = y, y.X
		default:
			return sel
		}
	}
}
