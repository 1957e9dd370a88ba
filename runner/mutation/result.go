package mutation

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

var resultOperators = []Operator{
	{ID: "nil-error", Family: Ordinary, About: "nil is returned for an error", find: func(s site) []change { return s.zeroResults(true) }},
	{ID: "zero-result", Family: Ordinary, About: "a zero value is returned", find: func(s site) []change { return s.zeroResults(false) }},
}

// zeroResults returns zero for each result of a return: for the errors, or for all that are none.
func (s site) zeroResults(errors bool) (changes []change) {
	ret, ok := s.node.(*ast.ReturnStmt)
	if !ok || len(ret.Results) == 0 {
		return nil
	}
	signature, _ := s.function()
	results := resultTypes(signature)
	if len(ret.Results) == 1 && len(results) > 1 && !errors {
		return s.one(s.replace(ret.Results[0], s.zeros(results)), "zero values are returned for %s%s", shorten(s.quote(ret.Results[0])), s.in())
	}
	if len(ret.Results) != len(results) {
		return nil
	}
	for i, x := range ret.Results {
		if s.isError(results[i]) != errors || s.isZero(x) {
			continue
		}
		zero := s.zero(results[i])
		c := s.change([]edit{s.replace(x, zero)}, "%s is returned for %s%s", zero, shorten(s.quote(x)), s.in())
		c.at = x.Pos()
		changes = append(changes, c)
	}
	return changes
}

// resultTypes has one type for each result.
func resultTypes(signature *ast.FuncType) (list []ast.Expr) {
	if signature == nil || signature.Results == nil {
		return nil
	}
	for _, field := range signature.Results.List {
		for range max(1, len(field.Names)) {
			list = append(list, field.Type)
		}
	}
	return list
}

func (src *source) isError(t ast.Expr) bool {
	known := src.typeOf(t)
	return known != nil && types.Identical(known, types.Universe.Lookup("error").Type())
}

// isZero reports whether an expression is written as a zero value already.
func (src *source) isZero(x ast.Expr) bool {
	switch text := src.quote(x); text {
	case "nil", "0", `""`, "false", "struct{}{}":
		return true
	}
	if name, ok := x.(*ast.Ident); ok {
		return src.staysZero(src.info.Uses[name])
	}
	literal, ok := x.(*ast.CompositeLit)
	if !ok || len(literal.Elts) > 0 || src.typeOf(literal) == nil {
		return false
	}
	_, isStruct := src.typeOf(literal).Underlying().(*types.Struct)
	return isStruct
}

// staysZero reports whether a variable is declared without a value and nothing is ever assigned to it, nor its address taken.
func (src *source) staysZero(object types.Object) bool {
	stays := false
	ast.Inspect(src.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			for _, name := range n.Names {
				stays = stays || object != nil && src.info.Defs[name] == object && len(n.Values) == 0
			}
		case *ast.AssignStmt:
			for _, to := range n.Lhs {
				stays = stays && !src.roots(to, object)
			}
		case *ast.IncDecStmt:
			stays = stays && !src.roots(n.X, object)
		case *ast.RangeStmt:
			stays = stays && !src.roots(n.Key, object) && !src.roots(n.Value, object)
		case *ast.UnaryExpr:
			stays = stays && (n.Op != token.AND || !src.roots(n.X, object))
		case *ast.SelectorExpr: // a method may take the address
			stays = stays && !src.roots(n.X, object)
		}
		return true
	})
	return stays
}

// roots reports whether an expression is a variable or a part of it.
func (src *source) roots(x ast.Expr, object types.Object) bool {
	for {
		switch part := x.(type) {
		case *ast.Ident:
			return src.info.Uses[part] == object
		case *ast.SelectorExpr:
			x = part.X
		case *ast.IndexExpr:
			x = part.X
		case *ast.ParenExpr:
			x = part.X
		default:
			return false
		}
	}
}

func (src *source) zeros(list []ast.Expr) string {
	zeros := make([]string, len(list))
	for i, t := range list {
		zeros[i] = src.zero(t)
	}
	return strings.Join(zeros, ", ")
}

// zero is the zero value of a type as an author would write it. Where the type is not known, new makes it.
func (src *source) zero(t ast.Expr) string {
	made := "*new(" + src.quote(t) + ")"
	known := src.typeOf(t)
	if known == nil {
		return made
	}
	if _, isParameter := known.(*types.TypeParam); isParameter {
		return made
	}
	switch u := known.Underlying().(type) {
	case *types.Basic:
		return zeroBasic(u, made)
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature, *types.Interface:
		return "nil"
	case *types.Struct, *types.Array:
		return src.quote(t) + "{}"
	}
	return made
}

func zeroBasic(t *types.Basic, otherwise string) string {
	switch info := t.Info(); {
	case info&types.IsBoolean != 0:
		return "false"
	case info&types.IsString != 0:
		return `""`
	case info&types.IsNumeric != 0:
		return "0"
	}
	return otherwise
}
