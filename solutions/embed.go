// Package solutions holds the reference solution of each kata at <track>/<slug>/, with other right solutions and
// wrong ones under testdata. Only cmd/kata imports it, and hands it on as an fs.FS.
package solutions

import "embed"

// FS is everything below this folder.
//
//go:embed *
var FS embed.FS
