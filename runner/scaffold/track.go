package scaffold

import (
	"fmt"
	"os"
	"path"

	"golang.org/x/mod/modfile"
)

// withTrack is go.mod with a track on its ignore list, or nil where it is there already: a stub fails its tests by
// intent, so ./... must leave it out.
func withTrack(disk *os.Root, track string) ([]byte, error) {
	text, err := disk.ReadFile("go.mod")
	if err != nil {
		return nil, err
	}
	file, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return nil, err
	}
	folder := path.Join("katas", track)
	for _, ignored := range file.Ignore {
		if path.Clean(ignored.Path) == folder {
			return nil, nil
		}
	}
	if err := file.AddIgnore("./" + folder); err != nil {
		return nil, fmt.Errorf("go.mod: ignore ./%s: %w", folder, err)
	}
	file.SortBlocks()
	return file.Format()
}
