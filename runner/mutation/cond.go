package mutation

import "go/ast"

var condOperators = []Operator{
	{ID: "if-for-wait", Family: Concurrency, About: "a condition is checked once and not again after Wait", find: ifForWait},
	{ID: "spin-for-wait", Family: Concurrency, About: "a Wait becomes a loop that burns CPU", find: spinForWait},
	{ID: "signal-for-broadcast", Family: Concurrency, About: "one waiter is woken instead of all",
		find: renames("(*sync.Cond).Broadcast", "Signal")},
	{ID: "broadcast-for-signal", Family: Concurrency, About: "all waiters are woken instead of one",
		find: renames("(*sync.Cond).Signal", "Broadcast")},
	{ID: "drop-wakeup", Family: Concurrency, About: "a Signal or Broadcast is forgotten",
		find: dropsCall("(*sync.Cond).Signal", "(*sync.Cond).Broadcast")},
}

func ifForWait(s site) []change {
	loop, ok := s.node.(*ast.ForStmt)
	if !ok || loop.Init != nil || loop.Post != nil || loop.Cond == nil || !contains(loop.Body, s.calls("(*sync.Cond).Wait")) {
		return nil
	}
	from := s.offset(loop.For)
	e := edit{from, from + len("for"), "if"}
	return s.one(e, "%s%s is checked once, not again after Wait", shorten(s.quote(loop.Cond)), s.in())
}

func spinForWait(s site) []change {
	stmt, ok := s.node.(*ast.ExprStmt)
	if !ok {
		return nil
	}
	c := call(stmt)
	if s.callee(c) != "(*sync.Cond).Wait" || !steady(receiver(c)) {
		return nil
	}
	lock := s.quote(receiver(c)) + ".L"
	return s.one(s.replace(stmt, lock+".Unlock(); "+lock+".Lock()"), "%s%s does not wait", shorten(s.quote(c)), s.in())
}
