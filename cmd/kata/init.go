package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/python-concurrency/kata/runner/workspace"
)

func initCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "init", Usage: "make a workspace", ArgsUsage: "[FOLDER]",
		Action: func(c *cli.Context) error {
			dir, err := only(c)
			if err != nil {
				return err
			}
			if dir == "" {
				dir, _ = s.root()
			}
			w, err := s.makeWorkspace(dir)
			if err != nil {
				return err
			}
			fmt.Fprintf(s.stdout, "Workspace: %s\nNext: kata next\n", shorten(w.Root()))
			s.warmUp(c.Context)
			return nil
		},
	}
}

// makeWorkspace makes a workspace or brings one up to date.
func (s *session) makeWorkspace(dir string) (*workspace.Workspace, error) {
	w, err := workspace.Init(dir, s.house.support)
	if err != nil {
		return nil, broken(err, "kata init another-folder")
	}
	return w, nil
}
