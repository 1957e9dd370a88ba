package instrument

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// captured are the variables that some function literal uses and does not declare, and that somebody writes to: they may
// be seen by the goroutine that runs it and by the one that declared them.
func captured(file *ast.File, info *types.Info) map[types.Object]bool {
	found := make(map[types.Object]bool)
	written := written(file, info)
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.FuncLit)
		if !ok {
			return true
		}
		ast.Inspect(lit.Body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if v, ok := info.Uses[id].(*types.Var); ok && written[v] && !v.IsField() && (v.Pos() < lit.Pos() || v.Pos() >= lit.End()) {
					found[v] = true
				}
			}
			return true
		})
		return true
	})
	return found
}

// written are the variables that are assigned to, whole or in part, or whose address is taken.
func written(file *ast.File, info *types.Info) map[types.Object]bool {
	found := make(map[types.Object]bool)
	note := func(x ast.Expr) {
		if id := root(x, info); id != nil {
			if v, ok := info.Uses[id].(*types.Var); ok {
				found[v] = true
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				note(x)
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				note(n.Key)
				note(n.Value)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(n.X)
			}
		}
		return true
	})
	return found
}

// root is the variable that an expression is a part of, nil for what lies behind a pointer, a slice or a map.
func root(x ast.Expr, info *types.Info) *ast.Ident {
	for {
		switch part := x.(type) {
		case *ast.Ident:
			return part
		case *ast.ParenExpr:
			x = part.X
		case *ast.SelectorExpr:
			if sel := info.Selections[part]; sel == nil || sel.Indirect() {
				return nil
			}
			x = part.X
		case *ast.IndexExpr:
			if _, array := info.TypeOf(part.X).Underlying().(*types.Array); !array {
				return nil
			}
			x = part.X
		default:
			return nil
		}
	}
}

// statements gives those in a list that touch shared memory a point.
func (r *rewriter) statements(list []ast.Stmt) {
	if !r.memory {
		return
	}
	for _, s := range list {
		switch reads, writes := r.touches(inner(s)); {
		case writes:
			r.before(s.Pos(), r.hook+".Write(); ")
		case reads:
			r.before(s.Pos(), r.hook+".Read(); ")
		}
	}
}

// inner is the statement behind its labels.
func inner(s ast.Stmt) ast.Stmt {
	for {
		l, ok := s.(*ast.LabeledStmt)
		if !ok {
			return s
		}
		s = l.Stmt
	}
}

// touches says what a statement does to shared memory before it comes to statements of its own.
func (r *rewriter) touches(s ast.Stmt) (reads, writes bool) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		for _, x := range s.Lhs {
			writes = writes || s.Tok != token.DEFINE && r.shared(x)
		}
		return r.reads(s.Rhs...), writes
	case *ast.IncDecStmt:
		return false, r.shared(s.X)
	case *ast.ExprStmt:
		return r.reads(s.X), r.changes(s.X)
	case *ast.SendStmt:
		return r.reads(s.Value), false
	case *ast.ReturnStmt:
		return r.reads(s.Results...), false
	case *ast.GoStmt:
		return r.reads(s.Call.Args...), false
	case *ast.DeferStmt:
		return r.reads(s.Call.Args...), false
	case *ast.DeclStmt:
		return r.declares(s), false
	case *ast.IfStmt:
		return r.head(s.Init, s.Cond)
	case *ast.ForStmt:
		return r.head(s.Init, s.Cond)
	case *ast.SwitchStmt:
		return r.head(s.Init, s.Tag)
	case *ast.RangeStmt:
		return r.reads(s.X), false
	}
	return false, false
}

// head is what the head of a compound statement touches.
func (r *rewriter) head(init ast.Stmt, x ast.Expr) (reads, writes bool) {
	if init != nil {
		reads, writes = r.touches(init)
	}
	return reads || x != nil && r.reads(x), writes
}

func (r *rewriter) declares(s *ast.DeclStmt) bool {
	decl, ok := s.Decl.(*ast.GenDecl)
	if !ok {
		return false
	}
	for _, spec := range decl.Specs {
		if v, ok := spec.(*ast.ValueSpec); ok && r.reads(v.Values...) {
			return true
		}
	}
	return false
}

// changes: a call of a built-in function that writes to what it is given.
func (r *rewriter) changes(x ast.Expr) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok || !r.info.Types[call.Fun].IsBuiltin() || len(call.Args) == 0 {
		return false
	}
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	return ok && (id.Name == "delete" || id.Name == "clear" || id.Name == "copy") && r.shared(call.Args[0])
}

// reads reports whether some part of the expressions is shared memory whose value is used. Function literals run at
// another time, and an address is no value.
func (r *rewriter) reads(list ...ast.Expr) (found bool) {
	for _, x := range list {
		ast.Inspect(x, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					return false
				}
			case *ast.KeyValueExpr:
				found = found || r.reads(n.Value)
				return false
			case ast.Expr:
				found = found || r.shared(n) && r.isData(n)
			}
			return !found
		})
	}
	return found
}

// isData: not a lock or a channel, whose operations have points of their own, nor a function or a type.
func (r *rewriter) isData(x ast.Expr) bool {
	tv := r.info.Types[x]
	if tv.Type == nil || !tv.IsValue() {
		return false
	}
	t := tv.Type
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	switch t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		return false
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return true
	}
	path := named.Obj().Pkg().Path()
	return !strings.HasSuffix(path, "sync") && !strings.HasSuffix(path, "sync/atomic")
}

// shared reports whether an expression is memory that another goroutine could see: a package variable, one that a
// function literal captures, what a pointer points to, and what lies in any of these.
func (r *rewriter) shared(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		v, ok := r.info.Uses[x].(*types.Var)
		if !ok || v.IsField() {
			return false
		}
		return r.captured[v] || v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
	case *ast.SelectorExpr:
		if sel := r.info.Selections[x]; sel != nil && sel.Kind() == types.FieldVal {
			return sel.Indirect() || r.shared(x.X)
		}
		v, ok := r.info.Uses[x.Sel].(*types.Var)
		return ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
	case *ast.IndexExpr:
		tv := r.info.Types[x.X]
		return tv.IsValue() && r.shared(x.X)
	case *ast.SliceExpr:
		return r.shared(x.X)
	case *ast.StarExpr:
		return r.info.Types[x.X].IsValue()
	}
	return false
}
