package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/verdict"
	"github.com/python-concurrency/kata/runner/workspace"
)

// refused is the verdict on files that cannot be taken at all: it is the learner who can mend that.
func refused(k kata.Kata, err error, explain string) (verdict.Verdict, bool) {
	v := verdict.Verdict{Schema: verdict.Schema, Kata: string(k.ID), KataHash: k.Hash, Status: verdict.Failed}
	f := verdict.Finding{Kind: verdict.Policy, Explain: explain}
	var missing *workspace.MissingFileError
	var bad *workspace.BadFileError
	switch {
	case errors.As(err, &missing):
		f.Rule, f.Title = "missing-file", filepath.Base(missing.File)+", which is graded, is not there"+renamed(missing.Looks)
	case errors.As(err, &bad):
		f.Rule, f.Title = "bad-file", filepath.Base(bad.File)+" "+bad.Why
	default:
		return v, false
	}
	v.Findings = []verdict.Finding{f}
	return v, true
}

// renamed asks after a file that may be the missing one.
func renamed(other string) string {
	if other == "" {
		return ""
	}
	return " (is " + other + " its new name?)"
}

// name names a submission by its content.
func name(files map[string][]byte) string {
	h := sha256.New()
	for _, file := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s %d\n", file, len(files[file]))
		h.Write(files[file])
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
