package mutation

import (
	"go/ast"
	"go/token"
)

var arithmeticOperators = []Operator{
	{ID: "swap-arithmetic", Family: Ordinary, About: "+ becomes -, * becomes /, and the reverse", find: swapArithmetic},
	{ID: "swap-increment", Family: Ordinary, About: "++ becomes --, and the reverse", find: swapIncrement},
}

var arithmetic = map[token.Token]token.Token{
	token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL, token.REM: token.QUO,
}

var arithmeticAssignments = map[token.Token]token.Token{
	token.ADD_ASSIGN: token.SUB_ASSIGN, token.SUB_ASSIGN: token.ADD_ASSIGN,
	token.MUL_ASSIGN: token.QUO_ASSIGN, token.QUO_ASSIGN: token.MUL_ASSIGN,
}

func swapArithmetic(s site) []change {
	switch n := s.node.(type) {
	case *ast.BinaryExpr:
		if isText(n.X) || isText(n.Y) {
			return nil
		}
		return swapsOperator(arithmetic)(s)
	case *ast.AssignStmt:
		to := arithmeticAssignments[n.Tok]
		if to == token.ILLEGAL || isText(n.Rhs[0]) {
			return nil
		}
		return s.one(s.retoken(n.TokPos, n.Tok, to), "%s becomes %s%s", n.Tok, to, s.in())
	}
	return nil
}

// isText reports whether an expression has a string literal at one of its ends: then + joins texts.
func isText(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.BasicLit:
		return x.Kind == token.STRING
	case *ast.BinaryExpr:
		return isText(x.X) || isText(x.Y)
	}
	return false
}

var increments = map[token.Token]token.Token{token.INC: token.DEC, token.DEC: token.INC}

func swapIncrement(s site) []change {
	n, ok := s.node.(*ast.IncDecStmt)
	if !ok {
		return nil
	}
	return s.one(s.retoken(n.TokPos, n.Tok, increments[n.Tok]), "%s becomes %s%s", shorten(s.quote(n)), increments[n.Tok], s.in())
}
