package scaffold_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/form"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/scaffold"
)

const goMod = `module github.com/python-concurrency/kata

go 1.26.0

// A stub fails its hidden tests by intent.
ignore (
	./katas/asyncio
	./katas/gil
)
`

// repository makes a folder with the files of a repository that Lay looks at.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for _, side := range []string{"katas", "solutions"} {
		require.NoError(t, os.Mkdir(filepath.Join(root, side), 0o755))
	}
	put(t, root, "go.mod", goMod)
	for name, text := range files {
		put(t, root, name, text)
	}
	return root
}

func put(t *testing.T, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
}

// contents is everything below root: folders as "/", files with their text.
func contents(t *testing.T, root string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	disk := os.DirFS(root)
	require.NoError(t, fs.WalkDir(disk, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !d.Type().IsRegular() {
			all[name] = "/"
			return err
		}
		text, err := fs.ReadFile(disk, name)
		all[name] = string(text)
		return err
	}))
	return all
}

func TestLayWritesAKataWhole(t *testing.T) {
	root := repository(t, nil)
	written, err := scaffold.Lay(root, "threads/handover", 7)
	require.NoError(t, err)
	require.Equal(t, []string{
		"katas/threads/handover/kata.toml",
		"katas/threads/handover/README.md",
		"katas/threads/handover/handover.go",
		"katas/threads/handover/handover_test.go",
		"solutions/threads/handover/handover.go",
		"solutions/threads/handover/testdata/right/channel/handover.go",
		"solutions/threads/handover/testdata/wrong/sequential/handover.go",
		"solutions/threads/handover/testdata/wrong/unlocked/handover.go",
		"solutions/threads/handover/testdata/wrong/unordered/handover.go",
		"solutions/threads/handover/testdata/wrong/leftbehind/handover.go",
		"go.mod",
	}, written)
	all := contents(t, root)
	files := 0
	for name, text := range all {
		if text != "/" {
			require.Contains(t, written, name)
			files++
		}
	}
	require.Len(t, written, files)
	manifest, err := kata.ParseManifest([]byte(all["katas/threads/handover/kata.toml"]))
	require.NoError(t, err)
	require.Equal(t, "threads", manifest.Track)
	require.Equal(t, 7, manifest.Order)
	for _, name := range written {
		require.NotEmpty(t, scaffold.About("threads/handover", name))
	}
}

// TestOnlyTheMarkersAreLeft: what is laid keeps to the form of a kata, except that every file says what to replace.
func TestOnlyTheMarkersAreLeft(t *testing.T) {
	for _, id := range []kata.ID{"threads/handover", "gil/ab", "asyncio/a1", "zebra/zebra", "threads/test", "threads/each", "threads/results"} {
		root := repository(t, nil)
		written, err := scaffold.Lay(root, id, 1)
		require.NoError(t, err)
		marked := make(map[string]bool)
		for _, f := range form.Check(os.DirFS(filepath.Join(root, "katas")), os.DirFS(filepath.Join(root, "solutions")), id) {
			require.Equal(t, "leftover", f.Rule, "%+v", f)
			line := strings.Split(contents(t, root)[f.File], "\n")[f.Line-1]
			require.Contains(t, line, form.Marker)
			marked[f.File] = true
		}
		for _, name := range written {
			require.Equal(t, name != "go.mod", marked[name], "%s: a marker", name)
		}
	}
}

func TestANewTrackIsIgnored(t *testing.T) {
	root := repository(t, nil)
	_, err := scaffold.Lay(root, "futures/handover", 1)
	require.NoError(t, err)
	require.Equal(t, strings.Replace(goMod, "\t./katas/gil\n", "\t./katas/futures\n\t./katas/gil\n", 1), contents(t, root)["go.mod"])

	written, err := scaffold.Lay(root, "futures/another", 2)
	require.NoError(t, err)
	require.NotContains(t, written, "go.mod", "the track is there")
	require.Equal(t, 1, strings.Count(contents(t, root)["go.mod"], "futures"))

	put(t, root, "go.mod", "module github.com/python-concurrency/kata\n\ngo 1.26\n")
	_, err = scaffold.Lay(root, "events/first", 3)
	require.NoError(t, err)
	require.Contains(t, contents(t, root)["go.mod"], "\nignore ./katas/events\n", "there was no list")
}

// TestTheRealGoModChangesByOneLine: what people wrote into go.mod stays as it is.
func TestTheRealGoModChangesByOneLine(t *testing.T) {
	before, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	root := repository(t, map[string]string{"go.mod": string(before)})
	_, err = scaffold.Lay(root, "newtrack/handover", 1)
	require.NoError(t, err)
	after := contents(t, root)["go.mod"]
	require.Equal(t, string(before), strings.Replace(after, "\t./katas/newtrack\n", "", 1))
	require.NotEqual(t, string(before), after)
}

func TestTheModeOfGoModStays(t *testing.T) {
	root := repository(t, nil)
	require.NoError(t, os.Chmod(filepath.Join(root, "go.mod"), 0o600))
	_, err := scaffold.Lay(root, "futures/handover", 1)
	require.NoError(t, err)
	info, err := os.Stat(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
}

// TestNothingIsOverwrittenOrHalfLaid: whatever stands in the way, the repository is afterwards as it was before.
func TestNothingIsOverwrittenOrHalfLaid(t *testing.T) {
	const manifest = "title = \"T\"\nsummary = \"S\"\ntrack = \"gil\"\norder = 1\ndifficulty = 1\npython = [\"dis\"]\nfiles = [\"a.go\"]\nhints = [\"1\", \"2\", \"3\"]\naliases = [\"race\"]\n"
	for name, c := range map[string]struct {
		id    kata.ID
		files map[string]string
		says  string
	}{
		"the kata is there":             {"futures/handover", map[string]string{"katas/futures/handover/kata.toml": "x"}, "katas/futures/handover/kata.toml is there already"},
		"one file is there":             {"futures/handover", map[string]string{"katas/futures/handover/notes/idea.txt": "x"}, "katas/futures/handover/notes/idea.txt is there already"},
		"only the solution is there":    {"futures/handover", map[string]string{"solutions/futures/handover/x.go": "x"}, "solutions/futures/handover/x.go is there already"},
		"a file where the kata goes":    {"futures/handover", map[string]string{"katas/futures/handover": "x"}, "katas/futures/handover is there already"},
		"a file where the track goes":   {"futures/handover", map[string]string{"katas/futures": "x"}, "katas/futures"},
		"a file where a solution track": {"futures/handover", map[string]string{"solutions/futures": "x"}, "solutions/futures"},
		"the slug is taken":             {"futures/handover", map[string]string{"katas/gil/handover/kata.toml": manifest}, `"handover" is taken by gil/handover`},
		"the slug is an alias":          {"futures/race", map[string]string{"katas/gil/handover/kata.toml": manifest}, `"race" is taken by gil/handover`},
		"a broken go.mod":               {"futures/handover", map[string]string{"go.mod": "module\nnonsense (\n"}, "go.mod"},
		"a bad id":                      {"futures/select", nil, "select is a keyword"},
		"no id":                         {"../up", nil, "want track/slug"},
		"a name that is too long":       {kata.ID("futures/" + strings.Repeat("a", 300)), nil, "file name too long"},
	} {
		t.Run(name, func(t *testing.T) {
			root := repository(t, c.files)
			before := contents(t, root)
			written, err := scaffold.Lay(root, c.id, 1)
			require.ErrorContains(t, err, c.says)
			require.Empty(t, written)
			require.Equal(t, before, contents(t, root))
		})
	}
}

// TestWhatWasDoneIsTakenBack: the last step fails, and the steps before it have changed go.mod, made folders and moved
// the solution.
func TestWhatWasDoneIsTakenBack(t *testing.T) {
	if os.Geteuid() != 0 {
		root := repository(t, nil)
		require.NoError(t, os.Chmod(filepath.Join(root, "katas"), 0o555))
		before := contents(t, root)
		_, err := scaffold.Lay(root, "futures/handover", 1)
		require.ErrorIs(t, err, fs.ErrPermission)
		require.Equal(t, before, contents(t, root))
	}

	root := repository(t, nil)
	require.NoError(t, os.RemoveAll(filepath.Join(root, "katas")))
	before := contents(t, root)
	_, err := scaffold.Lay(root, "futures/handover", 1)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.Equal(t, before, contents(t, root), "katas is not there, and the solution lies in no place")
}

func TestAnEmptyFolderIsThereToo(t *testing.T) {
	root := repository(t, nil)
	require.NoError(t, os.MkdirAll(filepath.Join(root, "katas/futures/handover/empty"), 0o755))
	_, err := scaffold.Lay(root, "futures/handover", 1)
	require.EqualError(t, err, "katas/futures/handover is there already")
}

func TestALinkIsNotFollowedOutOfTheRepository(t *testing.T) {
	root, outside := repository(t, nil), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(root, "katas/futures")); err != nil {
		t.Skip("no symbolic links here")
	}
	before := contents(t, root)
	_, err := scaffold.Lay(root, "futures/handover", 1)
	require.ErrorContains(t, err, "futures")
	require.Empty(t, contents(t, outside)["katas"])
	require.Len(t, contents(t, outside), 1)
	require.Equal(t, before, contents(t, root))
}

// TestOneOfManyLaysIt: calls at the same time get into each other's way, and not into each other's files.
func TestOneOfManyLaysIt(t *testing.T) {
	root := repository(t, nil)
	const callers = 8
	errs := make(chan error, callers)
	for range callers {
		go func() {
			_, err := scaffold.Lay(root, "futures/handover", 1)
			errs <- err
		}()
	}
	laid := 0
	for range callers {
		var exists *scaffold.ExistsError
		if err := <-errs; err == nil {
			laid++
		} else {
			require.ErrorAs(t, err, &exists)
		}
	}
	require.Equal(t, 1, laid)
	all := contents(t, root)
	require.Contains(t, all, "katas/futures/handover/kata.toml")
	require.Contains(t, all["go.mod"], "./katas/futures\n")
	require.NotContains(t, all, scaffold.Aside)
}

// TestAFolderLeftBehindIsTold: it may be that of a call which is going on, so nothing is done about it.
func TestAFolderLeftBehindIsTold(t *testing.T) {
	root := repository(t, map[string]string{scaffold.Aside + "/katas/x": "x"})
	before := contents(t, root)
	_, err := scaffold.Lay(root, "futures/handover", 1)
	require.EqualError(t, err, ".kata-new is there already")
	require.Equal(t, before, contents(t, root))
}

func TestErrorsSayWhoseFaultItIs(t *testing.T) {
	root := repository(t, map[string]string{"katas/gil/handover/kata.toml": ""})
	var id *scaffold.IDError
	_, err := scaffold.Lay(root, "futures/handover", 1)
	require.ErrorAs(t, err, &id)
	_, err = scaffold.Lay(root, "futures/main", 1)
	require.ErrorAs(t, err, &id)
	var exists *scaffold.ExistsError
	_, err = scaffold.Lay(root, "gil/handover", 1)
	require.ErrorAs(t, err, &exists)
	require.Equal(t, "katas/gil/handover/kata.toml", exists.Path)
	_, err = scaffold.Lay(root, "futures/other", 0)
	require.ErrorContains(t, err, "order is 0")
	_, err = scaffold.Lay(filepath.Join(root, "nowhere"), "futures/other", 1)
	require.ErrorIs(t, err, fs.ErrNotExist)
}
