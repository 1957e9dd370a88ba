package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/python-concurrency/kata/runner/progress"
)

func hintCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "hint", Usage: "the next hint, one at a time", ArgsUsage: "[KATA]",
		Action: func(c *cli.Context) error {
			query, err := only(c)
			if err != nil {
				return err
			}
			return s.hint(query)
		},
	}
}

func (s *session) hint(query string) error {
	w, err := s.workspace()
	if err != nil {
		return err
	}
	k, err := s.pick(query)
	if err != nil {
		return err
	}
	h, err := s.history()
	if err != nil {
		return err
	}
	hints := k.Manifest.Hints
	n := h.Hints(string(k.ID)) + 1
	if n > len(hints) {
		fmt.Fprintf(s.stdout, "The last of %d hints for %s was:\n\n  %s\n\nStill stuck? kata solution %s --give-up\n", len(hints), k.ID, hints[len(hints)-1], k.ID)
		return nil
	}
	fmt.Fprintf(s.stdout, "Hint %d of %d for %s:\n\n  %s\n", n, len(hints), k.ID, hints[n-1])
	if err := log(w).Append(progress.Event{What: progress.Hint, Kata: string(k.ID), KataHash: k.Hash, N: n}); err != nil {
		return broken(err, "kata hint "+string(k.ID))
	}
	return nil
}
