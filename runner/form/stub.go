package form

import (
	"errors"
	"fmt"
	"go/scanner"
	"slices"
	"strings"
)

func checkSyntax(s *subject) []Fault {
	var faults []Fault
	for _, f := range s.compiled() {
		var list scanner.ErrorList
		switch {
		case errors.As(f.err, &list) && len(list) > 0:
			faults = append(faults, f.fault(list[0].Pos.Line, "does not parse: "+list[0].Msg, "gofmt -l "+f.path))
		case f.err != nil:
			faults = append(faults, f.fault(0, "does not parse: "+f.err.Error(), "gofmt -l "+f.path))
		}
	}
	return faults
}

func checkPackage(s *subject) []Fault {
	var faults []Fault
	for _, f := range parsed(s.compiled()) {
		want := s.id.Slug()
		if strings.HasSuffix(f.path, "_test.go") {
			want += "_test"
		}
		if got := f.tree.Name; got.Name != want {
			faults = append(faults, f.fault(f.line(got.Pos()), fmt.Sprintf("is package %s", got.Name), "package "+want))
		}
	}
	return faults
}

// commonMethods need no doc comment: what they do is fixed by the interface that they are written for (golint's list,
// as far as katas have them).
var commonMethods = []string{"Error", "String", "Unwrap"}

// checkDoc holds the stub to it that it specifies: the learner has nothing else.
func checkDoc(s *subject) []Fault {
	stub := parsed(s.stub())
	var faults []Fault
	documented := false
	for _, f := range stub {
		documented = documented || f.tree.Doc.Text() != ""
		for _, e := range surface(f) {
			common := strings.Contains(e.name, ".") && slices.Contains(commonMethods, e.lastName())
			if !e.documented && !common {
				faults = append(faults, f.fault(e.line, e.name+" has no doc comment", "say above it what it does: // "+e.lastName()+" …"))
			}
		}
	}
	if len(stub) > 0 && !documented {
		faults = append(faults, stub[0].fault(stub[0].line(stub[0].tree.Package), "the package has no doc comment", "// Package "+s.id.Slug()+" is a kata: …"))
	}
	return faults
}
