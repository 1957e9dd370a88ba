// Package form says what a kata's folders must look like, as a table of rules, and holds a kata to it. It judges what
// can be read off the files; whether the hidden tests are sound only running them shows.
package form

import (
	"cmp"
	"io/fs"
	"slices"

	"github.com/python-concurrency/kata/runner/kata"
)

// Marker stands in every line that `kata new` wrote for the author to replace.
const Marker = "kata new: replace"

// Fault is one place where a kata does not keep to its form.
type Fault struct {
	// Rule is the id of the rule that is broken.
	Rule string
	// File is named from the repository's root, with slashes: "katas/gil/lostupdate/kata.toml". It may be a folder.
	File string
	// Line is 1-based; 0 means the file as a whole.
	Line int
	// What is wrong, in one phrase, lower-case.
	What string
	// Hint is what to write or run.
	Hint string
}

// Rule is one thing that every kata keeps.
type Rule struct {
	ID string
	// About is what must be so, in one phrase.
	About string
	check func(*subject) []Fault
}

// rules are all of them, in the order in which an author meets them: names and the manifest, files, what the learner
// reads, the Go files, the variants, and last how the files are written.
var rules = []Rule{
	{"name", "the track and the slug are names that Go and the curriculum leave free", checkName},
	{"manifest", "kata.toml parses, keeps its own rules, and names the track it lies in", checkManifest},
	{"unique", "the slug, the aliases and the order belong to this kata alone", checkUnique},
	{"hints", "no hint repeats another", checkHints},
	{"irregular", "everything is a plain file or a folder: no symbolic links", checkIrregular},
	{"missing", "every file is there: manifest, README, stub, hidden tests, and in solutions a replacement for each file of the stub", checkMissing},
	{"stray", "no other file or folder is there: nobody would get it", checkStray},
	{"sections", "the README has the six sections, in order, none of them empty", checkSections},
	{"python", "the README shows Python: a block marked python under In Python", checkPython},
	{"syntax", "every Go file parses; a wrong solution of kind compile need not", checkSyntax},
	{"package", "the package is the slug, and of hidden tests the slug with _test", checkPackage},
	{"doc", "the stub's package and its exported names have doc comments", checkDoc},
	{"signature", "the solution and every variant have the stub's exported names, with the same signatures", checkSignature},
	{"tests", "there are hidden tests, each with a doc comment of one sentence: TestX checks …", checkTests},
	{"lens", "every hidden test looks through one lens: lab.Virtual, lab.Explored or lab.Real", checkLens},
	{"variants", "at least four wrong solutions and one more right one come along", checkVariants},
	{"declaration", "a wrong solution begins with //kata:wrong kind=KIND  what it does wrong, and no other file does", checkDeclaration},
	{"text", "every file is UTF-8 text with line ends of one character, the last line's included", checkText},
	{"gofmt", "every Go file is formatted as gofmt does", checkGofmt},
	{"leftover", "nothing is left to do: no TODO, no placeholder, no line that kata new wrote", checkLeftover},
}

// Rules are all rules, in the order in which Check goes through them.
func Rules() []Rule { return slices.Clone(rules) }

// Check holds one kata to its form and returns what does not keep to it, in the order of the rules and in each by file
// and line; nothing means that it does. katas and solutions are rooted as in the repository's folders of those names.
// What cannot be read is a fault. Check writes nothing and is safe for use by many goroutines.
func Check(katas, solutions fs.FS, id kata.ID) []Fault {
	s := read(katas, solutions, id)
	var all []Fault
	for _, rule := range rules {
		found := rule.check(s)
		for i := range found {
			found[i].Rule = rule.ID
		}
		slices.SortStableFunc(found, func(a, b Fault) int {
			return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
		})
		all = append(all, found...)
	}
	return all
}
