package mutation

import (
	"go/importer"
	"go/types"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOutlinesAreTrue compares every declaration of the outlines with the standard library's.
func TestOutlinesAreTrue(t *testing.T) {
	real := importer.Default()
	byName := func(p *types.Package) string { return p.Path() }
	for path, outline := range standard() {
		whole, err := real.Import(path)
		require.NoError(t, err)
		for _, name := range outline.Scope().Names() {
			ours, theirs := outline.Scope().Lookup(name), whole.Scope().Lookup(name)
			require.NotNil(t, theirs, "%s.%s", path, name)
			if _, isType := ours.(*types.TypeName); !isType {
				require.Equal(t, types.ObjectString(theirs, byName), types.ObjectString(ours, byName))
				continue
			}
			for _, recv := range []func(types.Type) types.Type{asIs, pointerTo} {
				set := types.NewMethodSet(recv(ours.Type()))
				for i := range set.Len() {
					method := set.At(i).Obj()
					same, _, _ := types.LookupFieldOrMethod(recv(theirs.Type()), false, whole, method.Name())
					require.NotNil(t, same, "%s.%s.%s", path, name, method.Name())
					require.Equal(t, types.ObjectString(same, byName), types.ObjectString(method, byName))
				}
			}
		}
	}
}

func asIs(t types.Type) types.Type      { return t }
func pointerTo(t types.Type) types.Type { return types.NewPointer(t) }

func TestPackageNames(t *testing.T) {
	for path, name := range map[string]string{
		"slices":                  "slices",
		"container/heap":          "heap",
		"math/rand/v2":            "rand",
		"example.com/v2":          "example.com",
		"v2":                      "v2",
		"example.com/a/katas/gil": "gil",
	} {
		require.Equal(t, name, packageName(path), path)
	}
}
