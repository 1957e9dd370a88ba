package catalog_test

import (
	"fmt"
	"io/fs"
	"maps"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/kata"
)

// tree is a file system as a test writes it: names and their contents.
type tree map[string]string

func (t tree) fs() fstest.MapFS {
	files := make(fstest.MapFS)
	for name, data := range t {
		files[name] = &fstest.MapFile{Data: []byte(data)}
	}
	return files
}

// with is a copy of t that has changes instead; an empty text takes a file away.
func (t tree) with(changes tree) tree {
	all := maps.Clone(t)
	maps.Copy(all, changes)
	maps.DeleteFunc(all, func(_, data string) bool { return data == "" })
	return all
}

func manifest(track string, order int, rest string) string {
	return fmt.Sprintf("title = \"T\"\nsummary = \"S\"\ntrack = %q\norder = %d\ndifficulty = 1\npython = [\"threading\"]\nhints = [\"1\", \"2\", \"3\"]\n%s", track, order, rest)
}

// a kata's folder, whole.
func folder(track, slug string, order int, rest string) tree {
	at := track + "/" + slug + "/"
	if rest == "" {
		rest = fmt.Sprintf("files = [%q]\n", slug+".go")
	}
	return tree{
		at + "kata.toml":       manifest(track, order, rest),
		at + "README.md":       "# " + slug + "\n",
		at + slug + ".go":      "package " + slug + "\n",
		at + slug + "_test.go": "package " + slug + "_test\n\nimport \"testing\"\n\n// TestIt checks it.\nfunc TestIt(t *testing.T) {}\n",
	}
}

var curriculum = folder("gil", "lostupdate", 2, "files = [\"lostupdate.go\"]\naliases = [\"race\"]\n").
	with(folder("gil", "handoff", 3, "")).
	with(folder("asyncio", "gather", 1, "")).
	with(folder("futures", "gatherall", 4, "")).
	with(tree{"embed.go": "package katas", "lab/virtual.go": "package lab", "sim/gil/gil.go": "package gil", ".git/x/y": "z", "gil/notes.md": "n"})

func load(t testing.TB, katas, solutions fs.FS) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Load(katas, solutions)
	require.NoError(t, err)
	return c
}

func TestLoadReadsAKataWhole(t *testing.T) {
	c := load(t, curriculum.fs(), fstest.MapFS{})
	k, err := c.Find("gil/lostupdate")
	require.NoError(t, err)
	require.Equal(t, kata.ID("gil/lostupdate"), k.ID)
	require.Equal(t, "T", k.Manifest.Title)
	require.Equal(t, "# lostupdate\n", string(k.Readme))
	require.Equal(t, map[string][]byte{"lostupdate.go": []byte("package lostupdate\n")}, k.Stub)
	require.Contains(t, k.Hidden, "lostupdate_test.go")
	require.Len(t, k.Hidden, 1)
	require.Regexp(t, "^[0-9a-f]{16}$", k.Hash)
}

func TestKatasStandInTheOrderOfTheCurriculum(t *testing.T) {
	c := load(t, curriculum.fs(), fstest.MapFS{})
	var ids []kata.ID
	for _, k := range c.Katas() {
		ids = append(ids, k.ID)
	}
	require.Equal(t, []kata.ID{"asyncio/gather", "gil/lostupdate", "gil/handoff", "futures/gatherall"}, ids)
	c.Katas()[0].ID = "changed"
	require.Equal(t, kata.ID("asyncio/gather"), c.Katas()[0].ID, "the slice is the caller's")
}

func TestNoKatasAreNoError(t *testing.T) {
	require.Empty(t, load(t, tree{"embed.go": "package katas"}.fs(), fstest.MapFS{}).Katas())
}

func TestABrokenKataIsNoneOfTheCurriculum(t *testing.T) {
	const at = "gil/lostupdate/"
	for name, c := range map[string]struct {
		changes tree
		says    []string
	}{
		"no manifest":             {tree{at + "kata.toml": ""}, []string{"kata gil/lostupdate", "kata.toml"}},
		"broken toml":             {tree{at + "kata.toml": "title = \"T\"\nsummary\n"}, []string{"gil/lostupdate", "line 2"}},
		"an unknown key":          {tree{at + "kata.toml": manifest("gil", 2, "files = [\"lostupdate.go\"]\ntimeout = 3\n")}, []string{"gil/lostupdate", `"timeout"`}},
		"another track":           {tree{at + "kata.toml": manifest("asyncio", 2, "files = [\"lostupdate.go\"]\n")}, []string{"gil/lostupdate", `"asyncio"`, `"gil"`}},
		"no README":               {tree{at + "README.md": ""}, []string{"gil/lostupdate", "README.md"}},
		"no stub":                 {tree{at + "lostupdate.go": ""}, []string{"gil/lostupdate", "stub: lostupdate.go"}},
		"a file named twice":      {tree{at + "kata.toml": manifest("gil", 2, "files = [\"lostupdate.go\", \"lostupdate.go\"]\n")}, []string{"gil/lostupdate", "twice"}},
		"a file nobody would get": {tree{at + "extra.go": "package lostupdate\n"}, []string{"gil/lostupdate", "extra.go"}},
		"no hidden test":          {tree{at + "lostupdate_test.go": ""}, []string{"gil/lostupdate", "no hidden test"}},
		"a slug with a capital":   {folder("gil", "Lost", 9, ""), []string{"gil/Lost", "[a-z][a-z0-9]*"}},
		"a track with a dash":     {folder("green-threads", "lost", 9, ""), []string{"green-threads/lost", "[a-z][a-z0-9]*"}},
		"a slug twice":            {folder("futures", "lostupdate", 9, ""), []string{`"lostupdate"`, "gil/lostupdate and futures/lostupdate"}},
		"an alias twice":          {folder("futures", "other", 9, "files = [\"other.go\"]\naliases = [\"race\"]\n"), []string{`"race"`, "gil/lostupdate and futures/other"}},
		"an alias that is an id":  {folder("futures", "other", 9, "files = [\"other.go\"]\naliases = [\"gil/lostupdate\"]\n"), []string{`"gil/lostupdate"`, "futures/other"}},
		"an alias that is a slug": {folder("futures", "other", 9, "files = [\"other.go\"]\naliases = [\"gather\"]\n"), []string{`"gather"`, "asyncio/gather and futures/other"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := load(t, curriculum.with(c.changes).fs(), fstest.MapFS{})
			broken := got.Broken()
			require.Len(t, broken, 1)
			for _, says := range c.says {
				require.ErrorContains(t, broken[0], says)
			}
			for _, k := range got.Katas() {
				require.NotEqual(t, broken[0].ID, k.ID)
			}
			_, err := got.Find("asyncio/gather")
			require.NoError(t, err)
			_, err = got.Find(string(broken[0].ID))
			require.Equal(t, broken[0], err)
		})
	}
}

func TestEveryBrokenKataIsNamed(t *testing.T) {
	c := load(t, curriculum.with(tree{"gil/lostupdate/README.md": "", "asyncio/gather/gather.go": ""}).fs(), fstest.MapFS{})
	require.Len(t, c.Broken(), 2)
	require.ErrorContains(t, c.Broken()[0], "asyncio/gather")
	require.ErrorContains(t, c.Broken()[1], "gil/lostupdate")
	require.Len(t, c.Katas(), 2)
	_, err := c.Find("lostupdate")
	require.ErrorContains(t, err, "README.md")
	found, err := c.Find("gathera") // a broken kata does not take part in beginnings
	require.NoError(t, err)
	require.Equal(t, kata.ID("futures/gatherall"), found.ID)
}

func TestTwoKatasOfOnePlaceBothStay(t *testing.T) {
	c := load(t, curriculum.with(folder("futures", "other", 3, "")).fs(), fstest.MapFS{})
	require.Empty(t, c.Broken())
	require.Len(t, c.Katas(), 5)
	require.Equal(t, kata.ID("futures/other"), c.Katas()[2].ID)
	require.Equal(t, kata.ID("gil/handoff"), c.Katas()[3].ID)
}

func BenchmarkLoad(b *testing.B) {
	all := make(tree)
	body := ""
	for i := range 10 {
		body += fmt.Sprintf("\n// TestIt%d checks it.\nfunc TestIt%d(t *testing.T) {\n", i, i)
		for range 8 {
			body += "\tif got, want := f(1, 2, func(i int) int { return i }), 3; got != want {\n\t\tt.Fatal(got, want)\n\t}\n"
		}
		body += "}\n"
	}
	for i := range 40 {
		slug := fmt.Sprintf("kata%d", i)
		all = all.with(folder("gil", slug, i+1, "")).with(tree{"gil/" + slug + "/" + slug + "_test.go": "package " + slug + "_test\n" + body})
	}
	files := all.fs()
	for b.Loop() {
		load(b, files, fstest.MapFS{})
	}
}
