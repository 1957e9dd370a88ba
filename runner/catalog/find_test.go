package catalog_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/kata"
)

func TestFindTakesEveryName(t *testing.T) {
	c := load(t, curriculum.fs(), fstest.MapFS{})
	for query, id := range map[string]kata.ID{
		"gil/lostupdate": "gil/lostupdate",
		"lostupdate":     "gil/lostupdate",
		"race":           "gil/lostupdate",
		"lost":           "gil/lostupdate",
		"gil/l":          "gil/lostupdate",
		"as":             "asyncio/gather",
		"gather":         "asyncio/gather", // whole, though it begins gatherall too
		"asyncio/gather": "asyncio/gather",
		"gathera":        "futures/gatherall",
	} {
		k, err := c.Find(query)
		require.NoError(t, err, query)
		require.Equal(t, id, k.ID, query)
	}
}

func TestFindSaysWhichKatasABeginningFits(t *testing.T) {
	c := load(t, curriculum.fs(), fstest.MapFS{})
	for query, ids := range map[string][]kata.ID{
		"gath": {"asyncio/gather", "futures/gatherall"},
		"gil/": {"gil/lostupdate", "gil/handoff"},
		"g":    {"asyncio/gather", "gil/lostupdate", "gil/handoff", "futures/gatherall"},
	} {
		_, err := c.Find(query)
		var ambiguous *catalog.AmbiguousError
		require.ErrorAs(t, err, &ambiguous, query)
		require.Equal(t, ids, ambiguous.Candidates, query)
		require.ErrorContains(t, err, string(ids[1]))
	}
}

func TestFindSuggestsWhatIsNear(t *testing.T) {
	c := load(t, curriculum.fs(), fstest.MapFS{})
	for query, ids := range map[string][]kata.ID{
		"lostupdat3":               {"gil/lostupdate"},
		"LostUpdate":               {"gil/lostupdate"},
		"gli/lostupdate":           {"gil/lostupdate"},
		"gatherr":                  {"asyncio/gather", "futures/gatherall"},
		"rase":                     {"gil/lostupdate"},
		"":                         nil,
		"x":                        nil,
		"nosuchkata":               nil,
		strings.Repeat("g", 1<<20): nil,
	} {
		_, err := c.Find(query)
		var missing *catalog.NotFoundError
		require.ErrorAs(t, err, &missing)
		require.Equal(t, query, missing.Query)
		require.Equal(t, ids, missing.Nearest, query[:min(20, len(query))])
	}
}
