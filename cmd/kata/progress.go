package main

import (
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/python-concurrency/kata/runner/progress"
)

func progressCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "progress", Usage: "what is solved, what was tried, how long it took",
		Action: func(c *cli.Context) error {
			if err := none(c); err != nil {
				return err
			}
			return s.progress()
		},
	}
}

func (s *session) progress() error {
	if _, err := s.workspace(); err != nil {
		return err
	}
	c, err := s.catalog()
	if err != nil {
		return err
	}
	h, err := s.history()
	if err != nil {
		return err
	}
	passed, touched := 0, 0
	for _, k := range c.Katas() {
		id := string(k.ID)
		status := h.Status(id, k.Hash)
		if status == progress.Passed {
			passed++
		}
		if h.Begun(id).IsZero() {
			continue
		}
		touched++
		line := fmt.Sprintf("%s %-24s %s", marks[status], id, standing[status])
		if took, ok := h.Took(id); ok {
			line += fmt.Sprintf(", %s after it was fetched", humane(took))
		}
		line += ", " + count(h.Attempts(id), "check")
		if n := h.Hints(id); n > 0 {
			line += ", " + count(n, "hint")
		}
		if h.Shown(id) {
			line += ", solution shown"
		}
		fmt.Fprintln(s.stdout, line)
	}
	if touched == 0 {
		fmt.Fprintln(s.stdout, "Nothing fetched yet. Next: kata next")
		return nil
	}
	fmt.Fprintf(s.stdout, "\n%d of %d passed\n", passed, len(c.Katas()))
	return nil
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// humane is a duration as a person would say it.
func humane(d time.Duration) string {
	switch {
	case d < time.Minute:
		return count(int(d.Seconds()), "second")
	case d < 2*time.Hour:
		return count(int(d.Minutes()), "minute")
	case d < 48*time.Hour:
		return count(int(d.Hours()), "hour")
	default:
		return count(int(d.Hours()/24), "day")
	}
}
