package mutation

import (
	"go/ast"
	"go/token"
	"go/types"
)

var conditionOperators = []Operator{
	{ID: "negate-condition", Family: Ordinary, About: "a condition, or one side of && or ||, is negated", find: negateCondition},
	{ID: "swap-comparison", Family: Ordinary, About: "< becomes <=, == becomes !=, and the like", find: swapsOperator(comparisons)},
	{ID: "swap-logic", Family: Ordinary, About: "&& becomes ||, and the reverse", find: swapsOperator(logic)},
}

var comparisons = map[token.Token]token.Token{
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.EQL: token.NEQ, token.NEQ: token.EQL,
}

var logic = map[token.Token]token.Token{token.LAND: token.LOR, token.LOR: token.LAND}

// negations are the comparisons that hold exactly when another does not.
var negations = map[token.Token]token.Token{
	token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR,
	token.EQL: token.NEQ, token.NEQ: token.EQL,
}

// swapsOperator finds binary expressions whose operator has another that it is taken for.
func swapsOperator(swaps map[token.Token]token.Token) func(site) []change {
	return func(s site) []change {
		x, ok := s.node.(*ast.BinaryExpr)
		if !ok || swaps[x.Op] == token.ILLEGAL {
			return nil
		}
		e := s.retoken(x.OpPos, x.Op, swaps[x.Op])
		c := s.change([]edit{e}, "%s becomes %s in %s%s", x.Op, swaps[x.Op], shorten(s.quote(x)), s.in())
		c.at = x.OpPos
		return []change{c}
	}
}

// retoken puts one token in place of another.
func (src *source) retoken(at token.Pos, from, to token.Token) edit {
	offset := src.offset(at)
	return edit{offset, offset + len(from.String()), to.String()}
}

func negateCondition(s site) []change {
	x, ok := s.node.(ast.Expr)
	if !ok || !s.decides(x) {
		return nil
	}
	return s.one(s.negate(x), "%s%s is negated", shorten(s.quote(x)), s.in())
}

// decides reports whether an expression is a condition: of an if, a loop, a case or a result, or one side of && or ||.
func (s site) decides(x ast.Expr) bool {
	switch parent := s.parent(0).(type) {
	case *ast.IfStmt:
		return parent.Cond == x
	case *ast.ForStmt:
		return parent.Cond == x
	case *ast.CaseClause:
		choice, ok := s.parent(2).(*ast.SwitchStmt)
		return ok && choice.Tag == nil
	case *ast.ReturnStmt:
		return s.isBool(x) && !isLiteralBool(x)
	case *ast.BinaryExpr:
		side, nested := x.(*ast.BinaryExpr)
		return logic[parent.Op] != token.ILLEGAL && !(nested && side.Op == parent.Op)
	}
	return false
}

func (src *source) isBool(x ast.Expr) bool {
	t := src.typeOf(x)
	if t == nil {
		return false
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsBoolean != 0
}

func isLiteralBool(x ast.Expr) bool {
	name, ok := x.(*ast.Ident)
	return ok && (name.Name == "true" || name.Name == "false")
}

// negate writes the opposite of a condition as an author would.
func (src *source) negate(x ast.Expr) edit {
	switch x := x.(type) {
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			from := src.offset(x.OpPos)
			return edit{from, src.offset(x.X.Pos()), ""}
		}
	case *ast.BinaryExpr:
		if negation, ok := negations[x.Op]; ok {
			return src.retoken(x.OpPos, x.Op, negation)
		}
		return src.replace(x, "!("+src.quote(x)+")")
	}
	return src.insert(x.Pos(), "!")
}
