package mutation

import (
	"go/ast"
	"go/types"
)

var selectOperators = []Operator{
	{ID: "drop-timeout-case", Family: Concurrency, About: "a select hears neither its context nor its timer", find: dropTimeoutCase},
	{ID: "drop-select-case", Family: Concurrency, About: "a select loses a case", find: dropSelectCase},
	{ID: "drop-default", Family: Concurrency, About: "a select without default waits", find: dropDefault},
	{ID: "add-default", Family: Concurrency, About: "a select with default does not wait", find: addDefault},
}

func dropTimeoutCase(s site) []change { return s.dropCase(true) }

func dropSelectCase(s site) []change { return s.dropCase(false) }

// dropCase drops the case at the site, if it is one of a timeout or cancellation, or if it is not.
func (s site) dropCase(timeout bool) []change {
	clause, ok := s.node.(*ast.CommClause)
	if !ok || clause.Comm == nil || len(statements(s.parent(0))) < 2 || s.endsWaiting(clause) != timeout {
		return nil
	}
	return s.one(s.drop(clause), "the case %s%s is dropped", shorten(s.quote(clause.Comm)), s.in())
}

// endsWaiting reports whether a case is there to end a wait: a receive from a context's Done, or of a time.
func (s site) endsWaiting(clause *ast.CommClause) bool {
	from := receivedBy(clause.Comm)
	if from == nil {
		return false
	}
	if c, ok := ast.Unparen(from).(*ast.CallExpr); ok && s.callee(c) == "(context.Context).Done" {
		return true
	}
	ch := s.channel(from)
	return ch != nil && types.TypeString(ch.Elem(), nil) == "time.Time"
}

func dropDefault(s site) []change {
	clause, ok := s.node.(*ast.CommClause)
	if !ok || clause.Comm != nil || len(statements(s.parent(0))) < 2 {
		return nil
	}
	return s.one(s.drop(clause), "the default of the select%s is dropped", s.in())
}

func addDefault(s site) []change {
	sel, ok := s.node.(*ast.SelectStmt)
	if !ok || len(sel.Body.List) == 0 {
		return nil
	}
	for _, stmt := range sel.Body.List {
		if clause, ok := stmt.(*ast.CommClause); ok && clause.Comm == nil {
			return nil
		}
	}
	return s.one(s.insert(sel.Body.Rbrace, "default: "), "the select%s has a default and does not wait", s.in())
}

// receivedBy is the channel that a case receives from, whatever it does with the value; nil where it sends.
func receivedBy(comm ast.Stmt) ast.Expr {
	switch comm := comm.(type) {
	case *ast.ExprStmt:
		return receivesFrom(comm.X)
	case *ast.AssignStmt:
		if len(comm.Rhs) == 1 {
			return receivesFrom(comm.Rhs[0])
		}
	}
	return nil
}
