package mutation

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

var atomicOperators = []Operator{
	{ID: "split-atomic", Family: Concurrency, About: "an atomic Add, Swap or CompareAndSwap becomes a Load and a Store",
		find: splitAtomic},
}

// atomicCall is a call of package sync/atomic, of a method or of a function, that reads and writes at once.
type atomicCall struct {
	verb string
	// load is the text of a Load of the same variable, store that of a Store to it up to the value.
	load, store string
	// args are the texts of the values that the call is given.
	args []string
	// result is the type of what the call returns.
	result string
}

func splitAtomic(s site) []change {
	c, ok := s.node.(*ast.CallExpr)
	if !ok {
		return nil
	}
	a, ok := s.atomicCall(c)
	if !ok {
		return nil
	}
	_, statement := s.parent(0).(*ast.ExprStmt)
	text := a.split(statement)
	if text == "" || s.names(was) || s.names("updated") {
		return nil
	}
	return s.one(s.replace(c, text), "%s%s becomes a Load and a Store", shorten(s.quote(c)), s.in())
}

func (s site) atomicCall(c *ast.CallExpr) (atomicCall, bool) {
	full := s.callee(c)
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || !steady(sel.X) {
		return atomicCall{}, false
	}
	var a atomicCall
	for _, arg := range c.Args {
		a.args = append(a.args, s.operand(arg))
	}
	switch x := s.quote(sel.X); {
	case strings.HasPrefix(full, "(*sync/atomic."):
		a.verb, a.load, a.store = sel.Sel.Name, x+".Load()", x+".Store("
	case strings.HasPrefix(full, "sync/atomic.") && len(c.Args) > 1 && steady(c.Args[0]):
		verb, kind := cutKind(sel.Sel.Name)
		a.verb, a.load, a.store = verb, x+".Load"+kind+"("+a.args[0]+")", x+".Store"+kind+"("+a.args[0]+", "
		a.args = a.args[1:]
	default:
		return atomicCall{}, false
	}
	if t := s.typeOf(c); t != nil {
		a.result = types.TypeString(t, s.qualify)
	}
	return a, a.result != ""
}

// qualify writes the packages of a type as the file does, but for imports under another name.
func (src *source) qualify(p *types.Package) string {
	if p == src.pkg {
		return ""
	}
	return p.Name()
}

// cutKind takes "AddInt64" apart into "Add" and "Int64".
func cutKind(function string) (verb, kind string) {
	for _, verb := range []string{"CompareAndSwap", "Swap", "Add"} {
		if kind, ok := strings.CutPrefix(function, verb); ok {
			return verb, kind
		}
	}
	return "", ""
}

// split is the text of the two operations, as a statement or as an expression. Empty: the call is of another kind.
func (a atomicCall) split(statement bool) string {
	switch {
	case a.verb == "Add" && len(a.args) == 1 && statement:
		return a.store + a.load + " + " + a.args[0] + ")"
	case a.verb == "Add" && len(a.args) == 1:
		return fmt.Sprintf("func() %s { updated := %s + %s; %supdated); return updated }()", a.result, a.load, a.args[0], a.store)
	case a.verb == "Swap" && len(a.args) == 1:
		return fmt.Sprintf("func() %s { was := %s; %s%s); return was }()", a.result, a.load, a.store, a.args[0])
	case a.verb == "CompareAndSwap" && len(a.args) == 2:
		return fmt.Sprintf("func() bool { if %s != %s { return false }; %s%s); return true }()", a.load, a.args[0], a.store, a.args[1])
	}
	return ""
}
