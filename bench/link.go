package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// measureLink says what testify would cost in the link of a test binary, and what it costs that nobody uses it: hidden
// tests import nothing of it.
func measureLink(l *laboratory) error {
	f, err := newFloor(l, l.katas[0])
	if err != nil {
		return err
	}
	config, err := f.archives("./katas/"+f.s.id, "github.com/stretchr/testify/require")
	if err != nil {
		return err
	}
	with := &laboratoryFloor{l: l, s: f.s, dir: f.dir, tools: f.tools, config: config, env: f.env}
	dir := filepath.Join(l.dir, "testify")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := with.layTests(dir, "\t_ \"github.com/stretchr/testify/require\"\n"); err != nil {
		return err
	}
	if _, err := f.compileSubmission(); err != nil {
		return err
	}
	for _, compile := range []func() (float64, error){
		func() (float64, error) { return f.compileTests(f.dir) },
		func() (float64, error) { return with.compileTests(dir) },
	} {
		if _, err := compile(); err != nil {
			return err
		}
	}
	const bare, testify = "link of the test binary", "the same with testify imported"
	times := make(series)
	for range rounds + 1 {
		took, err := f.link(f.dir, f.config)
		if err != nil {
			return err
		}
		times.add(bare, took)
		if took, err = with.link(dir, config); err != nil {
			return err
		}
		times.add(testify, took)
	}
	fmt.Printf("testify in hidden tests (medians of %d)\n", rounds)
	times.line(bare)
	times.line(testify, bare)
	return nil
}
