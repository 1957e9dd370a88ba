// Package report writes a verdict for its reader. Every format is a handler of the same value, found by name in
// Formats; a new one is one more entry there and reads nothing but the verdict and its Options.
//
// What a submission printed, compared or is made of is shown with its control characters made visible, in every
// format: none of it reaches a terminal as a command.
package report

import (
	"io"

	"github.com/python-concurrency/kata/runner/verdict"
)

// Format writes v to w in one Write, so that a reader that goes away leaves nothing half said. The error is w's.
type Format func(w io.Writer, v verdict.Verdict, o Options) error

// Formats are the handlers by the name that `kata check --format` takes.
var Formats = map[string]Format{
	"text": Text,
	"json": JSON,
}

// Options say how a verdict is shown. They change nothing of what is said.
type Options struct {
	// Color allows escape sequences for colour, and nothing else does.
	Color bool
	// Width is how many columns a line may take; 0 means 80, and less than 40 counts as 40.
	Width int
	// Source gives one of the learner's files as it was graded, or nil; a nil Source has none. Code frames are cut
	// from it.
	Source func(file string) []byte
	// Next is the literal command to try next; empty leaves the line out.
	Next string
}
