package catalog_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/kata"
)

// tests loads a kata with these hidden files and returns the tests that were read off them.
func tests(t *testing.T, hidden tree) []kata.Test {
	t.Helper()
	files := folder("gil", "demo", 1, "").with(tree{"gil/demo/demo_test.go": ""})
	for name, source := range hidden {
		files["gil/demo/"+name] = "package demo_test\n\n" + source
	}
	k, err := load(t, files.fs(), fstest.MapFS{}).Find("demo")
	require.NoError(t, err)
	require.Nil(t, k.Tests, "nobody has asked for them yet")
	k, err = catalog.WithTests(k)
	require.NoError(t, err)
	return k.Tests
}

func TestOnlyWhatTheGoCommandRunsIsATest(t *testing.T) {
	got := tests(t, tree{"demo_test.go": `
func Test(t *testing.T) {}
func TestPlain(t *testing.T) {}
func Test_Score(t *testing.T) {}
func Test1(t *testing.T) {}
func TestÜber(t *T) {}
func TestUnnamed(*testing.T) {}
func TestMain(m *testing.M) {}
func Testimony(t *testing.T) {}
func Testüber(t *testing.T) {}
func TestBench(b *testing.B) {}
func TestValue(t testing.T) {}
func TestNothing() {}
func TestTwo(t, u *testing.T) {}
func TestResult(t *testing.T) error { return nil }
func TestGeneric[E any](t *testing.T) {}
func (s suite) TestMethod(t *testing.T) {}
func testLower(t *testing.T) {}
func ExampleIt() {}
`})
	var names []string
	for _, test := range got {
		names = append(names, test.Name)
	}
	require.Equal(t, []string{"Test", "TestPlain", "Test_Score", "Test1", "TestÜber", "TestUnnamed"}, names)
}

func TestTestsStandInTheOrderOfTheSource(t *testing.T) {
	got := tests(t, tree{
		"b_test.go": "func TestA(t *testing.T) {}\n",
		"a_test.go": "func TestZ(t *testing.T) {}\n\nfunc TestB(t *testing.T) {}\n",
	})
	require.Equal(t, []kata.Test{{Name: "TestZ"}, {Name: "TestB"}, {Name: "TestA"}}, got)
}

func TestAboutIsTheFirstSentence(t *testing.T) {
	for comment, about := range map[string]string{
		"// TestIt checks it.":                                  "TestIt checks it.",
		"// TestIt checks\n// it all. And more.":                "TestIt checks it all.",
		"// TestIt has no full stop":                            "TestIt has no full stop",
		"// TestIt takes 0.5 s at most. More.":                  "TestIt takes 0.5 s at most.",
		"// TestIt checks it\n//\n// A second paragraph. More.": "TestIt checks it",
		"/*\nTestIt is in\na block. More.\n*/":                  "TestIt is in a block.",
		"// TestIt checks it.\n//\n//nolint:all":                "TestIt checks it.",
		"//go:noinline":                                         "",
		"// A remark that is not a doc comment, for the gap.\n": "",
	} {
		require.Equal(t, about, tests(t, tree{"demo_test.go": comment + "\nfunc TestIt(t *testing.T) {}\n"})[0].About, comment)
	}
}

func TestBrokenHiddenTestsAreTold(t *testing.T) {
	const at = "gil/lostupdate/"
	for name, c := range map[string]struct {
		changes tree
		says    []string
	}{
		"a hidden test file empty": {tree{at + "lostupdate_test.go": "package lostupdate_test\n"}, []string{"gil/lostupdate", "no hidden test"}},
		"a hidden test broken":     {tree{at + "lostupdate_test.go": "package lostupdate_test\n\nfunc TestIt( {\n"}, []string{"gil/lostupdate", "lostupdate_test.go:3"}},
		"a hidden test inside":     {tree{at + "lostupdate_test.go": "package lostupdate\n"}, []string{"gil/lostupdate", "package lostupdate,"}},
		"a test declared twice":    {tree{at + "more_test.go": "package lostupdate_test\n\nfunc TestIt(t *testing.T) {}\n"}, []string{"TestIt", "lostupdate_test.go and more_test.go"}},
	} {
		t.Run(name, func(t *testing.T) {
			k, err := load(t, curriculum.with(c.changes).fs(), fstest.MapFS{}).Find("gil/lostupdate")
			require.NoError(t, err)
			_, err = catalog.WithTests(k)
			var broken *catalog.BrokenError
			require.ErrorAs(t, err, &broken)
			require.Equal(t, k.ID, broken.ID)
			for _, says := range c.says {
				require.ErrorContains(t, broken, says)
			}
		})
	}
}
