package build

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// CompileError says that a submission does not compile, or that the hidden tests do not compile against it.
type CompileError struct {
	// Diagnostics in the compiler's order; never empty.
	Diagnostics []Diagnostic
}

func (e *CompileError) Error() string {
	d := e.Diagnostics[0]
	return fmt.Sprintf("%s:%d: %s", d.File, d.Line, d.Message)
}

// Diagnostic is one message of the compiler.
type Diagnostic struct {
	// File is the bare name of a learner's file or of a hidden test.
	File         string
	Line, Column int
	Message      string
}

// diagnosticLine is "katas/gil/lostupdate/lostupdate.go:12:5: undefined: x"; the column is not always there.
var diagnosticLine = regexp.MustCompile(`^(\S+\.go):(\d+)(?::(\d+))?: (.*)$`)

// parseDiagnostics reads what the compiler printed. Lines that continue a message are indented.
func parseDiagnostics(out, folder string) []Diagnostic {
	var found []Diagnostic
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "\t") && len(found) > 0 {
			found[len(found)-1].Message += "\n" + clean(line)
			continue
		}
		m := diagnosticLine.FindStringSubmatch(line)
		if m == nil || path.Dir(m[1]) != folder {
			continue
		}
		row, _ := strconv.Atoi(m[2])
		column, _ := strconv.Atoi(m[3])
		found = append(found, Diagnostic{File: path.Base(m[1]), Line: row, Column: column, Message: clean(m[4])})
	}
	return found
}

// clean takes the drop-in's path out of a message: the learner wrote sync.
func clean(message string) string {
	return strings.ReplaceAll(message, DropIn, "sync")
}
