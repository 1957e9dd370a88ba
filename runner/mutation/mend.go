package mutation

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
)

// mendings bounds how often a mutant is mended: a mending can leave another variable unused, and that one no third.
const mendings = 4

// mend makes use of the variables and imports that a change to one file has left unused. It reports false for a mutant that
// does not parse, or that does not compile for another reason.
func (s *solution) mend(of *source, text []byte) ([]byte, bool) {
	for range mendings {
		c, sound := s.recheck(of, text)
		if !sound {
			return nil, false
		}
		edits, ok := c.mendings()
		if !ok {
			return nil, false
		}
		if len(edits) == 0 {
			return text, !c.soft
		}
		text = apply(text, edits)
	}
	return nil, false
}

// changed is the file of a mutant on its way.
type changed struct {
	text   []byte
	file   *token.File
	syntax *ast.File
	info   *types.Info
	// soft: something is unused, says the checker. It does not say so of what has a type from a package without an outline.
	soft bool
}

// recheck reads the changed file in place of the old. It reports false where that does not compile, unless what is
// unused is the only reason.
func (s *solution) recheck(of *source, text []byte) (changed, bool) {
	syntax, err := parser.ParseFile(s.fset, of.name, text, parser.SkipObjectResolution)
	if err != nil {
		return changed{}, false
	}
	file := s.fset.File(syntax.FileStart)
	defer s.fset.RemoveFile(file)
	files := s.syntax()
	for i, src := range s.sources {
		if src == of {
			files[i] = syntax
		}
	}
	c := changed{text: text, file: file, syntax: syntax, info: &types.Info{
		Defs:      map[*ast.Ident]types.Object{},
		Uses:      map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{},
	}}
	_, faults := s.check(files, c.info)
	for _, fault := range faults {
		if s.faults[fault.Msg] {
			continue
		}
		if !fault.Soft {
			return changed{}, false
		}
		c.soft = true
	}
	return c, true
}

// mendings are edits that make use of each local variable that is not used, and rename each import that is not. It reports false where
// that is not easy.
func (c changed) mendings() (edits []edit, ok bool) {
	used := c.used()
	for name, object := range c.info.Defs {
		v, isVar := object.(*types.Var)
		if !isVar || name.Name == "_" || v.Kind() != types.LocalVar || used[object] || !c.holds(name) {
			continue
		}
		e, ok := c.use(name)
		if !ok {
			return nil, false
		}
		edits = append(edits, e)
	}
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.text, b.text)) })
	for _, spec := range c.syntax.Imports {
		if pkg := c.imported(spec); pkg != nil && !used[pkg] {
			edits = append(edits, edit{c.file.Offset(spec.Pos()), c.file.Offset(spec.Path.Pos()), "_ "})
		}
	}
	return edits, true
}

// holds reports whether a node is of the changed file.
func (c changed) holds(n ast.Node) bool {
	return c.syntax.FileStart <= n.Pos() && n.Pos() < c.syntax.FileEnd
}

// used are the variables and packages that are used for more than to assign to them.
func (c changed) used() map[types.Object]bool {
	assigned := map[*ast.Ident]bool{}
	ast.Inspect(c.syntax, func(n ast.Node) bool {
		if assign, ok := n.(*ast.AssignStmt); ok && (assign.Tok == token.ASSIGN || assign.Tok == token.DEFINE) {
			for _, to := range assign.Lhs {
				if name, ok := to.(*ast.Ident); ok {
					assigned[name] = true
				}
			}
		}
		return true
	})
	used := map[types.Object]bool{}
	for name, object := range c.info.Uses {
		if !assigned[name] {
			used[object] = true
		}
	}
	return used
}

// imported is the name that an import declares; nil for "_" and ".".
func (c changed) imported(spec *ast.ImportSpec) types.Object {
	if spec.Name == nil {
		return c.info.Implicits[spec]
	}
	if spec.Name.Name == "_" || spec.Name.Name == "." {
		return nil
	}
	return c.info.Defs[spec.Name]
}

// use puts "_ = name" behind the declaration of a variable, on its line.
func (c changed) use(name *ast.Ident) (edit, bool) {
	at, around := token.NoPos, c.around(name.Pos())
	for i := len(around) - 1; i > 0 && at == token.NoPos; i-- {
		at = usable(around[i], around[i-1])
	}
	if at == token.NoPos {
		return edit{}, false
	}
	text, offset := "; _ = "+name.Name, c.file.Offset(at)
	if behind := c.text[offset-1]; behind == '{' || behind == ':' {
		text = " _ = " + name.Name + ";"
	}
	return edit{offset, offset, text}, true
}

// usable is where a variable can be used that is declared directly in statement n, whose parent is given: behind the statement
// in a list, at the start of the body it is the head of. NoPos: not by this statement.
func usable(n, parent ast.Node) token.Pos {
	switch n.(type) {
	case *ast.AssignStmt, *ast.DeclStmt, *ast.RangeStmt:
	default:
		return token.NoPos
	}
	if loop, ok := n.(*ast.RangeStmt); ok {
		return loop.Body.Lbrace + 1
	}
	switch parent := parent.(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.LabeledStmt:
		return n.End()
	case *ast.CommClause:
		if parent.Comm == n {
			return parent.Colon + 1
		}
		return n.End()
	case *ast.IfStmt:
		return parent.Body.Lbrace + 1
	case *ast.ForStmt:
		return parent.Body.Lbrace + 1
	}
	return token.NoPos
}

// around are the nodes that contain p, the outermost first.
func (c changed) around(p token.Pos) (nodes []ast.Node) {
	ast.Inspect(c.syntax, func(n ast.Node) bool {
		if n == nil || p < n.Pos() || p >= n.End() {
			return false
		}
		nodes = append(nodes, n)
		return true
	})
	return nodes
}
