package mutation

import (
	"go/ast"
	"go/token"
	"slices"
)

// Family says what kind of code makes such mistakes.
type Family string

const (
	// Concurrency: locks, goroutines, channels, waiting and waking.
	Concurrency Family = "concurrency"
	// Ordinary: conditions, constants, results, statements.
	Ordinary Family = "ordinary"
)

// Operator makes mutants of one kind.
type Operator struct {
	// ID is kebab-case and unique.
	ID     string
	Family Family
	// About says in one phrase what is changed.
	About string

	// find returns the changes to be made at one node; each node of a file is offered to it.
	find func(site) []change
}

// change is what makes a mutant out of a file.
type change struct {
	// at is the place that the mutant is named by.
	at    token.Pos
	about string
	edits []edit
}

// operators is the table. The order decides which of two operators names a mutant that both make: the concurrency operators come
// first, and within a family the particular before the general.
var operators = slices.Concat(
	lockOperators, criticalSectionOperators, condOperators, waitGroupOperators, goroutineOperators,
	channelOperators, selectOperators, contextOperators, timerOperators, atomicOperators, onceOperators,
	conditionOperators, constantOperators, resultOperators, branchOperators, statementOperators, arithmeticOperators,
)

// Operators are all operators, in the order in which they are tried.
func Operators() []Operator { return slices.Clone(operators) }

// candidates offers each node of a file to each operator.
func candidates(src *source) []candidate {
	var all []candidate
	ast.PreorderStack(src.syntax, nil, func(n ast.Node, around []ast.Node) bool {
		s := site{source: src, node: n, around: around}
		if s.exempt() {
			return false
		}
		for rank, op := range operators {
			for _, c := range op.find(s) {
				c.edits = s.keepLines(c.edits)
				all = append(all, candidate{change: c, source: src, rank: rank})
			}
		}
		return true
	})
	return all
}
