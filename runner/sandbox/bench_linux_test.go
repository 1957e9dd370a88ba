package sandbox_test

import (
	"context"
	"testing"

	"github.com/python-concurrency/kata/runner/sandbox"
)

// BenchmarkRun tells what the walls cost: the same command, which does nothing, with and without.
func BenchmarkRun(b *testing.B) {
	for _, c := range []struct {
		name        string
		confinement *sandbox.Confinement
		namespaces  bool
	}{
		{name: "unconfined"},
		{name: "confined", confinement: &sandbox.Confinement{}},
		{name: "confined with namespaces", confinement: &sandbox.Confinement{}, namespaces: true},
	} {
		b.Run(c.name, func(b *testing.B) {
			sandbox.DenyNamespaces(!c.namespaces)
			defer sandbox.DenyNamespaces(false)
			for b.Loop() {
				command := sandbox.Command{Path: self(), Env: environment("prints"), Confinement: c.confinement}
				if _, err := sandbox.Run(context.Background(), command); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
