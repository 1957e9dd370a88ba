package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/python-concurrency/kata/runner/kata"
)

// hash names a kata's content: 16 hex digits of a SHA-256. Every part is framed by the lengths of its name and its
// data, so that no two contents read the same.
func hash(manifest []byte, k kata.Kata) string {
	h := sha256.New()
	part := func(name string, data []byte) {
		fmt.Fprintf(h, "%d %s %d\n", len(name), name, len(data))
		h.Write(data)
	}
	part("kata.toml", manifest)
	part("README.md", k.Readme)
	for _, files := range []map[string][]byte{k.Stub, k.Hidden} {
		for _, name := range slices.Sorted(maps.Keys(files)) {
			part(name, files[name])
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
