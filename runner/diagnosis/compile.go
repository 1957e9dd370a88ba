package diagnosis

import (
	"fmt"
	"strings"

	"github.com/python-concurrency/kata/runner/build"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/verdict"
)

// Compile tells what the compiler said. A message about a hidden test means that the submission changed what the
// stub promises.
func Compile(k kata.Kata, files map[string][]byte, e *build.CompileError) verdict.Finding {
	s := newSource(Case{Kata: k, Files: files})
	f := verdict.Finding{Kind: verdict.Compile, Rule: "compile", Explain: "Mend the first error; later ones often follow from it."}
	first := e.Diagnostics[0]
	if _, own := files[first.File]; own {
		f.File, f.Line, f.Code = first.File, first.Line, s.code(first.File, first.Line)
		f.Title = "does not compile: " + firstLine(first.Message)
	} else {
		f.Rule = "signature"
		f.Title = "the tests do not compile against it: " + firstLine(first.Message)
		f.Explain = fmt.Sprintf("The tests call what the stub declares: names, parameters and results must stay as they are. `kata reset %s` brings the stub back and keeps your work in a snapshot.", k.ID)
		if p, ok := s.tested(fmt.Sprintf("%s:%d", first.File, first.Line), ""); ok {
			at(&f, p)
		}
	}
	if _, rest, more := strings.Cut(first.Message, "\n"); more {
		f.Got = strings.TrimSpace(rest)
	}
	for _, d := range e.Diagnostics[1:] {
		if _, own := files[d.File]; own {
			f.Effects = append(f.Effects, fmt.Sprintf("%s:%d: %s", d.File, d.Line, firstLine(d.Message)))
		}
	}
	return f
}
