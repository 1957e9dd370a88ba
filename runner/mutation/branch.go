package mutation

import (
	"go/ast"
	"go/token"
)

var branchOperators = []Operator{
	{ID: "drop-else", Family: Ordinary, About: "an else is dropped", find: dropElse},
	{ID: "drop-early-return", Family: Ordinary, About: "a return out of an if or a case is dropped", find: dropEarlyReturn},
	{ID: "swap-break-continue", Family: Ordinary, About: "break becomes continue, and the reverse", find: swapBreakContinue},
}

func dropElse(s site) []change {
	n, ok := s.node.(*ast.IfStmt)
	if !ok || n.Else == nil {
		return nil
	}
	c := s.change([]edit{erase(s.text, s.offset(n.Body.End()), s.offset(n.Else.End()))},
		"the else of if %s%s is dropped", shorten(s.quote(n.Cond)), s.in())
	c.at = n.Else.Pos()
	return []change{c}
}

func dropEarlyReturn(s site) []change {
	ret, ok := s.node.(*ast.ReturnStmt)
	if _, _, listed := s.list(); !ok || !listed || !s.isBranch() {
		return nil
	}
	return s.one(s.drop(ret), "%s%s is dropped", shorten(s.quote(ret)), s.in())
}

// isBranch reports whether the site stands directly in an if or a case.
func (s site) isBranch() bool {
	if _, inCase := s.parent(0).(*ast.CaseClause); inCase {
		return true
	}
	_, inIf := s.parent(1).(*ast.IfStmt)
	return inIf
}

var jumps = map[token.Token]token.Token{token.BREAK: token.CONTINUE, token.CONTINUE: token.BREAK}

func swapBreakContinue(s site) []change {
	jump, ok := s.node.(*ast.BranchStmt)
	if !ok || jumps[jump.Tok] == token.ILLEGAL {
		return nil
	}
	return s.one(s.retoken(jump.TokPos, jump.Tok, jumps[jump.Tok]), "%s becomes %s%s", jump.Tok, jumps[jump.Tok], s.in())
}
