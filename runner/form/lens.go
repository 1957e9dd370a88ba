package form

import (
	"go/ast"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// labPath is where hidden tests have their lenses from.
const labPath = "github.com/python-concurrency/kata/katas/lab"

var lenses = []string{"Virtual", "Explored", "Real"}

// uses is what a declaration names: lenses of the lab, and declarations of the hidden files.
type uses struct{ lenses, names map[string]bool }

// checkLens follows the names that a test uses, through helpers and tables, to the lenses behind them.
func checkLens(s *subject) []Fault {
	named := make(map[string]uses)
	for _, f := range parsed(s.hidden()) {
		for _, decl := range f.tree.Decls {
			for name, node := range declared(decl) {
				named[name] = named[name].and(usesOf(node, labName(f.tree)))
			}
		}
	}
	var faults []Fault
	for _, t := range s.hiddenTests() {
		switch through := reach(usesOf(t.decl, labName(t.file.tree)), named); len(through) {
		case 0:
			faults = append(faults, t.fault(t.name()+" looks through no lens", "lab.Virtual(t, func(t *lab.T) { … })"))
		case 1:
		default:
			faults = append(faults, t.fault(t.name()+" looks through more than one lens: "+strings.Join(through, " and "), "make a test of its own for each lens"))
		}
	}
	return faults
}

// declared are the functions, methods and variables of a declaration by name. A method is known by its own name behind
// a dot: whose it is syntax does not say.
func declared(decl ast.Decl) map[string]ast.Node {
	all := make(map[string]ast.Node)
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		name := decl.Name.Name
		if decl.Recv != nil {
			name = "." + name
		}
		all[name] = decl
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			if spec, ok := spec.(*ast.ValueSpec); ok {
				for _, name := range spec.Names {
					all[name.Name] = spec
				}
			}
		}
	}
	return all
}

// labName is what a file calls the lab, or "".
func labName(file *ast.File) string {
	for _, spec := range file.Imports {
		if to, _ := strconv.Unquote(spec.Path.Value); to == labPath {
			if spec.Name != nil {
				return spec.Name.Name
			}
			return path.Base(to)
		}
	}
	return ""
}

func usesOf(node ast.Node, lab string) uses {
	u := uses{make(map[string]bool), make(map[string]bool)}
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); !ok || x.Name != lab {
				u.names["."+n.Sel.Name] = true
				ast.Inspect(n.X, visit)
			} else if slices.Contains(lenses, n.Sel.Name) {
				u.lenses["lab."+n.Sel.Name] = true
			}
			return false
		case *ast.Ident:
			u.names[n.Name] = true
		}
		return true
	}
	ast.Inspect(node, visit)
	return u
}

func (u uses) and(v uses) uses {
	if u.lenses == nil {
		return v
	}
	maps.Copy(u.lenses, v.lenses)
	maps.Copy(u.names, v.names)
	return u
}

// reach are the lenses that can be reached from what a test uses, by name.
func reach(from uses, named map[string]uses) []string {
	seen, through := make(map[string]bool), maps.Clone(from.lenses)
	queue := slices.Collect(maps.Keys(from.names))
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		if seen[name] || strings.HasPrefix(name, "Test") {
			continue
		}
		seen[name] = true
		maps.Copy(through, named[name].lenses)
		queue = slices.AppendSeq(queue, maps.Keys(named[name].names))
	}
	return slices.Sorted(maps.Keys(through))
}
