package mutation

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// site is a node with what stands around it.
type site struct {
	*source
	node ast.Node
	// around are the nodes that contain it, the outermost first. It is valid only while the node is visited.
	around []ast.Node
}

// parent is the node that contains this one directly, for up = 0; for 1 the one that contains that. nil: none does.
func (s site) parent(up int) ast.Node {
	if i := len(s.around) - 1 - up; i >= 0 {
		return s.around[i]
	}
	return nil
}

// list is the statement list that the node stands in, and its place there; ok is false where it stands in none.
func (s site) list() (list []ast.Stmt, i int, ok bool) {
	stmt, ok := s.node.(ast.Stmt)
	if !ok {
		return nil, 0, false
	}
	list = statements(s.parent(0))
	i = slices.Index(list, stmt)
	return list, i, i >= 0
}

// statement is the innermost statement of a list that the node is or stands in; nil where it stands in none.
func (s site) statement() ast.Stmt {
	for n, up := s.node, 0; n != nil; n, up = s.parent(up), up+1 {
		if stmt, ok := n.(ast.Stmt); ok && slices.Contains(statements(s.parent(up)), stmt) {
			return stmt
		}
	}
	return nil
}

// statements are those that a node lists directly.
func statements(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}

// function is the body of the innermost function around the node, and its type.
func (s site) function() (*ast.FuncType, *ast.BlockStmt) {
	for _, n := range slices.Backward(s.around) {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n.Type, n.Body
		case *ast.FuncDecl:
			return n.Type, n.Body
		}
	}
	return nil, nil
}

// in names the place for people: " in Put", or nothing outside of functions.
func (s site) in() string {
	for _, n := range s.around {
		if decl, ok := n.(*ast.FuncDecl); ok {
			return " in " + decl.Name.Name
		}
	}
	return ""
}

// change is a change at the node. What is said about it is one line, though it may quote more.
func (s site) change(edits []edit, format string, args ...any) change {
	about := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	return change{at: s.node.Pos(), about: about, edits: edits}
}

// one is a list of one change of one place, for the operators that make no more.
func (s site) one(e edit, format string, args ...any) []change {
	return []change{s.change([]edit{e}, format, args...)}
}

// drop removes a node.
func (src *source) drop(n ast.Node) edit {
	return erase(src.text, src.offset(n.Pos()), src.offset(n.End()))
}

// replace puts text in place of a node.
func (src *source) replace(n ast.Node, text string) edit {
	return edit{src.offset(n.Pos()), src.offset(n.End()), text}
}

// insert puts text before p.
func (src *source) insert(p token.Pos, text string) edit {
	return edit{src.offset(p), src.offset(p), text}
}

// swap exchanges two nodes, the first of which ends before the second begins.
func (src *source) swap(a, b ast.Node) []edit {
	return []edit{src.replace(a, src.quote(b)), src.replace(b, src.quote(a))}
}

// call is the call that a statement consists of, deferred or not; nil where it is another kind of statement.
func call(stmt ast.Stmt) *ast.CallExpr {
	switch stmt := stmt.(type) {
	case *ast.ExprStmt:
		c, _ := stmt.X.(*ast.CallExpr)
		return c
	case *ast.DeferStmt:
		return stmt.Call
	}
	return nil
}

// callee is the full name of what a call calls, as types.Func.FullName has it: "(*sync.WaitGroup).Add". A builtin has its bare
// name. It is empty for function values and for what is not known.
func (src *source) callee(call *ast.CallExpr) string {
	if call == nil {
		return ""
	}
	switch object := src.info.Uses[calleeName(call)].(type) {
	case *types.Func:
		return object.Origin().FullName()
	case *types.Builtin:
		return object.Name()
	}
	return ""
}

// calleeName is the name that a call calls by; nil where it calls what another expression yields.
func calleeName(call *ast.CallExpr) *ast.Ident {
	fun := ast.Unparen(call.Fun)
	switch instance := fun.(type) {
	case *ast.IndexExpr:
		fun = instance.X
	case *ast.IndexListExpr:
		fun = instance.X
	}
	switch fun := fun.(type) {
	case *ast.Ident:
		return fun
	case *ast.SelectorExpr:
		return fun.Sel
	}
	return nil
}

// receiver is what a method is called on; nil where the call is of another form.
func receiver(call *ast.CallExpr) ast.Expr {
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		return sel.X
	}
	return nil
}

// typeOf is the type of an expression as far as it is known; nil where it is not.
func (src *source) typeOf(x ast.Expr) types.Type {
	t := src.info.TypeOf(x)
	if t == nil || t == types.Typ[types.Invalid] {
		return nil
	}
	return t
}

// channel is the type of an expression that is a channel; nil where it is not, or not known.
func (src *source) channel(x ast.Expr) *types.Chan {
	t := src.typeOf(x)
	if t == nil {
		return nil
	}
	c, _ := t.Underlying().(*types.Chan)
	return c
}

// steady reports whether an expression can be written twice and means the same: names, fields and elements, but no calls.
func steady(x ast.Expr) bool {
	steady := true
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr, *ast.FuncLit, *ast.CompositeLit:
			steady = false
		case *ast.UnaryExpr:
			steady = steady && n.Op != token.ARROW
		}
		return steady
	})
	return steady
}

// contains reports whether some node inside n, but outside of the function literals in it, holds.
func contains(n ast.Node, holds func(ast.Node) bool) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if _, literal := n.(*ast.FuncLit); literal || found || n == nil {
			return false
		}
		found = holds(n)
		return !found
	})
	return found
}

// shorten makes a quotation fit into a phrase: one line, of 40 characters at most.
func shorten(code string) string {
	code = strings.Join(strings.Fields(code), " ")
	if runes := []rune(code); len(runes) > 40 {
		code = string(runes[:39]) + "…"
	}
	return code
}
