// Package katas holds the curriculum as files: each kata at <track>/<slug>/, the lab that hidden tests are written
// with, and the simulators that stubs build on. Only cmd/kata imports it, and hands it on as an fs.FS.
package katas

import "embed"

// FS is everything below this folder.
//
//go:embed *
var FS embed.FS
