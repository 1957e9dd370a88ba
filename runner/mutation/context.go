package mutation

import (
	"go/ast"
	"go/types"
	"strings"
)

var contextOperators = []Operator{
	{ID: "drop-cancel", Family: Concurrency, About: "a context is not cancelled", find: dropCancel},
	{ID: "detach-context", Family: Concurrency, About: "a context is derived from Background and not from its parent", find: detachContext},
}

func dropCancel(s site) []change {
	list, i, ok := s.list()
	if !ok {
		return nil
	}
	c := call(list[i])
	if c == nil || !s.cancels(c) {
		return nil
	}
	return s.one(s.drop(list[i]), "%s%s is dropped", shorten(s.quote(list[i])), s.in())
}

// cancels reports whether a call is of a context's cancel function, kept in a variable or field.
func (src *source) cancels(call *ast.CallExpr) bool {
	name := calleeName(call)
	v, ok := src.info.Uses[name].(*types.Var)
	if !ok {
		return false
	}
	switch types.TypeString(v.Type(), nil) {
	case "context.CancelFunc", "context.CancelCauseFunc":
		return true
	case "func()", "invalid type":
		return strings.Contains(strings.ToLower(name.Name), "cancel")
	}
	return false
}

func detachContext(s site) []change {
	c, ok := s.node.(*ast.CallExpr)
	if !ok || !strings.HasPrefix(s.callee(c), "context.With") || len(c.Args) == 0 || strings.HasSuffix(s.callee(c), "WithoutCancel") {
		return nil
	}
	if s.calls("context.Background", "context.TODO")(c.Args[0]) {
		return nil
	}
	pkg := receiver(c)
	if pkg == nil {
		return nil
	}
	return s.one(s.replace(c.Args[0], s.quote(pkg)+".Background()"), "%s%s loses its parent", shorten(s.quote(c)), s.in())
}
