package build

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDiagnosticsAreReadOffTheCompiler(t *testing.T) {
	out := `katas/gil/a/a.go:12:5: undefined: x
katas/gil/a/a_test.go:6:27: not enough arguments in call to a.F
	have ()
	want (int)
katas/gil/a/a.go:3: "` + DropIn + `" imported and not used
/somewhere/else.go:1:1: not ours
too many errors
`
	require.Equal(t, []Diagnostic{
		{File: "a.go", Line: 12, Column: 5, Message: "undefined: x"},
		{File: "a_test.go", Line: 6, Column: 27, Message: "not enough arguments in call to a.F\n\thave ()\n\twant (int)"},
		{File: "a.go", Line: 3, Message: `"sync" imported and not used`},
	}, parseDiagnostics(out, "katas/gil/a"))
}

func FuzzParseDiagnostics(f *testing.F) {
	f.Add("katas/gil/a/a.go:12:5: undefined: x\n\tmore\n")
	f.Fuzz(func(t *testing.T, out string) {
		for _, d := range parseDiagnostics(out, "katas/gil/a") {
			require.NotContains(t, d.File, "/")
			require.GreaterOrEqual(t, d.Line, 0)
		}
	})
}
