package mutation

import "go/ast"

var waitGroupOperators = []Operator{
	{ID: "add-in-goroutine", Family: Concurrency, About: "a WaitGroup's Add moves into the goroutine it counts", find: addInGoroutine},
	{ID: "drop-done", Family: Concurrency, About: "a WaitGroup's Done is forgotten", find: dropsCall("(*sync.WaitGroup).Done")},
	{ID: "drop-wait", Family: Concurrency, About: "a WaitGroup is not waited for", find: dropsCall("(*sync.WaitGroup).Wait")},
}

func addInGoroutine(s site) []change {
	list, i, ok := s.list()
	if !ok {
		return nil
	}
	c := call(list[i])
	if s.callee(c) != "(*sync.WaitGroup).Add" {
		return nil
	}
	text := s.quote(c)
	body := goroutine(list[i+1:])
	if body == nil { // Add(n) before a loop: each goroutine then adds itself
		text = s.quote(c.Fun) + "(1)"
		body = goroutineOfLoop(list[i+1:])
	}
	if body == nil {
		return nil
	}
	edits := []edit{s.drop(list[i]), s.insert(body.Lbrace+1, " "+text+";")}
	return []change{s.change(edits, "%s%s moves into the goroutine", shorten(s.quote(c)), s.in())}
}

// goroutine is the body of the first function literal that statements start as a goroutine.
func goroutine(list []ast.Stmt) *ast.BlockStmt {
	for _, stmt := range list {
		if start, ok := stmt.(*ast.GoStmt); ok {
			if literal, ok := start.Call.Fun.(*ast.FuncLit); ok {
				return literal.Body
			}
		}
	}
	return nil
}

// goroutineOfLoop is the same for the goroutines that the first loop starts.
func goroutineOfLoop(list []ast.Stmt) *ast.BlockStmt {
	for _, stmt := range list {
		switch loop := stmt.(type) {
		case *ast.ForStmt:
			return goroutine(loop.Body.List)
		case *ast.RangeStmt:
			return goroutine(loop.Body.List)
		}
	}
	return nil
}
