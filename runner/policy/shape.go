package policy

import (
	"fmt"
	"go/ast"
)

const (
	// maxDepth is how deep a syntax tree may be. Reference solutions stay below thirty. Compilers walk a tree by recursion, some
	// of it anew at each level, and a file of a few kilobytes can keep one busy for an hour.
	maxDepth = 150
	// maxNodes is how many nodes a syntax tree may have. Reference solutions have below two thousand. Compilers take the
	// square of it for some things: a switch of 12,000 cases, 84,000 nodes, took one 48 s, and one of 3,000 strings 13 s.
	maxNodes = 15_000
)

// checkShape refuses what no person would write and no compiler should be given, and reports whether to go on.
func (c *checker) checkShape() bool {
	nodes, depth := 0, 0
	var deep ast.Node
	ast.Inspect(c.file, func(n ast.Node) bool {
		if n == nil {
			depth--
			return false
		}
		nodes++
		if depth++; depth > maxDepth && deep == nil {
			deep = n
		}
		// Nothing is seen below: what is not gone into is not come out of.
		if deep != nil || nodes > maxNodes {
			depth--
			return false
		}
		return true
	})
	switch {
	case deep != nil:
		c.refuse(deep.Pos(), "nesting", fmt.Sprintf("is nested more than %d deep", maxDepth),
			"Give a name to what is inside: a variable, a type or a function of its own.")
	case nodes > maxNodes:
		c.refuse(c.file.Name.Pos(), "file-size", fmt.Sprintf("has more than %d parts", maxNodes),
			"A solution is a few hundred lines. Was something else written into the file?")
	default:
		return true
	}
	return false
}
