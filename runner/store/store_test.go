package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// put writes a file below a folder, and the folders above it.
func put(t *testing.T, dir, name, data string) string {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
	require.NoError(t, os.WriteFile(file, []byte(data), 0o600))
	return file
}

// age makes a file or folder look as if it had not been touched for a time.
func age(t *testing.T, path string, by time.Duration) {
	t.Helper()
	then := time.Now().Add(-by)
	require.NoError(t, os.Chtimes(path, then, then))
}

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func none(string) bool { return false }

func TestOnlyAFolderOfItsOwnIsClaimed(t *testing.T) {
	for name, c := range map[string]struct {
		holds []string
		found string // a ForeignError's; empty: it is claimed
	}{
		"empty":                          {nil, ""},
		"a cache from before the mark":   {[]string{"toolchain-0123.json", "archives/a/1.a", "tmp/x", "verdicts/v.json"}, ""},
		"a home":                         {[]string{"Documents/x"}, "Documents"},
		"a home with a folder like ours": {[]string{"tmp/mine", ".profile"}, ".profile"},
		"nothing but a tmp":              {[]string{"tmp/mine"}, "tmp"},
		"another's cache":                {[]string{mark, "x"}, "x"},
		"a cache, and more":              {[]string{"toolchain-0123.json", "thesis.txt"}, "thesis.txt"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, file := range c.holds {
				put(t, dir, file, "Signature: 8a477f597d28d172789f06886806bc55\n# another's")
			}
			err := Claim(dir)
			if c.found == "" {
				require.NoError(t, err)
				require.True(t, marked(dir))
				require.NoError(t, Claim(dir))
				require.NoError(t, Owned(dir))
				return
			}
			var foreign *ForeignError
			require.ErrorAs(t, err, &foreign)
			require.Equal(t, c.found, foreign.Found)
			_, err = Clean(dir, none)
			require.ErrorAs(t, err, &foreign)
			for _, file := range c.holds {
				require.FileExists(t, filepath.Join(dir, file))
			}
		})
	}
}

func TestAMarkThatIsALinkIsNone(t *testing.T) {
	real, dir := t.TempDir(), t.TempDir()
	require.NoError(t, Claim(real))
	put(t, dir, "tmp/mine", "x")
	require.NoError(t, os.Symlink(filepath.Join(real, mark), filepath.Join(dir, mark)))
	_, err := Clean(dir, none)
	require.Error(t, err)
	require.FileExists(t, filepath.Join(dir, "tmp", "mine"))
}

func TestCleaningMakesNoCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	freed, err := Clean(dir, none)
	require.NoError(t, err)
	require.Empty(t, freed)
	require.NoDirExists(t, dir)
	put(t, dir, "archives/a/1.a", "x")
	put(t, dir, "toolchain-0.json", "{}") // a cache from before the mark, that nobody has claimed yet
	_, err = Clean(dir, none)
	require.ErrorContains(t, err, mark)
}

func TestCleanFreesAndSaysSo(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, Claim(dir))
	put(t, dir, "verdicts/a.json", "12345")
	put(t, dir, "verdicts/b.json", "12345")
	put(t, dir, "tests/a.a", "123")
	put(t, dir, "archives/old/000.a", "1234567")
	put(t, dir, "archives/used/000.a", "1234567")
	put(t, dir, "archives/ol.lock", "")
	put(t, dir, "toolchain-0.json", "{}")
	put(t, dir, LogFile, "said")
	age(t, filepath.Dir(put(t, dir, "tmp/left/src/x.go", "12")), 0)
	age(t, filepath.Join(dir, "tmp", "left"), time.Hour)

	freed, err := Clean(dir, func(key string) bool { return key == "used" })
	require.NoError(t, err)
	got := make(map[string]Freed)
	for _, f := range freed {
		got[f.Room.Name] = f
	}
	for name, want := range map[string]Freed{
		"verdicts": {Usage{Verdicts, 2, 10}, 0}, "tests": {Usage{Tests, 1, 3}, 0},
		"archives": {Usage{Archives, 1, 7}, 0}, "tmp": {Usage{Scratch, 1, 2}, 0},
	} {
		require.Equal(t, want, got[name])
	}
	require.FileExists(t, filepath.Join(dir, "archives", "used", "000.a"))
	require.NoDirExists(t, filepath.Join(dir, "archives", "old"))
	require.Equal(t, []string{mark, "archives", "tests", "tmp", "verdicts"}, names(t, dir))

	_, err = Clean(dir, none)
	require.NoError(t, err)
	require.Equal(t, []string{"ol.lock", "us.lock"}, names(t, filepath.Join(dir, "archives")))
}

func TestWhatSomebodyWorksWithStays(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, Claim(dir))
	scratch, remove, err := MakeScratch(dir)
	require.NoError(t, err)
	put(t, scratch, "submission.a", "12")
	age(t, scratch, 48*time.Hour) // a long kata verify
	put(t, dir, "archives/used/000.a", "1234567")
	release, err := Acquire(context.Background(), ArchiveLock(dir, "used"), Shared, nil)
	require.NoError(t, err)
	require.True(t, Held(ArchiveLock(dir, "used")))

	freed, err := Clean(dir, none)
	require.NoError(t, err)
	for _, f := range freed {
		require.Zero(t, f.Entries, f.Room.Name)
	}
	_, second, err := MakeScratch(dir) // sweeps
	require.NoError(t, err)
	second()
	require.FileExists(t, filepath.Join(scratch, "submission.a"))
	require.FileExists(t, filepath.Join(dir, "archives", "used", "000.a"))

	remove()
	release()
	require.NoDirExists(t, scratch)
	require.False(t, Held(ArchiveLock(dir, "used")))
	freed, err = Clean(dir, none)
	require.NoError(t, err)
	require.Equal(t, 1, freed[2].Entries)
}

func TestAFolderThatIsJustBeingMadeStays(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, Claim(dir))
	made := filepath.Join(dir, "tmp", "check-1")
	require.NoError(t, os.MkdirAll(made, 0o700)) // and its lock comes in the next moment
	freed, err := Clean(dir, none)
	require.NoError(t, err)
	require.Equal(t, 1, freed[3].Kept)
	age(t, made, 2*time.Minute)
	freed, err = Clean(dir, none)
	require.NoError(t, err)
	require.Equal(t, 1, freed[3].Entries)
}

func TestWhatAKilledCheckLeftIsSweptUp(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Dir(put(t, dir, "tmp/check-1/"+held, ""))
	put(t, dir, "tmp/check-1/grading1/x", "")
	age(t, old, 2*leftBehind)
	recent := filepath.Dir(put(t, dir, "tmp/check-2/"+held, ""))
	_, remove, err := MakeScratch(dir)
	require.NoError(t, err)
	defer remove()
	require.NoDirExists(t, old)
	require.DirExists(t, recent)
}

// TestNoLinkLeadsOut: each room in turn is, or holds, a link to a folder of the learner's.
func TestNoLinkLeadsOut(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("symbolic links need a privilege")
	}
	for _, r := range Rooms {
		for _, at := range []string{r.Name, r.Name + "/entry", r.Name + "/folder/deep"} {
			t.Run(at, func(t *testing.T) {
				dir, mine := t.TempDir(), t.TempDir()
				precious := put(t, mine, "precious/held", "thesis")
				put(t, mine, "index.json", "{}")
				for i := range r.Most + 8 {
					file := put(t, mine, fmt.Sprint("chapter", i), "text")
					age(t, file, 100*time.Hour)
				}
				age(t, filepath.Dir(precious), 100*time.Hour)
				require.NoError(t, Claim(dir))
				link := filepath.Join(dir, filepath.FromSlash(at))
				require.NoError(t, os.MkdirAll(filepath.Dir(link), 0o700))
				require.NoError(t, os.Symlink(mine, link))
				before := names(t, mine)

				_ = Measure(dir)
				r.Trim(dir)
				TrimArchives(dir, "none")
				sweep(dir)
				_, err := Clean(dir, none)
				require.NoError(t, err)
				require.Equal(t, before, names(t, mine))
				require.FileExists(t, precious)
			})
		}
	}
}

func TestARoomHoldsNoMoreThanItMay(t *testing.T) {
	dir := t.TempDir()
	r := Room{Name: "room", Most: 4}
	for i := range 5 {
		age(t, put(t, dir, fmt.Sprintf("room/%d", i), "x"), time.Duration(10-i)*time.Hour)
	}
	Use(filepath.Join(dir, "room", "0"))
	r.Trim(dir)
	require.Equal(t, []string{"0", "4"}, names(t, filepath.Join(dir, "room")))
	r.Trim(dir)
	require.Len(t, names(t, filepath.Join(dir, "room")), 2)
}

func TestOldArchivesGoAndTheLastUsedStay(t *testing.T) {
	dir := t.TempDir()
	for i, key := range []string{"aaa", "bbb", "ccc", "ddd", "eee"} {
		put(t, dir, "archives/"+key+"/000.a", "x")
		age(t, filepath.Join(dir, "archives", key), time.Duration(10-i)*24*time.Hour)
	}
	Use(filepath.Join(dir, "archives", "bbb"))
	TrimArchives(dir, "aaa") // the oldest, and in use
	require.Subset(t, names(t, filepath.Join(dir, "archives")), []string{"aaa", "bbb", "eee"})
	require.NoDirExists(t, filepath.Join(dir, "archives", "ccc"))
	require.NoDirExists(t, filepath.Join(dir, "archives", "ddd"))
}

func TestAcquireTellsOfWaitingAndCanBeCalledOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	release, err := Acquire(context.Background(), path, Exclusive, nil)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	told := 0
	_, err = Acquire(ctx, path, Shared, func() {
		if told++; told == 2 {
			cancel()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 2, told)
	release()
	release, err = Acquire(context.Background(), path, Exclusive, nil) // the one that was called off does not keep it
	require.NoError(t, err)
	release()
}

func TestManyHoldASharedLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := Acquire(context.Background(), path, Shared, nil)
	require.NoError(t, err)
	second, err := Acquire(context.Background(), path, Shared, nil)
	require.NoError(t, err)
	first()
	require.True(t, Held(path))
	second()
	require.False(t, Held(path))
}

func TestSizesAreSaidAsAPersonWould(t *testing.T) {
	for bytes, want := range map[int64]string{0: "0 bytes", 999: "999 bytes", 1000: "1 KB", 55_240_000: "55.2 MB", 3e9: "3.0 GB"} {
		require.Equal(t, want, Human(bytes))
	}
	for _, r := range Rooms {
		require.NotEmpty(t, r.Limit(), r.Name)
	}
}
