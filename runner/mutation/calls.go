package mutation

import (
	"go/ast"
	"slices"
)

// calls reports of a node whether it is a call of one of some functions, by their full names.
func (src *source) calls(functions ...string) func(ast.Node) bool {
	return func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		return ok && slices.Contains(functions, src.callee(c))
	}
}

// dropsCall finds the statements that only call one of some functions, deferred or not, and drops them.
func dropsCall(functions ...string) func(site) []change {
	return func(s site) []change {
		list, i, ok := s.list()
		if !ok {
			return nil
		}
		c := call(list[i])
		if c == nil || !slices.Contains(functions, s.callee(c)) {
			return nil
		}
		return s.one(s.drop(list[i]), "%s%s is dropped", shorten(s.quote(list[i])), s.in())
	}
}

// renames finds the calls of one method and has them call another of the same signature.
func renames(method, to string) func(site) []change {
	return func(s site) []change {
		c, ok := s.node.(*ast.CallExpr)
		if !ok || s.callee(c) != method {
			return nil
		}
		sel, ok := c.Fun.(*ast.SelectorExpr)
		if !ok {
			return nil
		}
		return s.one(s.replace(sel.Sel, to), "%s%s becomes a %s", shorten(s.quote(c)), s.in(), to)
	}
}
