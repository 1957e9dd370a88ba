package main

import (
	"os"
	"path/filepath"
)

func sharedCache() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "kata-test")
}
