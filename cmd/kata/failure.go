package main

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/python-concurrency/kata/runner/verdict"
)

// The exit codes, all of them.
const (
	// exitDone: done, or graded and passed.
	exitDone = 0
	// exitFailed: graded, and failed.
	exitFailed = 1
	// exitUsage: the command line is wrong.
	exitUsage = 2
	// exitMachine: the runner or the machine could not do its work.
	exitMachine = 3
	// exitInterrupted: Ctrl-C, as shells count it.
	exitInterrupted = 130
)

// failure is an error with its exit code and the literal next command.
type failure struct {
	code int
	what string
	hint string
	err  error
}

func (f *failure) Error() string { return f.what }

func (f *failure) Unwrap() error { return f.err }

// wrong is a failure of the command line.
func wrong(hint, format string, args ...any) error {
	return &failure{code: exitUsage, what: fmt.Sprintf(format, args...), hint: hint}
}

// broken is a failure of the machine.
func broken(err error, hint string) error {
	return &failure{code: exitMachine, what: err.Error(), hint: hint, err: err}
}

// complain prints an error and returns its exit code. An empty error has been told already.
func (s *session) complain(err error) int {
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{code: exitMachine, what: err.Error(), hint: "kata doctor"}
	}
	if f.what != "" {
		fmt.Fprintf(s.stderr, "kata: error: %s\n", tame(f.what))
		if f.hint != "" {
			fmt.Fprintf(s.stderr, "hint: %s\n", tame(f.hint))
		}
	}
	return f.code
}

// tame takes control characters out of a message: file names and what tools said may hold some.
func tame(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, s)
}

// verdictError is the exit code of a verdict that has been shown.
func verdictError(v verdict.Verdict) error {
	switch v.Status {
	case verdict.Passed:
		return nil
	case verdict.Failed:
		return &failure{code: exitFailed}
	default:
		f := &failure{code: exitMachine}
		if v.Problem != nil {
			f.what, f.hint = v.Kata+" could not be graded: "+v.Problem.What, v.Problem.Hint
		}
		return f
	}
}

// tell prints an error at once, and leaves of it the exit code.
func (s *session) tell(err error) error {
	if err == nil {
		return nil
	}
	return &failure{code: s.complain(err)}
}

// gravest is the error with the highest exit code; of two, one that has not been told yet.
func gravest(all []error) error {
	var worst *failure
	for _, err := range all {
		var f *failure
		if errors.As(err, &f) && (worst == nil || f.code > worst.code || f.code == worst.code && worst.what == "") {
			worst = f
		}
	}
	if worst == nil {
		return nil
	}
	return worst
}
