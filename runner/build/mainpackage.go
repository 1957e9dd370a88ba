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

// mainSource is the main function of a test binary. Where the hidden tests have no TestMain it goes by testing.Main,
// which drags in a third fewer packages than what the go command generates (cmd/go/internal/load/test.go) and so links
// in a third less time; its match function is exact, and the package regexp stays out.
func mainSource(k kata.Kata, importPath string, hasMain bool) []byte {
	var b bytes.Buffer
	template := plainMain
	if hasMain {
		template = testMain
	}
	tests := new(bytes.Buffer)
	for _, t := range k.Tests {
		fmt.Fprintf(tests, "\t{Name: %q, F: %s},\n", t.Name, t.Name)
	}
	fmt.Fprintf(&b, template, tests, importPath)
	return b.Bytes()
}

// Names that begin with kata are not used by hidden tests; the generated code keeps to them.
const (
	plainMain = `package main

import (
	katastrings "strings"
	katatesting "testing"
)

var kataTests = []katatesting.InternalTest{
%[1]s}

// The pattern is "^(TestA|TestB)$".
func kataMatch(pattern, name string) (bool, error) {
	wanted := katastrings.TrimSuffix(katastrings.TrimPrefix(pattern, "^("), ")$")
	return katastrings.Contains("|"+wanted+"|", "|"+name+"|"), nil
}

func main() { katatesting.Main(kataMatch, kataTests, nil, nil) }
`
	testMain = `package main

import (
	kataos "os"
	katareflect "reflect"
	katatesting "testing"
	katadeps "testing/internal/testdeps"
)

var kataTests = []katatesting.InternalTest{
%[1]s}

func main() {
	katadeps.ImportPath = %[2]q
	m := katatesting.MainStart(katadeps.TestDeps{}, kataTests, nil, nil, nil)
	TestMain(m)
	kataos.Exit(int(katareflect.ValueOf(m).Elem().FieldByName("exitCode").Int()))
}
`
)

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
