package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/progress"
	"github.com/python-concurrency/kata/runner/workspace"
)

func nextCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "next", Usage: "fetch the next kata and say what to do", ArgsUsage: "[KATA]",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "skip", Usage: "leave the current kata for later"}},
		Action: func(c *cli.Context) error {
			query, err := only(c)
			if err != nil {
				return err
			}
			if err := s.next(query, c.Bool("skip")); err != nil {
				return err
			}
			s.warmUp(c.Context)
			return nil
		},
	}
}

func (s *session) next(query string, skip bool) error {
	cat, err := s.catalog()
	if err != nil {
		return err
	}
	root, _ := s.root()
	w, err := s.makeWorkspace(root)
	if err != nil {
		return err
	}
	h, err := s.history()
	if err != nil {
		return err
	}
	k, again, err := s.choose(cat.Katas(), h, query, skip)
	if err != nil || k.ID == "" {
		return err
	}
	return s.fetch(w, h, k, again)
}

// choose finds the kata that comes next; again says that it was current before. Without an ID there is none left.
func (s *session) choose(katas []kata.Kata, h progress.History, query string, skip bool) (k kata.Kata, again bool, err error) {
	if query != "" {
		k, err = s.find(query)
		return k, string(k.ID) == h.Current(), err
	}
	start := 0
	for i, k := range katas {
		if string(k.ID) != h.Current() {
			continue
		}
		if h.Status(string(k.ID), k.Hash) != progress.Passed && !skip {
			return k, true, nil
		}
		start = i + 1
	}
	// From the current one on, and then those that were skipped.
	for i := range katas {
		k := katas[(start+i)%len(katas)]
		if h.Status(string(k.ID), k.Hash) != progress.Passed && (string(k.ID) != h.Current() || !skip) {
			return k, false, nil
		}
	}
	if skip {
		return kata.Kata{}, false, wrong("kata check", "there is no other kata left to skip to")
	}
	fmt.Fprintf(s.stdout, "All %d katas are passed. See how it went: kata progress\n", len(katas))
	return kata.Kata{}, false, nil
}

// fetch lays a kata down, makes it current and says where it lies and what to do.
func (s *session) fetch(w *workspace.Workspace, h progress.History, k kata.Kata, again bool) error {
	placed, err := w.Materialise(k)
	if err != nil {
		return broken(err, "kata next --workspace another-folder")
	}
	var events []progress.Event
	if placed.Fresh {
		events = append(events, progress.Event{What: progress.Fetched, Kata: string(k.ID), KataHash: k.Hash})
	}
	if !again {
		events = append(events, progress.Event{What: progress.Current, Kata: string(k.ID), KataHash: k.Hash})
	}
	if len(events) > 0 {
		if err := log(w).Append(events...); err != nil {
			return broken(err, "kata next")
		}
	}
	s.introduce(w, h, k, placed, again)
	return nil
}

func (s *session) introduce(w *workspace.Workspace, h progress.History, k kata.Kata, placed workspace.Placed, again bool) {
	if again {
		fmt.Fprintf(s.stdout, "%s is still open: %s\n\n", k.ID, standing[h.Status(string(k.ID), k.Hash)])
	} else {
		fmt.Fprintf(s.stdout, "%s: %s\n%s\n\n", k.ID, k.Manifest.Title, k.Manifest.Summary)
	}
	fmt.Fprintf(s.stdout, "  read   %s\n  edit   %s\n  then   kata check\n", shorten(placed.Readme), shorten(placed.File))
	if again {
		fmt.Fprintf(s.stdout, "\nStuck? kata hint. For later: kata next --skip\n")
	}
	if state, err := w.State(k); err == nil && state == workspace.Partial {
		fmt.Fprintf(s.stderr, "kata: warning: a file of %s is missing; kata reset %s brings the stub back and keeps your work\n", k.ID, k.ID)
	}
}

// standing says in words where a learner stands with a kata.
var standing = map[progress.Status]string{
	progress.New:    "not checked yet",
	progress.Tried:  "checked, not passed yet",
	progress.Passed: "passed",
	progress.Stale:  "passed once, but the kata has changed since",
}
