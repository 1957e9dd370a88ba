package kata_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/kata"
)

const whole = `title = "T"
summary = "S"
track = "gil"
order = 1
difficulty = 2
python = ["threading"]
files = ["a.go"]
hints = ["one", "two", "three"]
`

func TestAManifestThatIsWhole(t *testing.T) {
	m, err := kata.ParseManifest([]byte(whole))
	require.NoError(t, err)
	require.Equal(t, "T", m.Title)
	require.Equal(t, time.Minute, m.Limits.Wall())
	require.Equal(t, int64(1<<30), m.Limits.Memory())
	require.Equal(t, 1, m.Limits.MaxProcesses())
	m, err = kata.ParseManifest([]byte(whole + "[limits]\nwall_seconds = 5\n"))
	require.NoError(t, err)
	require.Equal(t, 5*time.Second, m.Limits.Wall())
}

func TestAManifestThatIsNot(t *testing.T) {
	for says, source := range map[string]string{
		`unknown key "titel"`:           strings.Replace(whole, "title", "titel", 1),
		`unknown key "limits.wall"`:     whole + "[limits]\nwall = 5\n",
		"line 1":                        "title = \n" + whole,
		"title is missing":              strings.Replace(whole, `title = "T"`, "", 1),
		"summary is missing":            strings.Replace(whole, `summary = "S"`, "", 1),
		"track must match":              strings.Replace(whole, `"gil"`, `"GIL"`, 1),
		"order must be":                 strings.Replace(whole, "order = 1", "order = 0", 1),
		"difficulty must be":            strings.Replace(whole, "difficulty = 2", "difficulty = 6", 1),
		"python must name":              strings.Replace(whole, `["threading"]`, "[]", 1),
		"hints must be three":           strings.Replace(whole, `"three"`, `" "`, 1),
		"limits must not be negative":   whole + "[limits]\nmemory_mb = -1\n",
		"aliases must match":            whole + "aliases = [\"A b\"]\n",
		"files must name the learner's": strings.Replace(whole, "a.go", "../a.go", 1),
	} {
		_, err := kata.ParseManifest([]byte(source))
		require.ErrorContains(t, err, says)
	}
	for _, name := range []string{"a_test.go", "_a.go", ".a.go", "a.txt", "x/a.go", `x\\a.go`} {
		_, err := kata.ParseManifest([]byte(strings.Replace(whole, "a.go", name, 1)))
		require.ErrorContains(t, err, "files must name", name)
	}
}

func TestIDs(t *testing.T) {
	id, err := kata.ParseID("gil/lostupdate")
	require.NoError(t, err)
	require.Equal(t, "gil", id.Track())
	require.Equal(t, "lostupdate", id.Slug())
	for _, bad := range []string{"", "gil", "gil/", "/x", "Gil/x", "gil/x/y", "gil/1x", "gil/x-y", "../x"} {
		_, err := kata.ParseID(bad)
		require.Error(t, err, bad)
	}
}

func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("[limits"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := kata.ParseManifest(data)
		if err == nil {
			require.NotEmpty(t, m.Files)
			require.GreaterOrEqual(t, len(m.Hints), 3)
		}
	})
}
