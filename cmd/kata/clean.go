package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/python-concurrency/kata/runner"
	"github.com/python-concurrency/kata/runner/store"
)

func cleanCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "clean", Usage: "empty the cache, and say what that frees",
		Description: "It removes cached verdicts, compiled hidden tests, temporary folders and archives that are no longer used,\n" +
			"and with --all the archives that are: the next check then builds the standard library again. What a running\n" +
			"check works with stays. The workspace is not touched.",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "all", Usage: "the archives in use as well"}},
		Action: func(c *cli.Context) error {
			if err := none(c); err != nil {
				return err
			}
			g, err := s.grader()
			if err != nil {
				return err
			}
			freed, err := g.Clean(c.Context, c.Bool("all"))
			if err != nil {
				return broken(err, runner.Hint(err))
			}
			s.tellFreed(freed)
			return nil
		},
	}
}

func (s *session) tellFreed(freed []store.Freed) {
	var all int64
	for _, f := range freed {
		all += f.Bytes
		if f.Entries > 0 {
			fmt.Fprintf(s.stdout, "%-9s  %8s in %d (%s)\n", f.Room.Name, store.Human(f.Bytes), f.Entries, f.Room.Holds)
		}
		if f.Kept > 0 {
			fmt.Fprintf(s.stderr, "kata: warning: %s: %d in use by a running check stay\n", f.Room.Name, f.Kept)
		}
	}
	fmt.Fprintf(s.stdout, "Freed: %s\n", store.Human(all))
}
