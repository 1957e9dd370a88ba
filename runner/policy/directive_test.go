package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestADirectiveIsSeenWhereverItStands: in the middle of a group, with a carriage return, inside a type, behind code.
func TestADirectiveIsSeenWhereverItStands(t *testing.T) {
	for name, source := range map[string]string{
		"in a group":               "package demo\n\n// f does nothing.\n//\n//go:norace\n//\n// That was it.\nfunc f() {}\n",
		"with a carriage return":   "package demo\n\n\n\n//go:norace\r\nfunc f() {}\r\n",
		"behind code":              "package demo\n\n\n\nvar x int //go:norace\n",
		"in a type":                "package demo\n\n\ntype t struct {\n//go:norace\n}\n",
		"in an empty body":         "package demo\n\n\nfunc f() {\n//go:nosplit\n}\n",
		"between arguments":        "package demo\nfunc f(a, b int) {}\nfunc g() {\nf(1,\n//go:norace\n2)\n}\n",
		"at the end":               "package demo\n\n\n\n//go:norace",
		"before the package":       "\n\n\n\n//go:debug panicnil=1\npackage demo\n",
		"a constraint, spaceless":  "\n\n\n\n//+build ignore\n\npackage demo\n",
		"a constraint with a tab":  "\n\n\n\n//\t+build ignore\n\npackage demo\n",
		"a line in a long comment": "package demo\n\n\n\n/*line x.go:1*/ var x int\n",
		"embed":                    "package demo\n\n\n\n//go:embed *_test.go\nvar s string\n",
	} {
		found := check(source)
		require.NotEmpty(t, found, name)
		require.Equal(t, "directive", found[0].Rule, name)
		require.Equal(t, 5, found[0].Line, name)
	}
}

// TestProseIsNoDirective: what the toolchain does not obey is a comment.
func TestProseIsNoDirective(t *testing.T) {
	require.Empty(t, check("package demo\n\n//linear search\n/*lines: three*/\n// go:build\n//kata:wrong kind=race  x\n//nolint\nfunc f() {}\n"))
}
