package form_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/form"
	"github.com/python-concurrency/kata/runner/kata"
)

func TestNames(t *testing.T) {
	for id, says := range map[kata.ID]string{
		"threads/adder":    "",
		"threads/threads":  "",
		"threads/mutex2":   "",
		"threads/Adder":    "want track/slug",
		"threads":          "want track/slug",
		"threads/a-b":      "want track/slug",
		"../adder":         "want track/slug",
		"lab/adder":        "lab is the folder of what katas share",
		"sim/adder":        "sim is the folder of what katas share",
		"testdata/adder":   "testdata a meaning of its own",
		"threads/vendor":   "vendor a meaning of its own",
		"threads/internal": "internal a meaning of its own",
		"threads/select":   "select is a keyword",
		"threads/close":    "close is predeclared",
		"threads/error":    "error is predeclared",
		"threads/main":     "cannot be called main",
		"threads/sync":     "cannot be called sync",
		"threads/t":        "cannot be called t",
	} {
		err := form.Name(id)
		if says == "" {
			require.NoError(t, err, id)
			continue
		}
		require.ErrorContains(t, err, says, id)
		require.ErrorContains(t, err, string(id))
	}
}

func TestAKataWithABadNameIsTold(t *testing.T) {
	renamed := make(tree)
	for name, text := range whole {
		renamed[strings.ReplaceAll(name, "adder", "sync")] = strings.ReplaceAll(text, "adder", "sync")
	}
	faults := form.Check(renamed.sub("katas"), renamed.sub("solutions"), "threads/sync")
	require.Len(t, faults, 1)
	require.Equal(t, "name", faults[0].Rule)
	require.Equal(t, "katas/threads/sync", faults[0].File)
	require.NotEmpty(t, form.Check(renamed.sub("katas"), renamed.sub("solutions"), "no id at all"))
}
