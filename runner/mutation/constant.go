package mutation

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

var constantOperators = []Operator{
	{ID: "shift-constant", Family: Ordinary, About: "a whole number is one more or one less", find: shiftConstant},
	{ID: "flip-bool", Family: Ordinary, About: "true becomes false, and the reverse", find: flipBool},
}

func shiftConstant(s site) (changes []change) {
	literal, ok := s.node.(*ast.BasicLit)
	if !ok || literal.Kind != token.INT || s.onlyCapacity(literal) {
		return nil
	}
	n, err := strconv.ParseInt(literal.Value, 0, 64)
	if err != nil {
		return nil
	}
	for _, by := range []int64{1, -1} {
		if n+by < 0 && s.indexes() || s.covered(literal, n, by) {
			continue
		}
		text := strconv.FormatInt(n+by, 10)
		if n+by < 0 && s.text[s.offset(literal.Pos())-1] == '-' {
			text = "(" + text + ")" // x-0 must not become x--1
		}
		changes = append(changes, s.change([]edit{s.replace(literal, text)}, "%s becomes %s%s", literal.Value, text, s.in()))
	}
	return changes
}

// indexes reports whether the site is an index, or a bound, of what is not known to be a map: it cannot be negative.
func (s site) indexes() bool {
	switch parent := s.parent(0).(type) {
	case *ast.IndexExpr:
		if t := s.typeOf(parent.X); t != nil {
			_, isMap := t.Underlying().(*types.Map)
			return !isMap
		}
		return true
	case *ast.SliceExpr:
		return true
	}
	return false
}

// onlyCapacity reports whether an expression sizes a slice or map ahead of its use, which no test can see.
func (s site) onlyCapacity(x ast.Expr) bool {
	c, ok := s.parent(0).(*ast.CallExpr)
	if !ok || s.callee(c) != "make" || len(c.Args) < 2 {
		return false
	}
	t := s.typeOf(c.Args[0])
	if t == nil {
		return false
	}
	_, isMap := t.Underlying().(*types.Map)
	return isMap || len(c.Args) == 3 && c.Args[2] == x
}

// covered reports whether another operator makes the same mutant in other words: x > 0 becomes x >= 0, which is x > -1,
// and a channel with a buffer of one loses it.
func (s site) covered(literal *ast.BasicLit, n, by int64) bool {
	switch parent := s.parent(0).(type) {
	case *ast.BinaryExpr:
		widens := map[token.Token]int64{token.GTR: -1, token.LSS: 1, token.GEQ: 1, token.LEQ: -1}[parent.Op]
		if parent.X == literal {
			widens = -widens
		}
		return widens == by
	case *ast.CallExpr:
		return n+by == 0 && len(unbufferChannel(site{s.source, parent, s.around[:len(s.around)-1]})) > 0
	}
	return false
}

func flipBool(s site) []change {
	name, ok := s.node.(*ast.Ident)
	if !ok || s.info.Uses[name] == nil || s.assigned() {
		return nil
	}
	switch s.info.Uses[name] {
	case types.Universe.Lookup("true"):
		return s.one(s.replace(name, "false"), "true becomes false%s", s.in())
	case types.Universe.Lookup("false"):
		return s.one(s.replace(name, "true"), "false becomes true%s", s.in())
	}
	return nil
}

// assigned reports whether the site is what a plain assignment assigns. To drop that makes the same mutant, mostly.
func (s site) assigned() bool {
	assign, ok := s.parent(0).(*ast.AssignStmt)
	return ok && assign.Tok == token.ASSIGN
}
