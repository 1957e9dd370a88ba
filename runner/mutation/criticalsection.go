package mutation

import (
	"go/ast"
	"go/token"
	"go/types"
)

// section is a critical section, as far as it goes in the statement list that it begins in.
type section struct {
	lock lockCall
	// body are the statements between Lock and Unlock, or all behind a deferred Unlock.
	body []ast.Stmt
}

// section is the critical section that begins at the site: behind a Lock, or behind a deferred Unlock of what another
// function has locked.
func (s site) section() (section, bool) {
	l, list, i, ok := s.lockCall()
	if !ok {
		return section{}, false
	}
	body := list[i+1:]
	switch {
	case l.deferred:
		held := i > 0 && s.takes(list[i-1], l)
		return section{lockCall{lock: l.lock, verb: opposite[l.verb]}, body}, !held
	case !l.locks():
		return section{}, false
	case len(body) > 0 && s.unlocksDeferred(body[0], l):
		return section{l, body[1:]}, true
	}
	for end, stmt := range body {
		if u, ok := s.readLockCall(stmt); ok && u.undoes(l) {
			return section{l, body[:end]}, true
		}
	}
	return section{l, body}, len(s.unlocks(l)) > 0
}

// takes reports whether a statement takes the lock that a call lets go of.
func (s site) takes(stmt ast.Stmt, u lockCall) bool {
	l, ok := s.readLockCall(stmt)
	return ok && l.locks() && u.undoes(l)
}

// reopen is the text that ends a critical section and begins the next.
func (l lockCall) reopen() string {
	return l.lock + "." + opposite[l.verb] + "(); " + l.lock + "." + l.verb + "()"
}

var criticalSectionOperators = []Operator{
	{ID: "check-outside-lock", Family: Concurrency, About: "a condition is read before the lock is taken", find: checkOutsideLock},
	{ID: "split-critical-section", Family: Concurrency, About: "the lock is let go between a check and what rests on it",
		find: splitCriticalSection},
	{ID: "split-update", Family: Concurrency, About: "a variable is read in one critical section and written in the next",
		find: splitUpdate},
}

// outside is the name of the variable that keeps what was checked too early.
const outside = "outside"

func checkOutsideLock(s site) []change {
	section, ok := s.section()
	if !ok || len(section.body) == 0 || section.lock.stmt == nil {
		return nil
	}
	check, ok := section.body[0].(*ast.IfStmt)
	if !ok || check.Init != nil || s.names(outside) {
		return nil
	}
	edits := []edit{
		s.insert(s.node.Pos(), outside+" := "+s.quote(check.Cond)+"; "),
		s.replace(check.Cond, outside),
	}
	return []change{s.change(edits, "%s%s is checked before the lock is taken", shorten(s.quote(check.Cond)), s.in())}
}

// names reports whether the file has a use for a name.
func (src *source) names(name string) bool {
	found := false
	ast.Inspect(src.syntax, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == name
		return !found
	})
	return found
}

func splitCriticalSection(s site) (changes []change) {
	section, ok := s.section()
	if !ok {
		return nil
	}
	for i, stmt := range section.body {
		for _, body := range branches(stmt) {
			if s.acts(body, section.lock.lock) {
				changes = append(changes, s.split(stmt, section.lock, s.insert(body[0].Pos(), section.lock.reopen()+"; ")))
			}
		}
		if s.releases(stmt, section.lock.lock) {
			break // it may have been unlocked from here on
		}
		if isCheck(stmt) && s.reads(stmt) && s.acts(section.body[i+1:], section.lock.lock) {
			changes = append(changes, s.split(stmt, section.lock, s.insert(stmt.End(), "; "+section.lock.reopen())))
		}
	}
	return changes
}

// split is a change that lets go of the lock behind a check.
func (s site) split(check ast.Stmt, l lockCall, e edit) change {
	c := s.change([]edit{e}, "%s is let go between a check and what rests on it%s", l.lock, s.in())
	c.at = check.Pos()
	return c
}

// releases reports whether a lock may be in another state behind a statement. A branch that leaves does not matter.
func (s site) releases(stmt ast.Stmt, lock string) bool {
	if !s.touches(stmt, lock) {
		return false
	}
	for _, branch := range branches(stmt) {
		for _, inner := range branch {
			if s.touches(inner, lock) && !leaves(branch[len(branch)-1]) {
				return true
			}
		}
	}
	return branches(stmt) == nil
}

// branches are the statement lists of an if, a switch or a select, of which one at most runs; nil for a statement of another kind.
func branches(stmt ast.Stmt) (lists [][]ast.Stmt) {
	var clauses []ast.Stmt
	switch stmt := stmt.(type) {
	case *ast.IfStmt:
		lists = append(lists, stmt.Body.List)
		switch otherwise := stmt.Else.(type) {
		case *ast.BlockStmt:
			lists = append(lists, otherwise.List)
		case *ast.IfStmt:
			lists = append(lists, branches(otherwise)...)
		}
	case *ast.SwitchStmt:
		clauses = stmt.Body.List
	case *ast.SelectStmt:
		clauses = stmt.Body.List
	}
	for _, clause := range clauses {
		lists = append(lists, statements(clause))
	}
	return lists
}

// leaves reports whether a statement goes on elsewhere. A break may only leave the switch or select that it stands in.
func leaves(stmt ast.Stmt) bool {
	switch stmt := stmt.(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return stmt.Tok == token.CONTINUE || stmt.Tok == token.GOTO || stmt.Label != nil
	}
	return false
}

// isCheck reports whether a statement finds out something on which the next may rest.
func isCheck(stmt ast.Stmt) bool {
	switch stmt.(type) {
	case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.SelectStmt:
		return true
	}
	return isDefinition(stmt)
}

// reads reports whether a statement looks at something that others can change: a field, an element, the result of a call,
// a variable from outside of the function.
func (s site) reads(stmt ast.Stmt) bool {
	_, function := s.function()
	return contains(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr, *ast.IndexExpr, *ast.StarExpr:
			return true
		case *ast.CallExpr:
			_, builtin := s.info.Uses[calleeName(n)].(*types.Builtin)
			return !builtin
		case *ast.Ident:
			v, ok := s.info.Uses[n].(*types.Var)
			return ok && (v.Pos() < function.Pos() || v.Pos() > function.End()) && v.Kind() != types.ParamVar && v.Kind() != types.FieldVar
		}
		return false
	})
}

// acts reports whether statements change something that others can see, by an assignment or a call, before they unlock.
func (s site) acts(list []ast.Stmt, lock string) bool {
	for _, stmt := range list {
		l, isLock := s.readLockCall(stmt)
		if isLock && l.lock == lock && !l.deferred {
			return false
		}
		if !isLock && contains(stmt, writes) {
			return true
		}
	}
	return false
}

func writes(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr, *ast.SendStmt, *ast.IncDecStmt:
		return true
	case *ast.AssignStmt:
		return n.Tok != token.DEFINE
	}
	return false
}

// updates are the operators of the assignments that read what they write.
var updates = map[token.Token]string{
	token.ADD_ASSIGN: "+", token.SUB_ASSIGN: "-", token.MUL_ASSIGN: "*", token.QUO_ASSIGN: "/", token.REM_ASSIGN: "%",
	token.AND_ASSIGN: "&", token.OR_ASSIGN: "|", token.XOR_ASSIGN: "^", token.INC: "+", token.DEC: "-",
}

func splitUpdate(s site) (changes []change) {
	section, ok := s.section()
	if !ok || s.names(was) {
		return nil
	}
	for _, stmt := range section.body {
		if s.touches(stmt, section.lock.lock) {
			if s.releases(stmt, section.lock.lock) {
				break
			}
			continue
		}
		contains(stmt, func(n ast.Node) bool {
			if e, ok := s.splitUpdate(n, section.lock); ok {
				c := s.change([]edit{e}, "%s%s is read and written in two critical sections", shorten(s.quote(n)), s.in())
				c.at = n.Pos()
				changes = append(changes, c)
			}
			return false
		})
	}
	return changes
}

// was is the name of the variable that keeps what an update has read.
const was = "was"

// splitUpdate rewrites an update: read, let go of the lock, take it again, write.
func (s site) splitUpdate(n ast.Node, l lockCall) (edit, bool) {
	var x, operand string
	var op token.Token
	switch n := n.(type) {
	case *ast.IncDecStmt:
		if !shared(n.X) {
			return edit{}, false
		}
		x, op, operand = s.quote(n.X), n.Tok, "1"
	case *ast.AssignStmt:
		if len(n.Lhs) != 1 || updates[n.Tok] == "" || !shared(n.Lhs[0]) {
			return edit{}, false
		}
		x, op, operand = s.quote(n.Lhs[0]), n.Tok, s.operand(n.Rhs[0])
	default:
		return edit{}, false
	}
	text := was + " := " + x + "; " + l.reopen() + "; " + x + " = " + was + " " + updates[op] + " " + operand
	return s.replace(n.(ast.Stmt), text), true
}

// shared reports whether an expression may be seen by another goroutine and can be written twice: a field or an element,
// not a plain local.
func shared(x ast.Expr) bool {
	switch x.(type) {
	case *ast.SelectorExpr, *ast.IndexExpr, *ast.StarExpr:
		return steady(x)
	}
	return false
}

// operand quotes an expression so that it can stand beside any operator.
func (src *source) operand(x ast.Expr) string {
	if _, binary := x.(*ast.BinaryExpr); binary {
		return "(" + src.quote(x) + ")"
	}
	return src.quote(x)
}
