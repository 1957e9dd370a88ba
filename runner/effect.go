package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"hash"
	"maps"
	"slices"
	"strconv"
)

// effect names what a submission does, whatever it looks like: its tokens without comments and white space, and
// without functions that nothing can call. Two submissions of one effect that compile are one program, so the pass of
// one is the pass of the other, as `go test` too answers "(cached)" when the linked binary has not changed. It reports
// false where the look could matter: a program that can ask for its own lines, or one that cannot be read.
func effect(files map[string][]byte) (string, bool) {
	h := sha256.New()
	fset := token.NewFileSet()
	trees := make(map[string]*ast.File)
	uses := make(map[string]int)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		tree, err := parser.ParseFile(fset, name, files[name], parser.SkipObjectResolution)
		if err != nil || seesItself(tree) {
			return "", false
		}
		trees[name] = tree
		ast.Inspect(tree, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				uses[id.Name]++
			}
			return true
		})
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s\n", name)
		hashTokens(h, files[name], deadRanges(fset, trees[name], uses))
	}
	return hex.EncodeToString(h.Sum(nil)), true
}

// introspective are imports by which a program can tell where its lines are.
var introspective = []string{"runtime", "runtime/debug", "log", "log/slog"}

func seesItself(tree *ast.File) bool {
	for _, spec := range tree.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil || slices.Contains(introspective, path) {
			return true
		}
	}
	return false
}

// span is a range of a file, in bytes.
type span struct{ start, end int }

// deadRanges are the functions that nothing can call: unexported, no method, and their name stands nowhere else in the
// package. That keeps some that are dead (those that call themselves) and drops none that lives.
func deadRanges(fset *token.FileSet, tree *ast.File, uses map[string]int) []span {
	var dead []span
	for _, d := range tree.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv != nil || f.Name.IsExported() || f.Name.Name == "init" || uses[f.Name.Name] != 1 {
			continue
		}
		dead = append(dead, span{fset.PositionFor(f.Pos(), false).Offset, fset.PositionFor(f.End(), false).Offset})
	}
	return dead
}

// hashTokens adds a file's tokens to h, but for those in the dead ranges.
func hashTokens(h hash.Hash, source []byte, dead []span) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(source))
	s.Init(file, source, func(token.Position, string) {}, 0)
	skipped := false
	for {
		pos, tok, literal := s.Scan()
		if tok == token.EOF {
			return
		}
		offset := file.Offset(pos)
		if slices.ContainsFunc(dead, func(d span) bool { return d.start <= offset && offset < d.end }) {
			skipped = true
			continue
		}
		if tok == token.SEMICOLON {
			if skipped { // the one that ends a function that was left out
				skipped = false
				continue
			}
			literal = ";" // also the one that a newline stands for
		}
		skipped = false
		fmt.Fprintf(h, "%d %q\n", tok, literal)
	}
}
