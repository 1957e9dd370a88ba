package policy

import (
	"fmt"
	"go/ast"
	"go/token"
)

// maxExpansion is how many parts a type may have with all its fields written out, and how many bytes a constant. A struct
// with two fields of a struct with two fields, thirty deep, is a few lines, and more than a compiler gets done in an hour;
// a string that is twice the one before, thirty times, fills the memory.
const maxExpansion = 1_000_000

// checkExpansion refuses types and constants that are small as they are written and huge as they are meant. It counts by
// names alone, so what has one name in several places counts as the largest.
func (c *checker) checkExpansion() {
	e := expansion{types: make(map[string][]ast.Expr), constants: make(map[string][]ast.Expr), known: make(map[string]int), busy: make(map[string]bool)}
	ast.Inspect(c.file, func(n ast.Node) bool {
		d, ok := n.(*ast.GenDecl)
		if !ok {
			return true
		}
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				e.types[spec.Name.Name] = append(e.types[spec.Name.Name], spec.Type)
			case *ast.ValueSpec:
				for i, name := range spec.Names {
					if d.Tok == token.CONST && i < len(spec.Values) {
						e.constants[name.Name] = append(e.constants[name.Name], spec.Values[i])
					}
				}
			}
		}
		return true
	})
	ast.Inspect(c.file, func(n ast.Node) bool {
		x, ok := n.(ast.Expr)
		if !ok || e.size(x) <= maxExpansion {
			return true
		}
		c.refuse(x.Pos(), "expansion", fmt.Sprintf("has more than %d parts when it is written out", maxExpansion),
			"Types and constants that hold others several times grow with each step. No kata needs such a one.")
		return false
	})
}

// expansion counts parts.
type expansion struct {
	types, constants map[string][]ast.Expr
	known            map[string]int
	busy             map[string]bool
}

// size is how many parts an expression has when the names in it are written out, at least 1 and about maxExpansion at
// most.
func (e *expansion) size(x ast.Expr) int {
	switch x := x.(type) {
	case *ast.Ident:
		return e.named(x.Name)
	case *ast.BasicLit:
		return max(1, len(x.Value))
	case *ast.ParenExpr:
		return e.size(x.X)
	case *ast.BinaryExpr:
		return capped(e.size(x.X) + e.size(x.Y))
	case *ast.StructType:
		n := 1
		for _, field := range x.Fields.List {
			n = capped(n + max(1, len(field.Names))*e.size(field.Type))
		}
		return n
	case *ast.ArrayType:
		return e.size(x.Elt)
	case *ast.IndexExpr: // a generic type with its argument
		return capped(e.size(x.X) * e.size(x.Index))
	case *ast.IndexListExpr:
		n := e.size(x.X)
		for _, argument := range x.Indices {
			n = capped(n * e.size(argument))
		}
		return n
	}
	return 1
}

func (e *expansion) named(name string) int {
	if n, ok := e.known[name]; ok {
		return n
	}
	if e.busy[name] {
		return 1 // in a circle: the compiler refuses it, or there is a pointer on the way
	}
	e.busy[name] = true
	n := 1
	for _, x := range append(e.types[name], e.constants[name]...) {
		n = max(n, e.size(x))
	}
	e.busy[name] = false
	e.known[name] = n
	return n
}

func capped(n int) int { return min(n, maxExpansion+1) }
