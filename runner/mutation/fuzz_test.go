package mutation_test

import (
	"go/parser"
	"go/token"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/mutation"
)

// FuzzMutants: whatever parses has mutants that parse and are named apart, and what does not is an error.
func FuzzMutants(f *testing.F) {
	for _, files := range fixtures(f) {
		for _, text := range files {
			f.Add(text)
		}
	}
	f.Add([]byte("package p\nfunc f() { a.Lock(); defer func() { a.Unlock() }(); if x { return }; y }"))
	f.Add([]byte("package p\r\nimport \"sync\"\r\nvar m sync.Mutex\r\nfunc f() {\r\n\tm.Lock()\r\n\tm.Unlock() // x\r\n}\r\n"))
	f.Add([]byte("package p\nfunc f() { for ; ; { select { case <-c: continue; default: break } } }"))
	f.Add([]byte("package p\nfunc f(a A) { defer a.\nb.Lock()\nc := a\nc() }"))
	f.Add([]byte("package p\nfunc f(c C) { close() }\ntype C struct{}"))
	f.Add([]byte("package p\n//line x.go:1000\nfunc f() (a, b int) { return g() }"))
	f.Fuzz(func(t *testing.T, text []byte) {
		files := map[string][]byte{"a.go": text}
		_, broken := parser.ParseFile(token.NewFileSet(), "a.go", text, parser.SkipObjectResolution|parser.ParseComments)
		mutants, err := mutation.Mutants(files, nil)
		if broken != nil {
			require.ErrorContains(t, err, "mutate a.go:")
			return
		}
		require.NoError(t, err)
		sound(t, files, mutants)
	})
}
