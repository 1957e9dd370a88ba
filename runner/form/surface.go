package form

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
)

// exported is one exported name of a package: what hidden tests may use of it.
type exported struct {
	// name has its type before it where it is a method: "Future.Cancel".
	name string
	// signature is what a use of the name rests on, as text: the types without the names of parameters, of a struct its
	// exported fields, of a constant or a variable its type where it is written. Values are not part of it.
	signature  string
	line       int
	documented bool
}

func (e exported) lastName() string { return e.name[strings.LastIndex(e.name, ".")+1:] }

// surface is what a file exports, in the order of its source. It parses the file anew, since it takes its tree apart.
func surface(f *source) []exported {
	positions := token.NewFileSet()
	tree, err := parser.ParseFile(positions, "", f.text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	dropParameterNames(tree)
	var all []exported
	add := func(at token.Pos, name, signature string, docs ...*ast.CommentGroup) {
		e := exported{name: name, signature: signature, line: positions.PositionFor(at, false).Line}
		for _, doc := range docs {
			e.documented = e.documented || strings.TrimSpace(doc.Text()) != ""
		}
		all = append(all, e)
	}
	for _, decl := range tree.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if name, signature, ok := function(decl); ok {
				add(decl.Pos(), name, signature, decl.Doc)
			}
		case *ast.GenDecl:
			general(decl, add)
		}
	}
	return all
}

// dropParameterNames splits func(a, b int) into func(int, int), everywhere: how parameters are called is the author's.
func dropParameterNames(tree *ast.File) {
	ast.Inspect(tree, func(n ast.Node) bool {
		if f, ok := n.(*ast.FuncType); ok {
			f.Params, f.Results = nameless(f.Params), nameless(f.Results)
		}
		return true
	})
}

func nameless(list *ast.FieldList) *ast.FieldList {
	if list == nil {
		return nil
	}
	out := &ast.FieldList{Opening: list.Opening, Closing: list.Closing}
	for _, field := range list.List {
		for range max(1, len(field.Names)) {
			out.List = append(out.List, &ast.Field{Type: field.Type})
		}
	}
	return out
}

// function is the name and the signature of a function or method, where both it and its type are exported.
func function(f *ast.FuncDecl) (name, signature string, ok bool) {
	name, signature = f.Name.Name, "func "
	if f.Recv.NumFields() > 0 {
		receiver, star := base(f.Recv.List[0].Type)
		if !ast.IsExported(receiver) {
			return "", "", false
		}
		name, signature = receiver+"."+name, "func ("+star+receiver+") "
	}
	signature += f.Name.Name + typeParameters(f.Type.TypeParams) + strings.TrimPrefix(text(&ast.FuncType{Params: f.Type.Params, Results: f.Type.Results}), "func")
	return name, signature, f.Name.IsExported()
}

// base is the name of a receiver's type, and "*" if it is a pointer.
func base(receiver ast.Expr) (name, star string) {
	for {
		switch x := receiver.(type) {
		case *ast.StarExpr:
			receiver, star = x.X, "*"
		case *ast.ParenExpr:
			receiver = x.X
		case *ast.IndexExpr:
			receiver = x.X
		case *ast.IndexListExpr:
			receiver = x.X
		case *ast.Ident:
			return x.Name, star
		default:
			return "", star
		}
	}
}

// general goes through a declaration of types, constants or variables. The doc comment of a group stands for each of
// its names.
func general(decl *ast.GenDecl, add func(token.Pos, string, string, ...*ast.CommentGroup)) {
	var inherited ast.Expr // a constant without a type and a value has those of the one before
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() {
				add(spec.Pos(), spec.Name.Name, typeSignature(spec), spec.Doc, spec.Comment, decl.Doc)
			}
		case *ast.ValueSpec:
			if spec.Type != nil || len(spec.Values) > 0 {
				inherited = spec.Type
			}
			for _, name := range spec.Names {
				if name.IsExported() {
					signature := decl.Tok.String() + " " + name.Name
					if inherited != nil {
						signature += " " + text(inherited)
					}
					add(name.Pos(), name.Name, signature, spec.Doc, spec.Comment, decl.Doc)
				}
			}
		}
	}
}

func typeSignature(spec *ast.TypeSpec) string {
	head := "type " + spec.Name.Name + typeParameters(spec.TypeParams) + " "
	if spec.Assign.IsValid() {
		head += "= "
	}
	if s, ok := spec.Type.(*ast.StructType); ok {
		return head + text(&ast.StructType{Fields: visible(s.Fields)})
	}
	return head + text(spec.Type)
}

// visible are the exported fields of a struct.
func visible(fields *ast.FieldList) *ast.FieldList {
	out := &ast.FieldList{}
	for _, field := range fields.List {
		if name, _ := base(field.Type); len(field.Names) == 0 && ast.IsExported(name) {
			out.List = append(out.List, &ast.Field{Type: field.Type})
		}
		for _, name := range field.Names {
			if name.IsExported() {
				out.List = append(out.List, &ast.Field{Names: []*ast.Ident{name}, Type: field.Type})
			}
		}
	}
	return out
}

// typeParameters are written one by one, so that [K, V any] and [K any, V any] are the same.
func typeParameters(list *ast.FieldList) string {
	if list == nil {
		return ""
	}
	var all []string
	for _, field := range list.List {
		for _, name := range field.Names {
			all = append(all, name.Name+" "+text(field.Type))
		}
	}
	return "[" + strings.Join(all, ", ") + "]"
}

func text(x ast.Expr) string { return types.ExprString(x) }

// promotes reports whether a type may have methods that are not written for it: it embeds something, or is another
// type by another name.
func promotes(files []*source, name string) bool {
	for _, f := range parsed(files) {
		for _, decl := range f.tree.Decls {
			general, ok := decl.(*ast.GenDecl)
			if !ok || general.Tok != token.TYPE {
				continue
			}
			for _, spec := range general.Specs {
				if spec := spec.(*ast.TypeSpec); spec.Name.Name == name && (spec.Assign.IsValid() || embeds(spec.Type)) {
					return true
				}
			}
		}
	}
	return false
}

func embeds(x ast.Expr) bool {
	s, ok := x.(*ast.StructType)
	if !ok {
		return false
	}
	for _, field := range s.Fields.List {
		if len(field.Names) == 0 {
			return true
		}
	}
	return false
}
