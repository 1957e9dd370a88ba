package mutation

import "go/ast"

var onceOperators = []Operator{
	{ID: "once-to-call", Family: Concurrency, About: "what is to happen once happens every time", find: onceToCall},
}

// onces are the functions of package sync that make a function run once, given as their argument.
var onces = map[string]bool{"sync.OnceFunc": true, "sync.OnceValue": true, "sync.OnceValues": true}

func onceToCall(s site) []change {
	c, ok := s.node.(*ast.CallExpr)
	if !ok || len(c.Args) != 1 {
		return nil
	}
	switch name := s.callee(c); {
	case name == "(*sync.Once).Do":
		return s.one(s.replace(c, s.quote(c.Args[0])+"()"), "%s%s calls every time", shorten(s.quote(c.Fun)), s.in())
	case onces[name]:
		return s.one(s.replace(c, s.quote(c.Args[0])), "%s%s is left out", shorten(s.quote(c.Fun)), s.in())
	}
	return nil
}
