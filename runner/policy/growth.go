package policy

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/verdict"
)

// Bounds on what short source may grow to once the names in it are put in place of what they stand for. Measured with Go
// 1.26: below 40 lines of doubling make the type checker, which runs in our own process, busy for hours (interfaces, unions,
// embedded fields), eat 4 GB (strings) or overflow its stack (functions in functions), and none of that can be
// stopped from outside. Solutions use a hundredth of each.
const (
	maxParts     = 300     // names and fields that one type comes to
	maxWords     = 1 << 20 // elements that one type comes to, with the lengths of its arrays
	maxElements  = 1 << 16 // elements of one array, and the highest index in a literal
	maxText      = 1 << 16 // bytes of one string constant
	maxInitial   = 1 << 21 // words, or bytes of text, that one file's literals and constants come to
	maxInstances = 2000    // instances that one generic name comes to
	maxClosures  = 1000    // functions written in one another: each counts twice of what the one around it does
)

// growth knows what names stand for, over all files: what is declared twice in different scopes counts as both.
type growth struct {
	fset      *token.FileSet
	types     map[string][]ast.Expr
	constants map[string][]constant
	generics  map[string]*generic
	sizes     map[string]size
	texts     map[string]int
	numbers   map[string]int
	// aliases are the types of which nothing is left but what they stand for; spelled is how long each is then.
	aliases map[string][]ast.Expr
	spelled map[string]int
	// within are the names being looked into, innermost last; loops are those that were come back to.
	within []string
	loops  map[string]int
	found  []verdict.Finding
	file   string
}

type constant struct {
	value ast.Expr
	iota  int
}

// size is what a type comes to: parts, whatever the arrays in it, and words.
type size struct{ parts, words int }

// busy marks a name whose value is being computed.
const busy = -1

// enough is where counting stops: far above each bound, far below an overflow.
const enough = 1 << 40

func times(a, b int) int {
	if a > 0 && b > enough/a {
		return enough
	}
	return a * b
}

func plus(a, b int) int { return min(enough, a+b) }

// checkGrowth refuses source that grows. The files can be parsed.
func checkGrowth(k kata.Kata, files map[string][]byte) []verdict.Finding {
	g := &growth{
		fset: token.NewFileSet(), types: make(map[string][]ast.Expr), constants: make(map[string][]constant),
		generics: make(map[string]*generic), sizes: make(map[string]size), texts: make(map[string]int), numbers: make(map[string]int),
		aliases: make(map[string][]ast.Expr), spelled: make(map[string]int), loops: make(map[string]int),
	}
	trees := make(map[string]*ast.File)
	for _, name := range k.Manifest.Files {
		tree, err := parser.ParseFile(g.fset, name, files[name], parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		trees[name] = tree
		g.declare(tree)
	}
	for _, name := range k.Manifest.Files {
		if tree := trees[name]; tree != nil {
			g.file = name
			g.check(tree)
		}
	}
	return g.found
}

func (g *growth) refuse(n ast.Node, rule, title, explain string) {
	line := g.fset.PositionFor(n.Pos(), false).Line
	if !slices.ContainsFunc(g.found, func(f verdict.Finding) bool { return f.File == g.file && f.Line == line && f.Rule == rule }) {
		g.found = append(g.found, violation(g.file, line, rule, title, explain))
	}
}

// declare notes the types, constants and generic names of a file, in whatever scope.
func (g *growth) declare(tree *ast.File) {
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.TypeSpec:
			g.types[n.Name.Name] = append(g.types[n.Name.Name], n.Type)
			if n.Assign.IsValid() {
				g.aliases[n.Name.Name] = append(g.aliases[n.Name.Name], n.Type)
			}
			g.generic(n.Name.Name, n.TypeParams, n.Type)
		case *ast.FuncDecl:
			if n.Body != nil {
				g.generic(n.Name.Name, n.Type.TypeParams, n.Body)
				g.method(n)
			}
		case *ast.GenDecl:
			if n.Tok == token.CONST {
				g.declareConstants(n)
			}
		}
		return true
	})
}

func (g *growth) declareConstants(d *ast.GenDecl) {
	var values []ast.Expr
	for i, spec := range d.Specs {
		s := spec.(*ast.ValueSpec)
		if len(s.Values) > 0 {
			values = s.Values // what stands on until the next
		}
		for j, name := range s.Names {
			if j < len(values) {
				g.constants[name.Name] = append(g.constants[name.Name], constant{values[j], i})
			}
		}
	}
}

// check looks at everything in a file that can grow.
func (g *growth) check(tree *ast.File) {
	initial, depth, closures := 0, 0, 0
	var open []ast.Node
	ast.Inspect(tree, func(n ast.Node) bool {
		if n == nil {
			if _, ok := open[len(open)-1].(*ast.FuncLit); ok {
				depth--
			}
			open = open[:len(open)-1]
			return true
		}
		open = append(open, n)
		switch n := n.(type) {
		case *ast.FuncLit:
			depth++
			within := closures <= maxClosures
			if closures = plus(closures, 1<<min(depth, 30)); within && closures > maxClosures {
				g.refuse(n, "nesting", "has too many functions in functions", "Give the inner ones names of their own.")
			}
		case *ast.TypeSpec:
			g.checkType(n, g.named(n.Name.Name))
			g.checkType(n, size{g.spell(n.Name.Name), 1})
			g.checkGeneric(n, n.Name.Name)
		case *ast.FuncDecl:
			g.checkGeneric(n, n.Name.Name)
		case *ast.ArrayType:
			g.checkType(n, g.sizeOf(n))
		case *ast.IndexExpr, *ast.IndexListExpr:
			g.checkType(n, g.sizeOf(n.(ast.Expr)))
		case *ast.CompositeLit:
			initial = plus(initial, g.literal(n))
		case *ast.ValueSpec:
			for _, name := range n.Names {
				if text := g.text(name.Name); text > maxText {
					g.refuse(n, "constant", fmt.Sprintf("makes a constant of more than %d bytes", maxText), "Build long text at run time, with strings.Repeat or a strings.Builder.")
				}
			}
		case *ast.Ident:
			if text := g.text(n.Name); text > 1<<10 {
				initial = plus(initial, text)
			}
		}
		return true
	})
	if initial > maxInitial {
		g.refuse(tree.Name, "constant", fmt.Sprintf("has more than %d words of data in its literals and constants", maxInitial), "Make large values at run time.")
	}
}

func (g *growth) checkType(n ast.Node, s size) {
	switch {
	case s.parts > maxParts:
		g.refuse(n, "type-size", fmt.Sprintf("makes a type of more than %d parts", maxParts), "The types in it contain one another again and again. Write it flat.")
	case s.words > maxWords:
		g.refuse(n, "type-size", fmt.Sprintf("makes a type of more than %d elements", maxWords), "Use a slice, and make it at run time.")
	}
}

// literal is how many words of data a literal makes by its indices, at most.
func (g *growth) literal(l *ast.CompositeLit) int {
	kind, elem := l.Type, size{1, 1}
	for range 10 { // through names
		id, ok := kind.(*ast.Ident)
		if !ok || len(g.types[id.Name]) != 1 {
			break
		}
		kind = g.types[id.Name][0]
	}
	switch t := kind.(type) {
	case *ast.MapType, *ast.StructType:
		return 0
	case *ast.ArrayType:
		elem = g.sizeOf(t.Elt)
	}
	highest := 0
	for _, e := range l.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if n, known := g.number(kv.Key, 0); known {
				highest = max(highest, n)
			}
		}
	}
	if highest > maxElements {
		g.refuse(l, "array-size", fmt.Sprintf("has an index above %d in a literal", maxElements), "Make it at run time, or use a map.")
	}
	return times(max(highest, len(l.Elts)), elem.words)
}

// enter and leave are around looking into what a name stands for. A name that comes back to itself once is a mistake that
// the compiler will tell, or has a pointer on the way; leave reports one that grows, since it does so twice.
func (g *growth) enter(name string) { g.within = append(g.within, name) }

func (g *growth) leave(name string) (grows bool) {
	g.within = g.within[:len(g.within)-1]
	grows = g.loops[name] > 1
	g.loops[name] = 0
	return grows
}

// final reports whether what was counted holds wherever the name stands: nothing around it was come back to.
func (g *growth) final() bool {
	return !slices.ContainsFunc(g.within, func(outer string) bool { return g.loops[outer] > 0 })
}

// lost reports whether a name that is being looked into is known to grow: the rest of it does not matter.
func (g *growth) lost() bool {
	return slices.ContainsFunc(g.within, func(outer string) bool { return g.loops[outer] > 1 })
}

// named is what a type's name comes to.
func (g *growth) named(name string) size {
	if s, ok := g.sizes[name]; ok {
		if s.parts == busy {
			g.loops[name]++
			return size{1, 1}
		}
		return s
	}
	if g.lost() {
		return size{enough, enough}
	}
	g.sizes[name] = size{busy, 0}
	g.enter(name)
	total := size{1, 1}
	for _, t := range g.types[name] {
		s := g.sizeOf(t)
		total = size{plus(total.parts, s.parts), plus(total.words, s.words)}
	}
	if g.leave(name) {
		total = size{enough, enough}
	}
	if g.sizes[name] = total; !g.final() {
		delete(g.sizes, name)
	}
	return total
}

// sizeOf is what a type comes to where it is used. What is behind a pointer, a slice, a map, a channel or a function does
// not count: it is not contained.
func (g *growth) sizeOf(x ast.Expr) size {
	switch x := x.(type) {
	case *ast.Ident:
		if _, ok := g.types[x.Name]; ok {
			return g.named(x.Name)
		}
	case *ast.ParenExpr:
		return g.sizeOf(x.X)
	case *ast.UnaryExpr: // ~T
		return g.sizeOf(x.X)
	case *ast.BinaryExpr: // T | U
		return g.sum(x.X, x.Y)
	case *ast.ArrayType:
		if x.Len == nil {
			return size{1, 1}
		}
		s, n := g.sizeOf(x.Elt), g.length(x)
		return size{plus(1, s.parts), times(s.words, n)}
	case *ast.StructType:
		return g.fields(x.Fields)
	case *ast.InterfaceType:
		return g.fields(x.Methods)
	case *ast.IndexExpr:
		return g.instance(x.X, x.Index)
	case *ast.IndexListExpr:
		return g.instance(x.X, x.Indices...)
	}
	return size{1, 1}
}

func (g *growth) sum(all ...ast.Expr) (total size) {
	for _, x := range all {
		s := g.sizeOf(x)
		total = size{plus(total.parts, s.parts), plus(total.words, s.words)}
	}
	return total
}

// spell is how many names an alias comes to when it is written out, what is behind pointers and in signatures included: the
// compiler knows it by no shorter name.
func (g *growth) spell(name string) int {
	if n, done := g.spelled[name]; done {
		if n == busy {
			g.loops[name]++
			return 1
		}
		return n
	}
	if len(g.aliases[name]) == 0 || g.lost() {
		return 1
	}
	g.spelled[name] = busy
	g.enter(name)
	total := 0
	for _, t := range g.aliases[name] {
		ast.Inspect(t, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				total = plus(total, g.spell(id.Name))
			}
			return true
		})
	}
	if g.leave(name) {
		total = enough
	}
	if g.spelled[name] = total; !g.final() {
		delete(g.spelled, name)
	}
	return total
}

// instance is what a generic type comes to with its arguments: each may stand in it as often as it has parts.
func (g *growth) instance(x ast.Expr, args ...ast.Expr) size {
	id, ok := x.(*ast.Ident)
	if !ok || len(g.types[id.Name]) == 0 {
		return size{1, 1}
	}
	base, of := g.named(id.Name), g.sum(args...)
	return size{times(base.parts, of.parts), times(base.words, of.words)}
}

func (g *growth) fields(list *ast.FieldList) size {
	total := size{1, 1}
	for _, f := range list.List {
		t := f.Type
		if star, ok := t.(*ast.StarExpr); ok && len(f.Names) == 0 {
			t = star.X // embedded by a pointer: what it has is looked for in there
		}
		s, n := g.sizeOf(t), max(1, len(f.Names))
		total = size{plus(total.parts, times(n, s.parts)), plus(total.words, times(n, s.words))}
	}
	return total
}

// length is that of an array type; what cannot be read off the source counts as too many.
func (g *growth) length(a *ast.ArrayType) int {
	if _, ok := a.Len.(*ast.Ellipsis); ok {
		return 1 // by the literal, which is counted
	}
	n, known := g.number(a.Len, 0)
	switch {
	case !known:
		g.refuse(a, "array-size", "has an array whose length is not a number or a constant of this package", "Write the length as a number, or use a slice.")
	case n > maxElements:
		g.refuse(a, "array-size", fmt.Sprintf("has an array of more than %d elements", maxElements), "Use a slice, and make it at run time.")
	}
	return n
}

// number is the value of a constant expression, at most, and whether it can be told.
func (g *growth) number(x ast.Expr, iota int) (int, bool) {
	switch x := x.(type) {
	case *ast.BasicLit:
		return literalNumber(x)
	case *ast.ParenExpr:
		return g.number(x.X, iota)
	case *ast.UnaryExpr:
		n, known := g.number(x.X, iota)
		if x.Op != token.ADD && x.Op != token.SUB {
			n = enough
		}
		return n, known
	case *ast.CallExpr:
		return g.call(x, iota)
	case *ast.BinaryExpr:
		a, knownA := g.number(x.X, iota)
		b, knownB := g.number(x.Y, iota)
		return arithmetic(x.Op, a, b), knownA && knownB
	case *ast.Ident:
		if x.Name == "iota" {
			return iota, true
		}
		return g.numberOf(x.Name)
	}
	return 0, false
}

// call is a conversion, or a built-in function of a constant.
func (g *growth) call(x *ast.CallExpr, iota int) (int, bool) {
	f, ok := x.Fun.(*ast.Ident)
	switch {
	case ok && (f.Name == "len" || f.Name == "cap"):
		return maxElements, true // its argument is held to that
	case ok && len(x.Args) > 0:
		highest, all := 0, true
		for _, a := range x.Args {
			n, known := g.number(a, iota)
			highest, all = max(highest, n), all && known
		}
		return highest, all
	}
	return 0, false
}

// numberOf is the highest value of the constants of a name. One made of itself, in a scope inside of another, is beyond
// counting.
func (g *growth) numberOf(name string) (int, bool) {
	if n, done := g.numbers[name]; done {
		if n == busy {
			return enough, true
		}
		return n, true
	}
	if len(g.constants[name]) == 0 {
		return 0, false
	}
	g.numbers[name] = busy
	highest, all := 0, true
	for _, c := range g.constants[name] {
		n, known := g.number(c.value, c.iota)
		highest, all = max(highest, n), all && known
	}
	if g.numbers[name] = highest; !all {
		delete(g.numbers, name)
	}
	return highest, all
}

func literalNumber(l *ast.BasicLit) (int, bool) {
	switch l.Kind {
	case token.INT:
		n, err := strconv.ParseInt(l.Value, 0, 64)
		if err != nil || n > enough {
			return enough, true
		}
		return int(n), true
	case token.FLOAT, token.IMAG:
		n, err := strconv.ParseFloat(strings.TrimSuffix(l.Value, "i"), 64)
		if err != nil || n > enough {
			return enough, true
		}
		return int(n), true
	case token.CHAR:
		return 0x10ffff, true
	}
	return 0, false
}

// arithmetic is an upper bound on the result for numbers that are not negative.
func arithmetic(op token.Token, a, b int) int {
	switch op {
	case token.ADD, token.OR, token.XOR:
		return plus(a, b)
	case token.SUB, token.QUO, token.SHR, token.AND, token.AND_NOT:
		return a
	case token.REM:
		return b
	case token.MUL:
		return times(a, b)
	case token.SHL:
		if a == 0 || b > 40 {
			return min(a, 1) * enough
		}
		return times(a, 1<<b)
	}
	return enough
}

// text is how many bytes the string constants of a name come to, with the text of those that it is made of.
func (g *growth) text(name string) int {
	if n, done := g.texts[name]; done {
		return max(n, 0)
	}
	if len(g.constants[name]) == 0 || g.lost() {
		return 0
	}
	g.texts[name] = busy
	g.enter(name)
	total := 0
	for _, c := range g.constants[name] {
		ast.Inspect(c.value, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if n.Kind == token.STRING {
					total = plus(total, len(n.Value))
				}
			case *ast.Ident:
				if g.texts[n.Name] == busy {
					g.loops[n.Name]++
				} else {
					total = plus(total, g.text(n.Name))
				}
			}
			return true
		})
	}
	if g.leave(name) && total > 0 { // numbers do not grow
		total = enough
	}
	if g.texts[name] = total; !g.final() {
		delete(g.texts, name)
	}
	return total
}
