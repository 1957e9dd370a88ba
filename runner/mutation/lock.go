package mutation

import (
	"go/ast"
	"go/token"
	"go/types"
)

// lockCall is a statement that locks or unlocks, deferred or not. Any type with such methods will do.
type lockCall struct {
	stmt ast.Stmt
	call *ast.CallExpr
	// lock is the expression of what is locked, as written.
	lock     string
	verb     string
	deferred bool
}

// opposite is the verb that undoes a verb; it has a value for each verb that there is.
var opposite = map[string]string{"Lock": "Unlock", "RLock": "RUnlock", "Unlock": "Lock", "RUnlock": "RLock"}

func (l lockCall) locks() bool { return !l.deferred && (l.verb == "Lock" || l.verb == "RLock") }

// undoes reports whether l unlocks what the other has locked.
func (l lockCall) undoes(other lockCall) bool {
	return l.lock == other.lock && opposite[l.verb] == other.verb && !l.locks()
}

// readLockCall reads a statement of the form x.Lock() or defer x.Unlock().
func (src *source) readLockCall(stmt ast.Stmt) (lockCall, bool) {
	c := call(stmt)
	if c == nil || len(c.Args) > 0 {
		return lockCall{}, false
	}
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || opposite[sel.Sel.Name] == "" || !steady(sel.X) {
		return lockCall{}, false
	}
	_, deferred := stmt.(*ast.DeferStmt)
	return lockCall{stmt, c, src.quote(sel.X), sel.Sel.Name, deferred}, true
}

// lockCall is the lock call at the site, if it stands in a list.
func (s site) lockCall() (l lockCall, list []ast.Stmt, i int, ok bool) {
	list, i, ok = s.list()
	if !ok {
		return lockCall{}, nil, 0, false
	}
	l, ok = s.readLockCall(list[i])
	return l, list, i, ok
}

// unlocks are the calls that undo a lock: those behind it in its function, up to where it is locked anew. A function literal that is
// deferred belongs to its function here.
func (s site) unlocks(l lockCall) (found []lockCall) {
	_, body := s.function()
	if body == nil {
		return nil
	}
	locked := true
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.DeferStmt:
			if deferred, ok := n.Call.Fun.(*ast.FuncLit); ok && n.Pos() > l.stmt.Pos() {
				found = append(found, s.within(deferred.Body, l)...)
			}
		case *ast.FuncLit:
			return false
		}
		stmt, ok := n.(ast.Stmt)
		if !ok || stmt.Pos() <= l.stmt.Pos() {
			return true
		}
		if other, ok := s.readLockCall(stmt); ok && locked {
			locked = !other.locks() || other.lock != l.lock
			if other.undoes(l) {
				found = append(found, other)
			}
		}
		return true
	})
	return found
}

// within are the calls in a deferred function literal that undo a lock; none where it locks by itself.
func (s site) within(body *ast.BlockStmt, l lockCall) (found []lockCall) {
	for _, stmt := range body.List {
		if other, ok := s.readLockCall(stmt); ok && other.lock == l.lock {
			if other.locks() {
				return nil
			}
			found = append(found, other)
		}
	}
	return found
}

// touches reports whether a statement locks or unlocks a lock.
func (src *source) touches(n ast.Node, lock string) bool {
	return contains(n, func(n ast.Node) bool {
		stmt, ok := n.(ast.Stmt)
		if !ok {
			return false
		}
		l, ok := src.readLockCall(stmt)
		return ok && l.lock == lock
	})
}

var lockOperators = []Operator{
	{ID: "drop-lock-pair", Family: Concurrency, About: "a Lock is dropped with its Unlock", find: dropLockPair},
	{ID: "drop-unlock", Family: Concurrency, About: "an Unlock is forgotten", find: dropUnlock},
	{ID: "unlock-early", Family: Concurrency, About: "an Unlock comes one statement early, or at once instead of deferred",
		find: unlockEarly},
	{ID: "unlock-late", Family: Concurrency, About: "an Unlock comes only at the end of the function", find: unlockLate},
	{ID: "defer-unlock-late", Family: Concurrency, About: "an Unlock is deferred only behind the early returns", find: deferUnlockLate},
	{ID: "keep-lock", Family: Concurrency, About: "a lock is kept over what ran without it", find: keepLock},
	{ID: "lock-to-rlock", Family: Concurrency, About: "a writer takes the lock as a reader", find: lockToRLock},
	{ID: "swap-locks", Family: Concurrency, About: "two locks are taken in the opposite order", find: swapLocks},
}

func dropLockPair(s site) []change {
	l, _, _, ok := s.lockCall()
	if !ok || !l.locks() {
		return nil
	}
	unlocks := s.unlocks(l)
	if len(unlocks) == 0 {
		return nil // somebody else unlocks
	}
	edits := []edit{s.drop(l.stmt)}
	for _, u := range unlocks {
		edits = append(edits, s.drop(u.stmt))
	}
	return []change{s.change(edits, "the lock pair%s is dropped", s.in())}
}

func dropUnlock(s site) []change {
	l, _, _, ok := s.lockCall()
	if !ok || l.locks() {
		return nil
	}
	return s.one(s.drop(l.stmt), "%s%s is dropped", shorten(s.quote(l.stmt)), s.in())
}

func unlockEarly(s site) []change {
	l, list, i, ok := s.lockCall()
	switch {
	case !ok || l.locks():
		return nil
	case l.deferred:
		return s.one(s.replace(l.stmt, s.quote(l.call)), "%s%s is not deferred", shorten(s.quote(l.call)), s.in())
	case i == 0 || s.touches(list[i-1], l.lock) || isDefinition(list[i-1]) && !s.reads(list[i-1]):
		return nil
	}
	return []change{s.change(s.swap(list[i-1], l.stmt), "%s%s comes one statement early", shorten(s.quote(l.call)), s.in())}
}

// isDefinition reports whether a statement declares variables by :=, and so changes nothing that others see.
func isDefinition(stmt ast.Stmt) bool {
	assign, ok := stmt.(*ast.AssignStmt)
	return ok && assign.Tok == token.DEFINE
}

func unlockLate(s site) []change {
	l, list, i, ok := s.lockCall()
	if !ok || l.locks() || l.deferred || !anyBusy(list[i+1:]) {
		return nil
	}
	return s.one(s.insert(l.stmt.Pos(), "defer "), "%s%s is deferred to the end", shorten(s.quote(l.call)), s.in())
}

// anyBusy reports whether statements call, wait or loop: then it shows whether the lock is held over them.
func anyBusy(list []ast.Stmt) bool {
	for _, stmt := range list {
		if contains(stmt, busy) {
			return true
		}
	}
	return false
}

func busy(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr, *ast.SendStmt, *ast.SelectStmt, *ast.ForStmt, *ast.RangeStmt:
		return true
	case *ast.UnaryExpr:
		return n.Op == token.ARROW
	}
	return false
}

func deferUnlockLate(s site) []change {
	l, list, i, ok := s.lockCall()
	if !ok || !l.deferred || l.locks() {
		return nil
	}
	last := len(list) - 1
	if last <= i+1 || !s.leaves(list[i+1:last]) {
		return nil
	}
	edits := []edit{s.drop(l.stmt)}
	if _, returns := list[last].(*ast.ReturnStmt); returns {
		edits = append(edits, s.insert(list[last].Pos(), s.quote(l.stmt)+"; "))
	} else {
		edits = append(edits, s.insert(list[last].End(), "; "+s.quote(l.stmt)))
	}
	return []change{s.change(edits, "%s%s stands only at the end", shorten(s.quote(l.stmt)), s.in())}
}

// leaves reports whether control may leave the function within statements: by a return, or by a panic out of a function
// that was handed in.
func (s site) leaves(list []ast.Stmt) bool {
	for _, stmt := range list {
		if contains(stmt, func(n ast.Node) bool { return isReturn(n) || s.callsValue(n) }) {
			return true
		}
	}
	return false
}

func isReturn(n ast.Node) bool { _, ok := n.(*ast.ReturnStmt); return ok }

// callsValue reports whether a node calls a function value: code that somebody else wrote.
func (src *source) callsValue(n ast.Node) bool {
	c, ok := n.(*ast.CallExpr)
	if !ok {
		return false
	}
	_, isVar := src.info.Uses[calleeName(c)].(*types.Var)
	return isVar
}

func keepLock(s site) []change {
	l, list, i, ok := s.lockCall()
	if !ok || l.locks() || l.deferred {
		return nil
	}
	for _, stmt := range list[i+1:] {
		again, ok := s.readLockCall(stmt)
		if !ok || !again.locks() || again.lock != l.lock {
			continue
		}
		edits := []edit{s.drop(l.stmt), s.drop(stmt)}
		return []change{s.change(edits, "%s is kept locked between two critical sections%s", l.lock, s.in())}
	}
	return nil
}

func lockToRLock(s site) []change {
	l, _, _, ok := s.lockCall()
	if !ok || s.callee(l.call) != "(*sync.RWMutex).Lock" {
		return nil
	}
	unlocks := s.unlocks(l)
	if len(unlocks) == 0 {
		return nil
	}
	edits := []edit{s.rename(l, "RLock")}
	for _, u := range unlocks {
		edits = append(edits, s.rename(u, "RUnlock"))
	}
	return []change{s.change(edits, "%s%s becomes an RLock", shorten(s.quote(l.call)), s.in())}
}

// rename has a lock call call another method.
func (s site) rename(l lockCall, method string) edit {
	return s.replace(l.call.Fun.(*ast.SelectorExpr).Sel, method)
}

func swapLocks(s site) []change {
	first, list, i, ok := s.lockCall()
	if !ok || !first.locks() {
		return nil
	}
	next := i + 1
	if next < len(list) && s.unlocksDeferred(list[next], first) {
		next++
	}
	if next >= len(list) {
		return nil
	}
	second, ok := s.readLockCall(list[next])
	if !ok || !second.locks() || second.lock == first.lock {
		return nil
	}
	edits := s.swap(first.stmt, second.stmt)
	if next == i+2 && next+1 < len(list) && s.unlocksDeferred(list[next+1], second) {
		edits = append(edits, s.swap(list[i+1], list[next+1])...)
	}
	return []change{s.change(edits, "%s and %s%s change places", shorten(s.quote(first.stmt)), shorten(s.quote(second.stmt)), s.in())}
}

// unlocksDeferred reports whether a statement is the deferred unlock of a lock.
func (s site) unlocksDeferred(stmt ast.Stmt, l lockCall) bool {
	u, ok := s.readLockCall(stmt)
	return ok && u.deferred && u.undoes(l)
}
