package catalog_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/catalog"
)

func TestATrackSaysWhatItTeaches(t *testing.T) {
	for name, c := range map[string]struct {
		readme string
		want   catalog.Track
	}{
		"whole":      {"# The GIL\n\nOne thread at a time:\nwhat it means.\n\n**More.** Later.\n", catalog.Track{Name: "gil", Title: "The GIL", Teaches: "One thread at a time: what it means."}},
		"a heading":  {"# The GIL\n", catalog.Track{Name: "gil", Title: "The GIL"}},
		"no heading": {"One thread at a time.\n", catalog.Track{Name: "gil", Title: "gil"}},
		"nothing":    {"", catalog.Track{Name: "gil", Title: "gil"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := load(t, curriculum.with(tree{"gil/README.md": c.readme}).fs(), fstest.MapFS{}).Track("gil")
			require.Equal(t, c.want, got)
		})
	}
}
