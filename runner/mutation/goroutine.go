package mutation

import "go/ast"

var goroutineOperators = []Operator{
	{ID: "run-sequentially", Family: Concurrency, About: "a goroutine becomes a plain call", find: runSequentially},
}

func runSequentially(s site) []change {
	switch n := s.node.(type) {
	case *ast.GoStmt:
		from, to := s.offset(n.Pos()), s.offset(n.Call.Pos())
		return s.one(edit{from, to, ""}, "%s%s runs without go", s.started(n.Call.Fun), s.in())
	case *ast.ExprStmt:
		c := call(n)
		if s.callee(c) != "(*sync.WaitGroup).Go" || len(c.Args) != 1 {
			return nil
		}
		return s.one(s.replace(c, s.quote(c.Args[0])+"()"), "%s%s calls its function at once", shorten(s.quote(c.Fun)), s.in())
	}
	return nil
}

// started names what a go statement starts.
func (src *source) started(fun ast.Expr) string {
	if _, literal := fun.(*ast.FuncLit); literal {
		return "the function literal"
	}
	return shorten(src.quote(fun))
}
