package atomic_test

import (
	"go/importer"
	"go/token"
	"go/types"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/lab/sync/atomic"
)

// TestNothingOfTheStandardPackageIsMissing compares the names, and the signatures but for the package they name.
func TestNothingOfTheStandardPackageIsMissing(t *testing.T) {
	std := load(t, "sync/atomic")
	ours := load(t, "github.com/python-concurrency/kata/katas/lab/sync/atomic")
	for _, name := range std.Scope().Names() {
		want := std.Scope().Lookup(name)
		if !want.Exported() {
			continue
		}
		got := ours.Scope().Lookup(name)
		require.NotNil(t, got, name)
		if _, function := want.(*types.Func); function {
			require.Equal(t, written(want.Type()), written(got.Type()), name)
			continue
		}
		theirs, own := methods(want), methods(got)
		require.Equal(t, theirs, own, name)
	}
}

func load(t *testing.T, path string) *types.Package {
	t.Helper()
	pkg, err := importer.ForCompiler(token.NewFileSet(), "source", nil).Import(path)
	if err != nil {
		t.Skipf("cannot load %s from source: %v", path, err)
	}
	return pkg
}

func written(typ types.Type) string {
	return types.TypeString(typ, func(p *types.Package) string { return p.Name() })
}

func methods(o types.Object) map[string]string {
	found := make(map[string]string)
	set := types.NewMethodSet(types.NewPointer(o.Type()))
	for i := range set.Len() {
		if m := set.At(i).Obj(); m.Exported() {
			found[m.Name()] = written(m.Type())
		}
	}
	return found
}

func TestTheOperationsDoWhatTheirNamesSay(t *testing.T) {
	var n atomic.Int64
	n.Store(5)
	require.EqualValues(t, 7, n.Add(2))
	require.EqualValues(t, 7, n.Swap(1))
	require.True(t, n.CompareAndSwap(1, 6))
	require.False(t, n.CompareAndSwap(1, 9))
	require.EqualValues(t, 6, n.And(3))
	require.EqualValues(t, 2, n.Or(8))
	require.EqualValues(t, 10, n.Load())
	var b atomic.Bool
	require.False(t, b.Swap(true))
	require.True(t, b.Load())
	var p atomic.Pointer[int]
	x := 3
	p.Store(&x)
	require.Equal(t, &x, p.Load())
	var v atomic.Value
	require.Nil(t, v.Load())
	v.Store("a")
	require.Equal(t, "a", v.Swap("b"))
	var u uint32
	require.EqualValues(t, 4, atomic.AddUint32(&u, 4))
	require.EqualValues(t, 4, atomic.LoadUint32(&u))
}
