package catalog_test

import (
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/verdict"
)

var solved = tree{
	"embed.go":                     "package solutions",
	"gil/lostupdate/lostupdate.go": "package lostupdate // solved\n",
	"gil/lostupdate/notes.md":      "not one of the kata's files",
	"gil/lostupdate/testdata/right/channel/lostupdate.go": "package lostupdate // by channel\n",
	"gil/lostupdate/testdata/right/README.md":             "not a folder",
	"gil/lostupdate/testdata/wrong/order/lostupdate.go":   "//kata:wrong kind=deadlock  takes the two locks in the caller's order\n\npackage lostupdate\n",
	"gil/lostupdate/testdata/wrong/bare/lostupdate.go":    "//kata:wrong kind=race no lock \r\npackage lostupdate\r\n",
}

func TestSolutionIsAReplacementForTheFiles(t *testing.T) {
	c := load(t, curriculum.fs(), solved.fs())
	files, err := c.Solution("gil/lostupdate")
	require.NoError(t, err)
	require.Equal(t, map[string][]byte{"lostupdate.go": []byte("package lostupdate // solved\n")}, files)

	_, err = c.Solution("gil/handoff")
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorContains(t, err, "solution of gil/handoff")

	_, err = c.Solution("lostupdate")
	var missing *catalog.NotFoundError
	require.ErrorAs(t, err, &missing, "an id must be whole")
}

func TestVariantsAreRightOnesThenWrongOnes(t *testing.T) {
	c := load(t, curriculum.fs(), solved.fs())
	got, err := c.Variants("gil/lostupdate")
	require.NoError(t, err)
	require.Len(t, got, 3)
	require.Equal(t, "channel", got[0].Name)
	require.True(t, got[0].Right)
	require.Empty(t, got[0].Kind)
	require.Equal(t, "package lostupdate // by channel\n", string(got[0].Files["lostupdate.go"]))
	require.Equal(t, "bare", got[1].Name)
	require.Equal(t, verdict.Race, got[1].Kind)
	require.Equal(t, "no lock", got[1].Why)
	require.Equal(t, "order", got[2].Name)
	require.False(t, got[2].Right)
	require.Equal(t, verdict.Deadlock, got[2].Kind)
	require.Equal(t, "takes the two locks in the caller's order", got[2].Why)

	none, err := c.Variants("gil/handoff")
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestAnySourceFileMayDeclareWhatIsWrong(t *testing.T) {
	katas := folder("gil", "two", 1, "files = [\"two.go\", \"more.go\"]\n").with(tree{"gil/two/more.go": "package two\n"})
	c := load(t, katas.fs(), tree{
		"gil/two/testdata/wrong/x/two.go":  "package two\n",
		"gil/two/testdata/wrong/x/more.go": "//kata:wrong kind=leak  forgets one\npackage two\n",
	}.fs())
	got, err := c.Variants("gil/two")
	require.NoError(t, err)
	require.Equal(t, verdict.Leak, got[0].Kind)
}

func TestVariantsRefusesABrokenOne(t *testing.T) {
	for name, c := range map[string]struct{ side, file, source, says string }{
		"no declaration":        {"wrong", "lostupdate.go", "package lostupdate\n", "first line must be"},
		"not on the first line": {"wrong", "lostupdate.go", "\n//kata:wrong kind=race  no lock\npackage lostupdate\n", "first line must be"},
		"an unknown kind":       {"wrong", "lostupdate.go", "//kata:wrong kind=slow  takes long\npackage lostupdate\n", "slow is no kind"},
		"no kind":               {"wrong", "lostupdate.go", "//kata:wrong takes long\npackage lostupdate\n", "want //kata:wrong"},
		"no reason":             {"wrong", "lostupdate.go", "//kata:wrong kind=race  \npackage lostupdate\n", "want //kata:wrong"},
		"right, declared wrong": {"right", "lostupdate.go", "//kata:wrong kind=race  no lock\npackage lostupdate\n", "among the right ones"},
		"a file missing":        {"right", "other.go", "package lostupdate\n", "lostupdate.go"},
	} {
		t.Run(name, func(t *testing.T) {
			broken := solved.with(tree{"gil/lostupdate/testdata/" + c.side + "/broken/" + c.file: c.source})
			_, err := load(t, curriculum.fs(), broken.fs()).Variants("gil/lostupdate")
			require.ErrorContains(t, err, c.side+"/broken")
			require.ErrorContains(t, err, c.says)
		})
	}
}
