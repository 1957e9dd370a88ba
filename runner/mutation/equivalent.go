package mutation

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Equivalents are the mutants of a solution that are as right as the solution itself, so that no test can kill them, each with
// the reason. They are read from the solution's testdata/equivalent.toml:
//
//	[[mutant]]
//	operator = "signal-for-broadcast"
//	code = "q.notFull.Broadcast()" # the mutant's line, trimmed
//	count = 1                      # how many mutants of that operator and code, in their order; default all
//	reason = "one slot has become free, and one waiter can use it"
//
// The zero Equivalents has none.
type Equivalents struct {
	entries []equivalent
}

// equivalent is one entry of the file.
type equivalent struct {
	Operator string `toml:"operator"`
	Code     string `toml:"code"`
	// Count nil stands for all.
	Count  *int   `toml:"count"`
	Reason string `toml:"reason"`
}

// equivalentFile is the file as TOML has it.
type equivalentFile struct {
	Mutant []equivalent `toml:"mutant"`
}

// ParseEquivalents reads an equivalent.toml. An unknown key, an operator that does not exist, an empty code or reason, a count below
// one and a second entry for the same operator and code are errors, which name the line.
func ParseEquivalents(data []byte) (Equivalents, error) {
	file, meta, err := decodeEquivalents(data)
	if err != nil {
		return Equivalents{}, fmt.Errorf("equivalent.toml: %w", err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		line := firstLine(data, func(_ equivalentFile, meta toml.MetaData) bool { return len(meta.Undecoded()) > 0 })
		return Equivalents{}, fmt.Errorf("equivalent.toml: line %d: unknown key %q (known: %s)", line, unknown[0].String(), equivalentKeys)
	}
	for i, e := range file.Mutant {
		if problem := e.problem(file.Mutant[:i]); problem != "" {
			line := firstLine(data, func(file equivalentFile, _ toml.MetaData) bool { return len(file.Mutant) > i })
			return Equivalents{}, fmt.Errorf("equivalent.toml: line %d: %s", line, problem)
		}
	}
	return Equivalents{file.Mutant}, nil
}

const equivalentKeys = "mutant, with operator, code, count, reason"

func decodeEquivalents(data []byte) (file equivalentFile, meta toml.MetaData, err error) {
	meta, err = toml.Decode(string(data), &file)
	return file, meta, err
}

// firstLine is the line, 1-based, at whose end something holds of the file for the first time. What ends within a value does
// not decode, and is passed over.
func firstLine(data []byte, holds func(equivalentFile, toml.MetaData) bool) int {
	end := 0
	for line := 1; end < len(data); line++ {
		if next := bytes.IndexByte(data[end:], '\n'); next >= 0 {
			end += next + 1
		} else {
			end = len(data)
		}
		if file, meta, err := decodeEquivalents(data[:end]); err == nil && holds(file, meta) {
			return line
		}
	}
	return 0
}

// problem says what is wrong with an entry; empty: nothing is.
func (e equivalent) problem(before []equivalent) string {
	switch {
	case e.Operator == "":
		return "operator is missing"
	case !slices.ContainsFunc(operators, func(o Operator) bool { return o.ID == e.Operator }):
		return fmt.Sprintf("unknown operator %q", e.Operator)
	case strings.TrimSpace(e.Code) == "":
		return "code is missing"
	case strings.TrimSpace(e.Reason) == "":
		return "reason is missing"
	case e.Count != nil && *e.Count < 1:
		return fmt.Sprintf("count is %d: want 1 or more", *e.Count)
	case slices.ContainsFunc(before, func(o equivalent) bool { return o.names(e.Operator, e.Code) }):
		return fmt.Sprintf("a second entry for %s of %q", e.Operator, e.Code)
	}
	return ""
}

// names reports whether an entry is for an operator and a code.
func (e equivalent) names(operator, code string) bool {
	return e.Operator == operator && strings.TrimSpace(e.Code) == strings.TrimSpace(code)
}

// covers reports whether an entry stands for a mutant.
func (e equivalent) covers(m Mutant) bool {
	return e.names(m.Operator, m.Code) && (e.Count == nil || m.twin < *e.Count)
}

// least is how many mutants an entry covers at least if it is not stale.
func (e equivalent) least() int {
	if e.Count == nil {
		return 1
	}
	return *e.Count
}

// Reason says why a mutant is equivalent; false: it is not listed.
func (e Equivalents) Reason(m Mutant) (string, bool) {
	for _, entry := range e.entries {
		if entry.covers(m) {
			return entry.Reason, true
		}
	}
	return "", false
}

// Unused names the entries that cover none of all the mutants of a solution, or fewer than they count: they are stale.
func (e Equivalents) Unused(ms []Mutant) []string {
	var unused []string
	for _, entry := range e.entries {
		covered := 0
		for _, m := range ms {
			if entry.covers(m) {
				covered++
			}
		}
		if want := entry.least(); covered < want {
			unused = append(unused, fmt.Sprintf("%s of %q: covers %d mutants, not %d", entry.Operator, entry.Code, covered, want))
		}
	}
	return unused
}
