package mutation

import (
	"go/ast"
	"go/token"
)

var channelOperators = []Operator{
	{ID: "unbuffer-channel", Family: Concurrency, About: "a channel loses its buffer", find: unbufferChannel},
	{ID: "close-twice", Family: Concurrency, About: "a channel is closed twice", find: closeTwice},
	{ID: "drop-close", Family: Concurrency, About: "a channel is not closed", find: dropsCall("close")},
	{ID: "drop-send", Family: Concurrency, About: "nothing is sent", find: dropSend},
	{ID: "drop-drain", Family: Concurrency, About: "a channel is not drained", find: dropDrain},
	{ID: "drop-receive", Family: Concurrency, About: "nothing is received, so nothing waits", find: dropReceive},
}

func unbufferChannel(s site) []change {
	c, ok := s.node.(*ast.CallExpr)
	if !ok || s.callee(c) != "make" || len(c.Args) != 2 || s.channel(c.Args[0]) == nil || s.quote(c.Args[1]) == "0" {
		return nil
	}
	from, to := s.offset(c.Args[0].End()), s.offset(c.Rparen)
	return s.one(edit{from, to, ""}, "the channel%s has no buffer", s.in())
}

func closeTwice(s site) []change {
	list, i, ok := s.list()
	if !ok {
		return nil
	}
	c := call(list[i])
	if s.callee(c) != "close" || len(c.Args) != 1 || !steady(c.Args[0]) {
		return nil
	}
	return s.one(s.insert(list[i].Pos(), s.quote(list[i])+"; "), "%s is closed twice%s", s.quote(c.Args[0]), s.in())
}

func dropSend(s site) []change {
	send, ok := s.node.(*ast.SendStmt)
	if _, _, listed := s.list(); !ok || !listed {
		return nil
	}
	return s.one(s.drop(send), "the send to %s%s is dropped", shorten(s.quote(send.Chan)), s.in())
}

func dropDrain(s site) []change {
	var drained ast.Expr
	switch loop := s.node.(type) {
	case *ast.RangeStmt:
		if s.channel(loop.X) != nil && len(loop.Body.List) == 0 {
			drained = loop.X
		}
	case *ast.ForStmt:
		if len(loop.Body.List) == 1 && loop.Init == nil {
			drained = received(loop.Body.List[0])
		}
	}
	if _, _, listed := s.list(); drained == nil || !listed {
		return nil
	}
	return s.one(s.drop(s.node), "%s is not drained%s", shorten(s.quote(drained)), s.in())
}

func dropReceive(s site) []change {
	list, i, ok := s.list()
	if !ok {
		return nil
	}
	from := received(list[i])
	if from == nil {
		return nil
	}
	return s.one(s.drop(list[i]), "the receive from %s%s is dropped", shorten(s.quote(from)), s.in())
}

// received is the channel of a statement that receives and forgets what came: <-ch or _ = <-ch. nil: it is none.
func received(stmt ast.Stmt) ast.Expr {
	switch stmt := stmt.(type) {
	case *ast.ExprStmt:
		return receivesFrom(stmt.X)
	case *ast.AssignStmt:
		for _, to := range stmt.Lhs {
			if name, ok := to.(*ast.Ident); !ok || name.Name != "_" {
				return nil
			}
		}
		if len(stmt.Rhs) == 1 {
			return receivesFrom(stmt.Rhs[0])
		}
	}
	return nil
}

// receivesFrom is the channel of a receive expression; nil where it is none.
func receivesFrom(x ast.Expr) ast.Expr {
	if receive, ok := ast.Unparen(x).(*ast.UnaryExpr); ok && receive.Op == token.ARROW {
		return receive.X
	}
	return nil
}
