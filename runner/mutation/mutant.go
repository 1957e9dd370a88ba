// Package mutation makes mutants of a solution: copies with one small mistake each, which the hidden tests of a sound
// kata notice. Most operators make the mistakes of concurrent code: a lock dropped, let go of early, split in two,
// a wake-up lost, a goroutine that runs in sequence.
//
// No library fits: gremlins keeps its engine internal, and go-mutesting and ooze reprint the file from its syntax tree, so that
// lines and comments move.
//
// The source is changed as text, at places that its syntax tree names. A mutant is type-checked against outlines of the few
// packages that matter, which takes a millisecond; what that proves not to compile is dropped, and a variable or an
// import that is no longer used is mended. Packages without an outline have no types here, so a few mutants still do not
// compile: the caller compiles each and throws those away.
package mutation

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Mutant is one small change to a solution that a test should notice.
type Mutant struct {
	// Operator is the id of the operator that made it: "drop-lock-pair".
	Operator string
	Family   Family
	// File is the file that was changed.
	File string
	// Line is where, 1-based, in the file as it was.
	Line int
	// Code is that line before the change, trimmed.
	Code string
	// About says in one phrase what was changed: "the lock pair in Put is dropped".
	About string
	// Files are all files of the solution, one of them changed. The unchanged ones are shared with the other mutants:
	// do not write to them.
	Files map[string][]byte

	// ordinal counts the mutants of the same operator and line, from 0; twin those of the same operator and code.
	ordinal, twin int
}

// ID names a mutant stably: "drop-lock-pair queue.go:42", with "#2" behind it for the second of its operator there.
func (m Mutant) ID() string {
	id := fmt.Sprintf("%s %s:%d", m.Operator, m.File, m.Line)
	if m.ordinal > 0 {
		id += fmt.Sprintf("#%d", m.ordinal+1)
	}
	return id
}

// Mutants makes all mutants of a solution, in the order of files, lines and operators, without those of functions that the
// stub gives. Every one of them parses, differs from
// the solution and from every other. Files that do not parse are an error. Mutants keeps no state: it may be called from
// many goroutines.
func Mutants(files, stub map[string][]byte) ([]Mutant, error) {
	s, err := read(files)
	if err != nil {
		return nil, err
	}
	var all []candidate
	for _, src := range s.sources {
		all = append(all, candidates(src)...)
	}
	all = slices.DeleteFunc(all, readGiven(stub).holds)
	// The first of two that are the same is kept, so the concurrency operators, which come first in the table, win.
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.rank, b.rank) })
	made := s.mutants(all)
	slices.SortStableFunc(made, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.rank, b.rank))
	})
	return number(made), nil
}

// candidate is a change on its way to a mutant.
type candidate struct {
	change
	source *source
	// rank is the operator's place in the table.
	rank int
}

// ranked is a mutant that still knows its operator's place in the table.
type ranked struct {
	Mutant
	rank int
}

// mutants carries the candidates out, and keeps those that are new and may compile.
func (s *solution) mutants(all []candidate) []ranked {
	var made []ranked
	seen := map[string]bool{}
	fresh := func(src *source, text []byte) bool {
		key := src.name + "\x00" + string(text)
		known := seen[key]
		seen[key] = true
		return !known
	}
	for _, src := range s.sources {
		fresh(src, src.text)
	}
	for _, c := range all {
		raw := apply(c.source.text, c.edits)
		if !fresh(c.source, raw) {
			continue
		}
		text, ok := s.mend(c.source, raw)
		if ok && (bytes.Equal(text, raw) || fresh(c.source, text)) {
			made = append(made, ranked{s.mutant(c, text), c.rank})
		}
	}
	return made
}

func (s *solution) mutant(c candidate, text []byte) Mutant {
	files := maps.Clone(s.files)
	files[c.source.name] = text
	line := c.source.line(c.at)
	op := operators[c.rank]
	return Mutant{
		Operator: op.ID, Family: op.Family, File: c.source.name, Line: line,
		Code: c.source.code(line), About: c.about, Files: files,
	}
}

// number tells apart the mutants that share an operator and a line, or an operator and a code.
func number(made []ranked) []Mutant {
	lines, codes := map[string]int{}, map[[2]string]int{}
	mutants := make([]Mutant, 0, len(made))
	for _, r := range made {
		m := r.Mutant
		id, code := m.ID(), [2]string{m.Operator, m.Code}
		m.ordinal, m.twin = lines[id], codes[code]
		lines[id]++
		codes[code]++
		mutants = append(mutants, m)
	}
	return mutants
}
