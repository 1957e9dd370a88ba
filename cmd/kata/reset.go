package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/python-concurrency/kata/runner/progress"
	"github.com/python-concurrency/kata/runner/workspace"
)

func resetCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "reset", Usage: "back to the stub; your work stays in a snapshot", ArgsUsage: "[KATA]",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "yes", Usage: "do not ask (it never asks: the snapshot keeps your work)", Hidden: true}},
		Action: func(c *cli.Context) error {
			query, err := only(c)
			if err != nil {
				return err
			}
			return s.reset(query)
		},
	}
}

func (s *session) reset(query string) error {
	w, err := s.workspace()
	if err != nil {
		return err
	}
	k, err := s.pick(query)
	if err != nil {
		return err
	}
	snapshot, err := w.Reset(k, now())
	if saved := (*workspace.SavedMeanwhileError)(nil); errors.As(err, &saved) {
		return broken(err, "kata reset "+string(k.ID))
	}
	if err != nil {
		return broken(err, "free some space, then kata reset "+string(k.ID))
	}
	if snapshot == "" {
		fmt.Fprintf(s.stdout, "%s is at its stub; there was no work to keep.\n", k.ID)
	} else {
		fmt.Fprintf(s.stdout, "%s is back at its stub. Your work is in %s\n", k.ID, shorten(snapshot))
	}
	if err := log(w).Append(progress.Event{What: progress.Reset, Kata: string(k.ID), KataHash: k.Hash}); err != nil {
		return broken(err, "kata list")
	}
	return nil
}
