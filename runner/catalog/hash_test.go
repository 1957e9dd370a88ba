package catalog_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestTheHashIsOfTheContent(t *testing.T) {
	whole := folder("gil", "demo", 1, "")
	hash := func(changes tree) string {
		k, err := load(t, whole.with(changes).fs(), fstest.MapFS{}).Find("demo")
		require.NoError(t, err)
		return k.Hash
	}
	before := hash(nil)
	require.Equal(t, before, hash(tree{"gil/demo/notes.txt": "neither a learner nor the grader sees this"}))

	seen := map[string]string{before: "nothing"}
	for name, changes := range map[string]tree{
		"the manifest":             {"gil/demo/kata.toml": whole["gil/demo/kata.toml"] + "# a comment\n"},
		"the README":               {"gil/demo/README.md": "# demo\n\n"},
		"the stub":                 {"gil/demo/demo.go": "package demo\n\n"},
		"a hidden test":            {"gil/demo/demo_test.go": whole["gil/demo/demo_test.go"] + "\n"},
		"another hidden file":      {"gil/demo/more_test.go": "package demo_test\n"},
		"a line moved over a file": {"gil/demo/README.md": "# dem", "gil/demo/demo.go": "o\npackage demo\n"},
	} {
		got := hash(changes)
		require.Empty(t, seen[got], "changing %s leaves the hash of changing %s", name, seen[got])
		seen[got] = name
	}
}
