package form_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/form"
)

// TestRulesStaySilent: what is written otherwise, and just as well, is no fault.
func TestRulesStaySilent(t *testing.T) {
	for name, change := range map[string]tree{
		"a method that is promoted": {out + "adder.go": replace("func (b *Adder[T]) Add", "func (b *inner) Add")(
			replace("\tsum int\n", "\tinner\n\tsum int\n")(solved)) + "\ntype inner struct{}\n"},
		"type parameters apart": everywhere("\n// Pair makes two.\nfunc Pair[K, V any](k K, v V) {}\n", "\nfunc Pair[K any, V any](K, V) {}\n"),
		"a constant of a group": everywhere(
			"\n// State is a state.\ntype State int\n\n// The states.\nconst (\n\tIdle State = iota\n\tBusy\n)\n",
			"\ntype State int\n\nconst Idle, Busy State = 0, 1\n"),
		"the lab by another name": {in + "adder_test.go": "package adder_test\n\nimport (\n\t\"testing\"\n\n\tlens \"github.com/python-concurrency/kata/katas/lab\"\n)\n\n" +
			"// TestAdd checks Add.\nfunc TestAdd(t *testing.T) { lens.Explored(t, nil) }\n"},
		"a field by the name of a helper": {in + "adder_test.go": replace("lab.Virtual(t, func(t *lab.T) {})", "lab.Virtual(t, func(t *lab.T) { _ = pair{}.inThread })")(hidden) +
			"\ntype pair struct{ inThread int }\n"},
		"a README with longer fences": {in + "README.md": replace("```python\n## no heading\n1 + 1\n```", "````python\n```\n## Not a heading\n```\n````")(readme)},
		"a README with tildes":        {in + "README.md": replace("- All.", "~~~\n```\n## Not a heading\n~~~")(readme)},
	} {
		t.Run(name, func(t *testing.T) {
			require.Empty(t, check(whole.with(change)))
		})
	}
}

// everywhere adds to the stub and, in other words, to all that must have the same names.
func everywhere(toStub, toSolutions string) tree {
	change := tree{in + "adder.go": stub + toStub}
	for name, text := range whole {
		if strings.HasPrefix(name, out) && strings.HasSuffix(name, "/adder.go") && !strings.Contains(name, "broken") {
			change[name] = text + toSolutions
		}
	}
	return change
}

// TestLinksAreNotFollowed: a kata's folder that is a link is told of, and nothing behind it is read.
func TestLinksAreNotFollowed(t *testing.T) {
	dir := t.TempDir()
	for name, text := range whole {
		file := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	katas, solutions := os.DirFS(filepath.Join(dir, "katas")), os.DirFS(filepath.Join(dir, "solutions"))
	require.Empty(t, form.Check(katas, solutions, "threads/adder"), "the same on a disk")

	require.NoError(t, os.Rename(filepath.Join(dir, "katas/threads"), filepath.Join(dir, "elsewhere")))
	if err := os.Symlink(filepath.Join(dir, "elsewhere"), filepath.Join(dir, "katas/threads")); err != nil {
		t.Skip("no symbolic links here")
	}
	faults := form.Check(katas, solutions, "threads/adder")
	require.NotEmpty(t, faults)
	require.Equal(t, form.Fault{Rule: "irregular", File: "katas/threads", What: "is a symbolic link", Hint: "put a copy of the file in its place"}, faults[0])
}

// unreadable is a file system in which one file cannot be read.
type unreadable struct {
	fstest.MapFS
	file string
}

func (u unreadable) ReadFile(name string) ([]byte, error) {
	if name == u.file {
		return nil, fs.ErrPermission
	}
	return u.MapFS.ReadFile(name)
}

// TestWhatCannotBeReadIsAFault: the file is told of, and said neither to be missing nor to be wrong.
func TestWhatCannotBeReadIsAFault(t *testing.T) {
	for _, name := range []string{"kata.toml", "README.md", "adder.go", "adder_test.go"} {
		faults := form.Check(unreadable{whole.sub("katas"), "threads/adder/" + name}, whole.sub("solutions"), "threads/adder")
		require.NotEmpty(t, faults)
		require.Equal(t, "irregular", faults[0].Rule, "%+v", faults)
		require.Equal(t, in+name, faults[0].File)
		require.Contains(t, faults[0].What, "cannot be read: permission denied")
		for _, f := range faults[1:] {
			require.NotEqual(t, faults[0].File, f.File, "%+v", f)
		}
	}
}

// FuzzCheck: whatever lies in a kata's files, Check comes back.
func FuzzCheck(f *testing.F) {
	f.Add(manifest, readme, stub, hidden, solved)
	f.Add("title", "```", "package p\nfunc (", "package p\nimport lab \"x\"\nvar x = x", "//kata:wrong kind=compile")
	f.Add("", "## ", "package p\nfunc () F() {}\ntype (T struct{*T};U = T)", "package p\nfunc TestX(*T)", "package p\nconst (A; B)")
	f.Fuzz(func(t *testing.T, manifest, readme, stub, hidden, solved string) {
		katas, solutions := make(fstest.MapFS), make(fstest.MapFS)
		for name, text := range map[string]string{"kata.toml": manifest, "README.md": readme, "adder.go": stub, "adder_test.go": hidden} {
			katas["threads/adder/"+name] = &fstest.MapFile{Data: []byte(text)}
		}
		for _, name := range []string{"", "testdata/right/a/", "testdata/wrong/a/"} {
			solutions["threads/adder/"+name+"adder.go"] = &fstest.MapFile{Data: []byte(solved)}
		}
		for _, fault := range form.Check(katas, solutions, "threads/adder") {
			require.NotEmpty(t, fault.What)
			require.NotEmpty(t, fault.Hint)
		}
	})
}
