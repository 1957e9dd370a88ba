package build

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"

	"github.com/python-concurrency/kata/runner/kata"
)

// mainFile is the name of the generated file beside the hidden tests.
const mainFile = "zz_kata_main_test.go"

// mainPackage is the hidden tests as package main, with a main function that runs them. The package clause is
// exchanged in place, so every line stays where it was.
func mainPackage(k kata.Kata, importPath string) (map[string][]byte, error) {
	files := make(map[string][]byte, len(k.Hidden)+1)
	hasMain := false
	for _, name := range sortedNames(k.Hidden) {
		source := k.Hidden[name]
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
		if err != nil {
			return nil, &Fault{What: fmt.Sprintf("hidden test of %s: %v", k.ID, err), Hint: "kata verify " + string(k.ID), Err: err}
		}
		start := int(file.Name.Pos()) - 1
		end := int(file.Name.End()) - 1
		files[name] = slices.Concat(source[:start], []byte("main"), source[end:])
		hasMain = hasMain || declares(file, "TestMain")
	}
	files[mainFile] = mainSource(k, importPath, hasMain)
	return files, nil
}

// mainSource is what the go command generates for a test binary, cut to what a kata needs: see
// cmd/go/internal/load/test.go. testing.MainStart is there for such generated code.
func mainSource(k kata.Kata, importPath string, hasMain bool) []byte {
	var b bytes.Buffer
	b.WriteString("package main\n\nimport (\n\tkataos \"os\"\n\tkatatesting \"testing\"\n\tkatadeps \"testing/internal/testdeps\"\n")
	if hasMain {
		b.WriteString("\tkatareflect \"reflect\"\n")
	}
	b.WriteString(")\n\nfunc main() {\n")
	fmt.Fprintf(&b, "\tkatadeps.ImportPath = %q\n", importPath)
	b.WriteString("\tm := katatesting.MainStart(katadeps.TestDeps{}, []katatesting.InternalTest{\n")
	for _, t := range k.Tests {
		fmt.Fprintf(&b, "\t\t{Name: %q, F: %s},\n", t.Name, t.Name)
	}
	b.WriteString("\t}, nil, nil, nil)\n")
	if hasMain {
		b.WriteString("\tTestMain(m)\n\tkataos.Exit(int(katareflect.ValueOf(m).Elem().FieldByName(\"exitCode\").Int()))\n}\n")
	} else {
		b.WriteString("\tkataos.Exit(m.Run())\n}\n")
	}
	return b.Bytes()
}

// HiddenImports are the packages that the hidden tests of a kata import, but for the kata itself.
func HiddenImports(k kata.Kata) []string {
	var found []string
	for _, name := range sortedNames(k.Hidden) {
		file, err := parser.ParseFile(token.NewFileSet(), name, k.Hidden[name], parser.ImportsOnly)
		if err != nil {
			continue // building it will say so
		}
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err == nil && path != Module+"/katas/"+string(k.ID) {
				found = append(found, path)
			}
		}
	}
	return found
}

func declares(file *ast.File, name string) bool {
	return slices.ContainsFunc(file.Decls, func(d ast.Decl) bool {
		f, ok := d.(*ast.FuncDecl)
		return ok && f.Recv == nil && f.Name.Name == name
	})
}

func sortedNames(files map[string][]byte) []string { return slices.Sorted(maps.Keys(files)) }
