package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/python-concurrency/kata/runner/progress"
)

func solutionCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "solution", Usage: "the reference solution, once you have passed", ArgsUsage: "[KATA]",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "give-up", Usage: "show it before a pass"}},
		Action: func(c *cli.Context) error {
			query, err := only(c)
			if err != nil {
				return err
			}
			return s.solution(query, c.Bool("give-up"))
		},
	}
}

func (s *session) solution(query string, giveUp bool) error {
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
	passed := h.EverPassed(string(k.ID))
	if !passed && !giveUp {
		return wrong("kata solution "+string(k.ID)+" --give-up", "%s is not passed yet", k.ID)
	}
	c, err := s.catalog()
	if err != nil {
		return err
	}
	files, err := c.Solution(k.ID)
	if err != nil {
		return broken(err, "kata doctor")
	}
	if !passed && !h.Shown(string(k.ID)) {
		if err := log(w).Append(progress.Event{What: progress.Solution, Kata: string(k.ID), KataHash: k.Hash}); err != nil {
			return broken(err, "kata solution "+string(k.ID)+" --give-up")
		}
	}
	for i, name := range k.Manifest.Files {
		if i > 0 {
			fmt.Fprintln(s.stdout)
		}
		if len(k.Manifest.Files) > 1 {
			fmt.Fprintf(s.stdout, "// %s\n\n", name)
		}
		fmt.Fprintf(s.stdout, "%s", files[name])
	}
	return nil
}
