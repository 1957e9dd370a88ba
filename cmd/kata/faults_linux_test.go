//go:build linux && (amd64 || arm64)

package main

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/python-concurrency/kata/runner/faultinject"
)

func TestMeasure(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(scenes)) {
		s := scenes[name]
		g := newStage(t)
		dir := g.prepared(s)
		b := now()
		r := g.strike(dir, s, faultinject.Fault{})
		fmt.Println(name, r.Exit, len(r.Steps), now().Sub(b), r.Stderr)
		if len(r.Steps) < 40 {
			for _, s := range r.Steps {
				fmt.Println("   ", s.Call, s.File[len(dir):])
			}
		}
	}
}
