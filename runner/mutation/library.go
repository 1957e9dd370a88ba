package mutation

import (
	"embed"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"sync"
)

// outlines holds the declarations of the packages that the operators must know by type, without their bodies. Reading
// the real ones takes seconds, and this takes a millisecond. A test compares each with the standard library.
//
//go:embed library/*.go.txt
var outlines embed.FS

// library are the packages with an outline, by import path, in an order in which each comes after what it imports.
var library = []struct{ path, file string }{
	{"errors", "library/errors.go.txt"},
	{"time", "library/time.go.txt"},
	{"sync", "library/sync.go.txt"},
	{"sync/atomic", "library/atomic.go.txt"},
	{"context", "library/context.go.txt"},
}

// errOutside says of an import that nothing is known about it. It is no fault: what comes from there has no type.
var errOutside = errors.New("no outline of this package")

// outlined is a types.Importer of the library. Any other package is empty, and the checker lets every use of it pass.
type outlined map[string]*types.Package

func (o outlined) Import(importPath string) (*types.Package, error) {
	if importPath == "unsafe" {
		return types.Unsafe, nil
	}
	if p, ok := o[importPath]; ok {
		return p, nil
	}
	return types.NewPackage(importPath, packageName(importPath)), errOutside
}

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// packageName guesses the name of a package by its path: the last part that is not a major version.
func packageName(importPath string) string {
	name := path.Base(importPath)
	if parent := path.Dir(importPath); majorVersion.MatchString(name) && parent != "." {
		return path.Base(parent)
	}
	return name
}

// standard is the library, checked once per process. It is read only from then on.
var standard = sync.OnceValue(func() outlined {
	packages := outlined{}
	fset := token.NewFileSet()
	config := types.Config{Importer: packages, IgnoreFuncBodies: true}
	for _, entry := range library {
		p, err := outline(fset, &config, entry.path, entry.file)
		if err != nil {
			panic(fmt.Sprintf("outline of %s: %v", entry.path, err))
		}
		packages[entry.path] = p
	}
	return packages
})

func outline(fset *token.FileSet, config *types.Config, importPath, file string) (*types.Package, error) {
	text, err := outlines.ReadFile(file)
	if err != nil {
		return nil, err
	}
	syntax, err := parser.ParseFile(fset, file, text, 0)
	if err != nil {
		return nil, err
	}
	return config.Check(importPath, fset, []*ast.File{syntax}, nil)
}
