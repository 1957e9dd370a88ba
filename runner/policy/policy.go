// Package policy decides what a submission may contain. It reads the syntax tree, before anything is compiled, and
// answers with findings that name file and line. It is an allow-list: what it does not know it refuses.
package policy

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/verdict"
)

// MaxFileSize is the largest file that is read, in bytes. The largest reference solution is under a fiftieth of it.
const MaxFileSize = 1 << 20

// Check holds a submission to the kata's policy. It returns no finding where all is allowed, and otherwise findings of
// kind policy, or of kind compile where a file cannot even be parsed. Findings come in the order of files and lines.
func Check(k kata.Kata, files map[string][]byte) []verdict.Finding {
	var found []verdict.Finding
	for _, name := range k.Manifest.Files {
		data, ok := files[name]
		if !ok {
			found = append(found, violation(name, 0, "missing-file", name+" is missing", "Each kata is graded by the files its manifest names. `kata reset` brings the stub back and keeps your work in a snapshot."))
			continue
		}
		found = append(found, checkFile(k, name, data)...)
	}
	if len(found) == 0 {
		found = checkGrowth(k, files)
	}
	return found
}

func checkFile(k kata.Kata, name string, data []byte) []verdict.Finding {
	if f, bad := checkBytes(name, data); bad {
		return []verdict.Finding{f}
	}
	fset := token.NewFileSet()
	// Names are resolved within the file, so that a variable called as a package is told from the package.
	file, err := parser.ParseFile(fset, name, data, parser.ParseComments)
	if err != nil {
		return syntaxErrors(name, err)
	}
	c := checker{kata: k, name: name, fset: fset, file: file}
	if !c.checkShape() {
		return c.found
	}
	c.checkPackage()
	c.checkImports()
	c.checkSelectors()
	c.checkAssignments()
	c.checkComments()
	sort.SliceStable(c.found, func(i, j int) bool { return c.found[i].Line < c.found[j].Line })
	return c.found
}

// checkBytes refuses what is no source text at all.
func checkBytes(name string, data []byte) (verdict.Finding, bool) {
	switch {
	case len(data) > MaxFileSize:
		return violation(name, 0, "file-size", fmt.Sprintf("%s has %d bytes, more than the %d that are graded", name, len(data), MaxFileSize),
			"A solution is a few hundred lines. Was something else written into the file?"), true
	case !utf8.Valid(data):
		line := 1 + bytes.Count(data[:firstInvalid(data)], []byte("\n"))
		return violation(name, line, "not-utf8", name+" is not UTF-8 text", "Go source is UTF-8. Save the file in that encoding."), true
	}
	return verdict.Finding{}, false
}

func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(data)
}

// syntaxErrors turns what the parser says into findings, the first of them only in full.
func syntaxErrors(name string, err error) []verdict.Finding {
	f := verdict.Finding{Kind: verdict.Compile, Rule: "syntax", File: name, Title: "does not compile: " + err.Error()}
	if list, ok := err.(scanner.ErrorList); ok && len(list) > 0 {
		f.Line = list[0].Pos.Line
		f.Title = "does not compile: " + list[0].Msg
		for _, e := range list[1:] {
			f.Effects = append(f.Effects, fmt.Sprintf("%s:%d: %s", name, e.Pos.Line, e.Msg))
		}
	}
	f.Explain = "The Go compiler could not read the file. Mend the first error; later ones often follow from it."
	return []verdict.Finding{f}
}

// checker walks one file.
type checker struct {
	kata  kata.Kata
	name  string
	fset  *token.FileSet
	file  *ast.File
	found []verdict.Finding
}

func (c *checker) refuse(pos token.Pos, rule, title, explain string) {
	c.found = append(c.found, violation(c.name, c.fset.PositionFor(pos, false).Line, rule, title, explain))
}

func violation(file string, line int, rule, title, explain string) verdict.Finding {
	return verdict.Finding{Kind: verdict.Policy, Rule: rule, File: file, Line: line, Title: title, Explain: explain}
}

func (c *checker) checkPackage() {
	if got, want := c.file.Name.Name, c.kata.Package(); got != want {
		c.refuse(c.file.Name.Pos(), "package", fmt.Sprintf("the package is %s, must be %s", got, want), "The hidden tests import the package by its name.")
	}
}

func (c *checker) checkImports() {
	for _, spec := range c.file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			imported = spec.Path.Value
		}
		if !c.allowed(imported) {
			c.refuse(spec.Pos(), "import", fmt.Sprintf("imports %q, which this kata does not allow", imported), c.explainImport(imported))
		} else if spec.Name != nil && spec.Name.Name == "." {
			c.refuse(spec.Pos(), "dot-import", fmt.Sprintf("imports %q into its own name space", imported), "Name the package: a dot import hides where a name comes from.")
		}
	}
}

func (c *checker) allowed(imported string) bool {
	_, base := baseImports[imported]
	return base || slices.Contains(c.kata.Manifest.Imports, imported)
}

func (c *checker) explainImport(imported string) string {
	if why, ok := refusedImports[imported]; ok {
		return why
	}
	allowed := "Allowed are " + strings.Join(BaseImports(), ", ")
	if extra := c.kata.Manifest.Imports; len(extra) > 0 {
		allowed += ", and for this kata " + strings.Join(extra, ", ")
	}
	return allowed + "."
}

// checkSelectors holds packages that are allowed only in part to the names that are.
func (c *checker) checkSelectors() {
	partial := c.partialImports()
	if len(partial) == 0 {
		return
	}
	ast.Inspect(c.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := sel.X.(*ast.Ident)
		if !ok || x.Obj != nil {
			return true
		}
		imported, ok := partial[x.Name]
		if ok && !slices.Contains(baseImports[imported], sel.Sel.Name) {
			c.refuse(sel.Pos(), "identifier", fmt.Sprintf("uses %s.%s, which no kata allows", x.Name, sel.Sel.Name),
				fmt.Sprintf("Of package %s these are allowed: %s.", imported, strings.Join(baseImports[imported], ", ")))
		}
		return true
	})
}

// partialImports maps the local name of each partly allowed import to its path.
func (c *checker) partialImports() map[string]string {
	partial := make(map[string]string)
	for _, spec := range c.file.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		if len(baseImports[imported]) == 0 || slices.Contains(c.kata.Manifest.Imports, imported) {
			continue
		}
		partial[localName(spec, imported)] = imported
	}
	return partial
}

// localName is what an import is called in its file.
func localName(spec *ast.ImportSpec, imported string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	// "math/rand/v2" is package rand.
	if dir, last := path.Split(imported); len(last) == 2 && last[0] == 'v' {
		return path.Base(dir)
	}
	return path.Base(imported)
}

// checkComments refuses compiler directives and build constraints: a submission is compiled as it reads.
func (c *checker) checkComments() {
	for _, group := range c.file.Comments {
		for _, comment := range group.List {
			for _, d := range directives {
				if strings.HasPrefix(plain(comment.Text), d.prefix) && !slices.Contains(harmlessDirectives, firstWord(comment.Text)) {
					c.refuse(comment.Pos(), "directive", fmt.Sprintf("uses the directive %s", firstWord(comment.Text)), d.why)
					break
				}
			}
		}
	}
}

// plain is a comment with the spelling of build constraints evened out: "//+build" and "//\t+build" count too.
func plain(comment string) string {
	if text, ok := strings.CutPrefix(comment, "//"); ok {
		if text = strings.TrimLeft(text, " \t"); strings.HasPrefix(text, "+build") {
			return "// " + text
		}
	}
	return comment
}

func firstWord(comment string) string {
	if fields := strings.Fields(comment); len(fields) > 0 {
		return fields[0]
	}
	return comment
}
