package build

import (
	"go/parser"
	"go/token"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/kata"
)

func hidden(sources map[string]string, tests ...string) kata.Kata {
	k := kata.Kata{ID: "track/demo", Hidden: make(map[string][]byte)}
	for name, s := range sources {
		k.Hidden[name] = []byte(s)
	}
	for _, t := range tests {
		k.Tests = append(k.Tests, kata.Test{Name: t})
	}
	return k
}

func TestThePackageClauseIsExchangedInItsPlace(t *testing.T) {
	k := hidden(map[string]string{"a_test.go": "// Package demo_test says package demo_test.\npackage   demo_test // here\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) {}\n"}, "TestA")
	files, err := mainPackage(k, "x/demo")
	require.NoError(t, err)
	require.Equal(t, "// Package demo_test says package demo_test.\npackage   main // here\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) {}\n", string(files["a_test.go"]))
	for name, source := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, source, 0)
		require.NoError(t, err)
		require.Equal(t, "main", file.Name.Name)
	}
	require.Contains(t, string(files[mainFile]), `{Name: "TestA", F: TestA}`)
}

func TestATestMainIsCalled(t *testing.T) {
	k := hidden(map[string]string{"a_test.go": "package demo_test\n\nfunc TestMain(m *testing.M) {}\n\nfunc TestA(t *testing.T) {}\n"}, "TestA")
	files, err := mainPackage(k, "x/demo")
	require.NoError(t, err)
	require.Contains(t, string(files[mainFile]), "TestMain(m)")
	k = hidden(map[string]string{"a_test.go": "package demo_test\n\n// func TestMain(m *testing.M) is not there.\nfunc TestA(t *testing.T) {}\n"}, "TestA")
	files, err = mainPackage(k, "x/demo")
	require.NoError(t, err)
	require.NotContains(t, string(files[mainFile]), "TestMain(m)")
}

func TestImportsOfHiddenTests(t *testing.T) {
	k := hidden(map[string]string{"a_test.go": "package demo_test\n\nimport (\n\t\"testing\"\n\t\"" + Module + "/katas/track/demo\"\n\tx \"" + Module + "/katas/lab\"\n)\n"})
	require.Equal(t, []string{"testing", Module + "/katas/lab"}, HiddenImports(k))
}

func TestABrokenHiddenTestIsOurFault(t *testing.T) {
	_, err := mainPackage(hidden(map[string]string{"a_test.go": "pakage"}), "x/demo")
	require.Contains(t, fault(t, err).What, "hidden test of track/demo")
}
