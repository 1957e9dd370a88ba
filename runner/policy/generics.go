package policy

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/printer"
	"slices"
)

// generic is a generic type or function with the code that is compiled anew for each of its instances.
type generic struct {
	params []string
	bodies []ast.Node
	// instances is how many it comes to for each time it is used; 0: not counted yet.
	instances int
	// uses are the generic names in the bodies; nil: not looked for yet.
	uses map[string]int
}

// generic notes a declaration that has type parameters.
func (g *growth) generic(name string, params *ast.FieldList, body ast.Node) {
	if params == nil {
		return
	}
	d := g.generics[name]
	if d == nil {
		d = &generic{}
		g.generics[name] = d
	}
	for _, f := range params.List {
		for _, p := range f.Names {
			d.params = append(d.params, p.Name)
		}
	}
	d.bodies = append(d.bodies, body)
}

// method counts a method to the type of its receiver.
func (g *growth) method(f *ast.FuncDecl) {
	if f.Recv == nil || len(f.Recv.List) != 1 {
		return
	}
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	base, args := instantiated(t)
	if base == "" || len(args) == 0 {
		return
	}
	if g.generics[base] == nil {
		g.generics[base] = &generic{}
	}
	g.generics[base].bodies = append(g.generics[base].bodies, f.Body)
}

// instantiated takes a generic name with its arguments apart.
func instantiated(n ast.Node) (name string, args []ast.Expr) {
	var x ast.Expr
	switch n := n.(type) {
	case *ast.IndexExpr:
		x, args = n.X, []ast.Expr{n.Index}
	case *ast.IndexListExpr:
		x, args = n.X, n.Indices
	}
	if id, ok := x.(*ast.Ident); ok {
		return id.Name, args
	}
	return "", nil
}

func (g *growth) checkGeneric(n ast.Node, name string) {
	if g.generics[name] != nil && g.instances(name) > maxInstances {
		g.refuse(n, "generic", fmt.Sprintf("makes more than %d instances of generic code", maxInstances), "Generic functions that use one another with ever new types: use fewer type parameters, or one type.")
	}
}

// instances is how many instances one use of a generic name brings about, at most: those of all that its code uses. Where it
// comes back to itself with other arguments, each parameter may become any of them.
func (g *growth) instances(name string) int {
	d := g.generics[name]
	switch {
	case d.instances == busy:
		return 1
	case d.instances > 0:
		return d.instances
	}
	d.instances = busy
	total, again := 1, 0
	for used, often := range g.uses(d) {
		if g.reaches(used, name, make(map[string]bool)) {
			again += often
			if len(d.params) == 2 {
				again = min(again, 2) // of two parameters there are at most as many as kinds of arguments, squared
			}
		}
		total = plus(total, times(often, g.instances(used)))
	}
	for range d.params {
		if again > 0 && len(d.params) > 1 {
			total = times(total, 1+again)
		}
	}
	d.instances = total
	return total
}

// uses are the generic names that the code of one uses, and with how many kinds of arguments. What is handed on as it
// came brings no more instances than there are.
func (g *growth) uses(d *generic) map[string]int {
	if d.uses != nil {
		return d.uses
	}
	uses := make(map[string]int)
	d.uses = uses
	seen := make(map[string]bool)
	for _, body := range d.bodies {
		ast.Inspect(body, func(n ast.Node) bool { return g.use(n, seen, uses) })
	}
	return uses
}

func (g *growth) use(n ast.Node, seen map[string]bool, uses map[string]int) bool {
	if name, args := instantiated(n); g.generics[name] != nil {
		var text bytes.Buffer
		for _, a := range args {
			_ = printer.Fprint(&text, g.fset, a) // to memory
			text.WriteByte(',')
		}
		if key := name + "[" + text.String(); !seen[key] {
			seen[key] = true
			uses[name]++
		}
		for _, a := range args {
			ast.Inspect(a, func(n ast.Node) bool { return g.use(n, seen, uses) })
		}
		return false
	}
	if id, ok := n.(*ast.Ident); ok && g.generics[id.Name] != nil {
		uses[id.Name]++ // its arguments are inferred
	}
	return true
}

// reaches reports whether the code of one generic name uses another, by whatever way.
func (g *growth) reaches(from, to string, seen map[string]bool) bool {
	if from == to {
		return true
	}
	if seen[from] {
		return false
	}
	seen[from] = true
	var next []string
	for used := range g.uses(g.generics[from]) {
		next = append(next, used)
	}
	return slices.ContainsFunc(next, func(used string) bool { return g.reaches(used, to, seen) })
}
