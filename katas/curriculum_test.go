package katas_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas"
	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/kata"
)

// update writes docs/curriculum.md anew: go test ./katas -update
var update = flag.Bool("update", os.Getenv("UPDATE_GOLDEN") != "", "write the golden files anew")

// concepts are what the curriculum has to cover, each with its track and with the libraries that Python people know it by,
// as manifests name them.
var concepts = []struct {
	name, track string
	libraries   []string
}{
	{"GIL", "gil", []string{"threading"}},
	{"threading", "threading", []string{"threading"}},
	{"multiprocessing", "multiprocessing", []string{"multiprocessing", "ProcessPoolExecutor"}},
	{"concurrent futures", "futures", []string{"ThreadPoolExecutor"}},
	{"coroutines", "coroutines", []string{"generators", "curio", "trio"}},
	{"green threads", "greenthreads", []string{"greenlet"}},
	{"asyncio", "asyncio", []string{"asyncio", "asyncpg", "aiohttp"}},
	{"event-driven programming", "events", []string{"selectors", "Twisted"}},
	{"gevent", "gevent", []string{"gevent"}},
	{"reactive programming", "reactive", []string{"RxPY"}},
	{"distributed computing", "distributed", []string{"Dask", "Ray", "Celery", "PySpark"}},
}

func curriculum(t *testing.T) []kata.Kata {
	t.Helper()
	c, err := catalog.Load(katas.FS, fstest.MapFS{})
	require.NoError(t, err)
	require.Empty(t, c.Broken())
	return c.Katas()
}

// teach are the katas of a track that stand for a library.
func teach(all []kata.Kata, track, library string) []kata.Kata {
	return slices.DeleteFunc(slices.Clone(all), func(k kata.Kata) bool {
		return k.ID.Track() != track || !slices.Contains(k.Manifest.Python, library)
	})
}

// TestTheCurriculumCoversEveryConceptAndLibrary: each library of each concept has a kata, every kata is in the document, and
// the document says so.
func TestTheCurriculumCoversEveryConceptAndLibrary(t *testing.T) {
	all := curriculum(t)
	for _, c := range concepts {
		for _, library := range c.libraries {
			require.NotEmpty(t, teach(all, c.track, library), "%s, %s", c.name, library)
		}
	}
	file := filepath.Join("..", "docs", "curriculum.md")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(document(all)), 0o644))
	}
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, document(all), string(written), "write it anew: make golden")
}

// TestAPathLeadsThroughTheCurriculum: a learner begins with the first kata, and within a track it does not get easier.
func TestAPathLeadsThroughTheCurriculum(t *testing.T) {
	all := curriculum(t)
	require.Equal(t, kata.ID("gil/lostupdate"), all[0].ID)
	hardest := make(map[string]int)
	for _, k := range all {
		track := k.ID.Track()
		require.GreaterOrEqual(t, k.Manifest.Difficulty+1, hardest[track], "%s is much easier than one before it", k.ID)
		hardest[track] = max(hardest[track], k.Manifest.Difficulty)
	}
}

// document is docs/curriculum.md.
func document(all []kata.Kata) string {
	var b strings.Builder
	b.WriteString(`# The curriculum

Which kata stands for which concept, and for which library of Python's. This page is written by ` + "`make golden`" + ` from
the katas' manifests; a test holds it to them, and lets no cell of the first table be empty.

| concept | library | katas |
|---|---|---|
`)
	for _, c := range concepts {
		for _, library := range c.libraries {
			var links []string
			for _, k := range teach(all, c.track, library) {
				links = append(links, link(k))
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", c.name, library, strings.Join(links, ", "))
		}
	}
	b.WriteString(`
## The path

The order that ` + "`kata next`" + ` goes by. What a kata needs has been taught before it.

| | kata | stands for | the idea | difficulty |
|---|---|---|---|---|
`)
	for i, k := range all {
		fmt.Fprintf(&b, "| %d | %s | %s | %s | %s |\n", i+1, link(k), strings.Join(k.Manifest.Python, ", "), k.Manifest.Title, strings.Repeat("★", k.Manifest.Difficulty))
	}
	b.WriteString(`
## By library

| library | katas |
|---|---|
`)
	for _, library := range libraries(all) {
		var links []string
		for _, k := range all {
			if slices.Contains(k.Manifest.Python, library) {
				links = append(links, link(k))
			}
		}
		fmt.Fprintf(&b, "| %s | %s |\n", library, strings.Join(links, ", "))
	}
	return b.String()
}

func link(k kata.Kata) string { return fmt.Sprintf("[%s](../katas/%s)", k.ID, k.ID) }

// libraries are all that katas stand for, by name.
func libraries(all []kata.Kata) []string {
	var names []string
	for _, k := range all {
		names = append(names, k.Manifest.Python...)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
	})
	return slices.Compact(names)
}
