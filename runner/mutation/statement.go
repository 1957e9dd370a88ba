package mutation

import (
	"go/ast"
	"go/token"
)

var statementOperators = []Operator{
	{ID: "drop-assignment", Family: Ordinary, About: "an assignment is dropped, or one of its sides", find: dropAssignment},
	{ID: "drop-increment", Family: Ordinary, About: "a ++ or -- is dropped", find: dropIncrement},
	{ID: "drop-call", Family: Ordinary, About: "a call is dropped", find: dropCall},
	{ID: "drop-defer", Family: Ordinary, About: "a deferred call is dropped", find: dropDefer},
}

func dropAssignment(s site) (changes []change) {
	n, ok := s.node.(*ast.AssignStmt)
	if _, _, listed := s.list(); !ok || !listed || n.Tok == token.DEFINE {
		return nil
	}
	if !onlyUnderscores(n.Lhs) || contains(n, isCall) {
		changes = s.one(s.drop(n), "%s%s is dropped", shorten(s.quote(n)), s.in())
	}
	for _, to := range n.Lhs {
		if len(n.Lhs) > 1 && !isUnderscore(to) {
			changes = append(changes, s.change([]edit{s.replace(to, "_")}, "%s%s is not assigned to", shorten(s.quote(to)), s.in()))
		}
	}
	return changes
}

func isCall(n ast.Node) bool { _, ok := n.(*ast.CallExpr); return ok }

func isUnderscore(x ast.Expr) bool {
	name, ok := x.(*ast.Ident)
	return ok && name.Name == "_"
}

func onlyUnderscores(list []ast.Expr) bool {
	for _, x := range list {
		if !isUnderscore(x) {
			return false
		}
	}
	return true
}

func dropIncrement(s site) []change {
	n, ok := s.node.(*ast.IncDecStmt)
	if _, _, listed := s.list(); !ok || !listed {
		return nil
	}
	return s.one(s.drop(n), "%s%s is dropped", shorten(s.quote(n)), s.in())
}

// vital is the call without which a mutant only hangs.
var vital = map[string]bool{"(*sync.Cond).Wait": true}

func dropCall(s site) []change {
	n, ok := s.node.(*ast.ExprStmt)
	if _, _, listed := s.list(); !ok || !listed {
		return nil
	}
	c := call(n)
	if _, isLock := s.readLockCall(n); c == nil || isLock || isMessage(c) || vital[s.callee(c)] || s.quote(c.Fun) == "runtime.Gosched" {
		return nil
	}
	return s.one(s.drop(n), "%s%s is dropped", shorten(s.quote(n)), s.in())
}

func dropDefer(s site) []change {
	n, ok := s.node.(*ast.DeferStmt)
	if _, _, listed := s.list(); !ok || !listed || isMessage(n.Call) {
		return nil
	}
	return s.one(s.drop(n), "%s%s is dropped", shorten(s.quote(n)), s.in())
}
