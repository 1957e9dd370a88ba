package instrument

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// file visits all that runs. Constants and types have no points.
func (r *rewriter) file(file *ast.File) {
	for _, d := range file.Decls {
		r.node(d)
	}
}

// node visits n and what is in it, the outer before the inner.
func (r *rewriter) node(n ast.Node) {
	if n == nil {
		return
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			r.function(n, n.Body)
			return false
		case *ast.FuncLit:
			r.function(n, n.Body)
			return false
		case *ast.BlockStmt:
			r.statements(n.List)
		case *ast.CaseClause:
			r.statements(n.Body)
		case *ast.CommClause:
			r.statements(n.Body)
		case *ast.SendStmt:
			r.call("Send", n.Chan)
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				r.call("Receive", n.X)
			}
		case *ast.RangeStmt:
			r.rangeLoop(n)
		case *ast.ForStmt:
			r.loop(n)
		case *ast.BranchStmt:
			if n.Tok == token.GOTO {
				r.before(n.Pos(), r.hook+".Loop(); ")
			}
		case *ast.GoStmt:
			r.start(n)
		case *ast.DeferStmt:
			return r.deferred(n)
		case *ast.CallExpr:
			r.calling(n)
		case *ast.SelectStmt:
			return r.choice(n)
		}
		return true
	})
}

// function visits a function's body with the function noted: what a body uses and does not declare is shared.
func (r *rewriter) function(f ast.Node, body *ast.BlockStmt) {
	if body == nil {
		return
	}
	r.funcs = append(r.funcs, f)
	r.node(body)
	r.funcs = r.funcs[:len(r.funcs)-1]
}

// rangeLoop gives a loop over a channel a point before each receive.
func (r *rewriter) rangeLoop(n *ast.RangeStmt) {
	t := r.info.TypeOf(n.X)
	if t == nil || r.isGeneric(n.X) {
		return
	}
	if _, isChan := t.Underlying().(*types.Chan); isChan {
		r.call("Range", n.X)
	}
}

// loop gives a loop that counts nothing a point at its head: it may be waiting for something.
func (r *rewriter) loop(n *ast.ForStmt) {
	if n.Post == nil {
		r.after(n.Body.Lbrace+1, r.hook+".Loop();")
	}
}

// start makes the goroutine of a go statement known. Where that takes more than the function's type can say the
// scheduler gets to know it at its first point.
func (r *rewriter) start(n *ast.GoStmt) {
	name, ok := r.wrapper(n.Call)
	if !ok {
		return
	}
	r.before(n.Call.Fun.Pos(), r.hook+"."+name+"(")
	if r.foreign(n.Call.Fun) {
		r.after(n.Call.Fun.End(), ", true)")
	} else {
		r.after(n.Call.Fun.End(), ")")
	}
}

// foreign reports whether a function has no points: one of another package, or a context's cancel function.
func (r *rewriter) foreign(fun ast.Expr) bool {
	if r.isNamed(fun, "context", "CancelFunc") || r.isNamed(fun, "context", "CancelCauseFunc") {
		return true
	}
	var id *ast.Ident
	switch fun := ast.Unparen(fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	default:
		return false
	}
	f, ok := r.info.Uses[id].(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg() != r.pkg && !hasPoints(f.Pkg().Path())
}

// hasPoints: the drop-ins for sync have points of their own.
func hasPoints(path string) bool {
	return strings.HasSuffix(path, "sync") || strings.HasSuffix(path, "sync/atomic")
}

// visible are the functions and methods of other packages that may let others go on, or see what others do, by package;
// nil stands for all of a package.
var visible = map[string][]string{
	"io": nil, "net": nil, "bufio": nil, "net/http": nil,
	"time":    {"Stop", "Reset"},
	"context": {"Err", "Cause"},
}

// mostArguments is how many the wrappers in the hook take.
const mostArguments = 5

// wrapper names the hook's function for a go statement's call.
func (r *rewriter) wrapper(call *ast.CallExpr) (string, bool) {
	tv := r.info.Types[call.Fun]
	if tv.IsBuiltin() || tv.IsType() || r.inferred(call.Fun) {
		return "", false
	}
	sig, ok := tv.Type.Underlying().(*types.Signature)
	if !ok || sig.Variadic() || sig.Params().Len() > mostArguments || sig.Results().Len() > 1 || sig.Params().Len() != len(call.Args) {
		return "", false
	}
	name := fmt.Sprintf("Go%d", sig.Params().Len())
	if sig.Results().Len() == 1 {
		name += "R"
	}
	return name, true
}

// inferred reports whether a function is generic and its type arguments are not written: it is no value by itself.
func (r *rewriter) inferred(fun ast.Expr) bool {
	switch fun := ast.Unparen(fun).(type) {
	case *ast.Ident:
		_, is := r.info.Instances[fun]
		return is
	case *ast.SelectorExpr:
		_, is := r.info.Instances[fun.Sel]
		return is
	case *ast.IndexExpr, *ast.IndexListExpr:
		return true // perhaps in part
	}
	return false
}

// deferred takes care that the point comes when the deferred call does. It reports whether to go on inside.
func (r *rewriter) deferred(n *ast.DeferStmt) bool {
	switch {
	case r.isBuiltin(n.Call, "close") && !r.isGeneric(n.Call.Args[0]):
		r.instead(n.Call.Fun, r.hook+".CloseNow") // closing is the deferred call's, so is its point
	case r.isNamed(n.Call.Fun, "context", "CancelFunc"):
		r.call("CallLater", n.Call.Fun)
	default:
		return true
	}
	for _, arg := range n.Call.Args {
		r.node(arg)
	}
	return false
}

// calling gives points to calls that let others go on.
func (r *rewriter) calling(n *ast.CallExpr) {
	switch {
	case r.isBuiltin(n, "close"):
		r.call("Close", n.Args[0])
	case r.isNamed(n.Fun, "context", "CancelFunc"), r.isNamed(n.Fun, "context", "CancelCauseFunc"):
		r.call("Call", n.Fun)
	case r.isFunction(n.Fun, "time", "AfterFunc"), r.isFunction(n.Fun, "context", "AfterFunc"):
		r.call("Callback", n.Args[1])
	case r.calls(n.Fun):
		r.call("Call", n.Fun)
	default:
		r.handing(n)
	}
}

// calls reports whether a visible function is called, by its name or as a method.
func (r *rewriter) calls(fun ast.Expr) bool {
	sel, ok := ast.Unparen(fun).(*ast.SelectorExpr)
	if !ok || r.inferred(fun) {
		return false
	}
	f, ok := r.info.Uses[sel.Sel].(*types.Func)
	if !ok || f.Pkg() == nil {
		return false
	}
	names, listed := visible[f.Pkg().Path()]
	return listed && (names == nil || slices.Contains(names, f.Name()))
}

// handing gives a function without points that is handed on one before its call: wg.Go(cancel).
func (r *rewriter) handing(n *ast.CallExpr) {
	if tv := r.info.Types[n.Fun]; tv.IsBuiltin() || tv.IsType() {
		return
	}
	for _, arg := range n.Args {
		sig, ok := types.Unalias(r.info.TypeOf(arg)).Underlying().(*types.Signature)
		if ok && r.info.Types[arg].IsValue() && sig.Params().Len() == 0 && sig.Results().Len() == 0 && r.foreign(arg) && !r.inferred(arg) {
			r.call("CallLater", arg)
		}
	}
}

// isGeneric reports whether the type of x is a type parameter: the hook's functions cannot see what it is made of.
func (r *rewriter) isGeneric(x ast.Expr) bool {
	_, generic := types.Unalias(r.info.TypeOf(x)).(*types.TypeParam)
	return generic
}

func (r *rewriter) isBuiltin(n *ast.CallExpr, name string) bool {
	id, ok := ast.Unparen(n.Fun).(*ast.Ident)
	return ok && id.Name == name && r.info.Types[n.Fun].IsBuiltin() && len(n.Args) == 1
}

// isNamed reports whether x is a value of a named type.
func (r *rewriter) isNamed(x ast.Expr, pkg, name string) bool {
	tv := r.info.Types[x]
	if tv.Type == nil || !tv.IsValue() {
		return false
	}
	named, ok := types.Unalias(tv.Type).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == pkg && named.Obj().Name() == name
}

// isFunction reports whether x is a function of a package.
func (r *rewriter) isFunction(x ast.Expr, pkg, name string) bool {
	sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := r.info.Uses[sel.Sel].(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() == pkg && f.Name() == name && f.Signature().Recv() == nil
}
