package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/progress"
	"github.com/python-concurrency/kata/runner/report"
)

func listCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "list", Usage: "the curriculum, and what is done of it",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "track", Usage: "only the katas of `TRACK`"},
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: text or json", Value: "text"},
		},
		Action: func(c *cli.Context) error {
			if err := none(c); err != nil {
				return err
			}
			return s.list(c.String("track"), c.String("format"))
		},
	}
}

// listed is one kata as `kata list --format json` prints it.
type listed struct {
	ID         kata.ID         `json:"id"`
	Title      string          `json:"title"`
	Track      string          `json:"track"`
	Order      int             `json:"order"`
	Difficulty int             `json:"difficulty"`
	Status     progress.Status `json:"status"`
	Current    bool            `json:"current"`
}

// listedTrack is one track in the same place.
type listedTrack struct {
	Track   string `json:"track"`
	Title   string `json:"title"`
	Teaches string `json:"teaches,omitempty"`
}

func (s *session) list(track, format string) error {
	write, ok := map[string]func(*session, []listedTrack, []listed) error{"text": (*session).listText, "json": (*session).listJSON}[format]
	if !ok {
		return wrong("kata list --format json", "there is no format %q: text or json", format)
	}
	c, err := s.catalog()
	if err != nil {
		return err
	}
	h, err := s.history()
	if err != nil {
		return err
	}
	rows := []listed{}
	for _, k := range c.Katas() {
		if track != "" && k.ID.Track() != track {
			continue
		}
		rows = append(rows, listed{
			ID: k.ID, Title: k.Manifest.Title, Track: k.ID.Track(), Order: k.Manifest.Order, Difficulty: k.Manifest.Difficulty,
			Status: h.Status(string(k.ID), k.Hash), Current: string(k.ID) == h.Current(),
		})
	}
	if len(rows) == 0 && track != "" {
		return wrong("kata list", "there is no track %q", track)
	}
	return write(s, tracks(c, rows), rows)
}

// tracks are those of some katas, in the order of their first ones.
func tracks(c *catalog.Catalog, rows []listed) []listedTrack {
	all := []listedTrack{}
	for _, r := range rows {
		if !slices.ContainsFunc(all, func(t listedTrack) bool { return t.Track == r.Track }) {
			t := c.Track(r.Track)
			all = append(all, listedTrack{Track: t.Name, Title: t.Title, Teaches: t.Teaches})
		}
	}
	return all
}

func (s *session) listJSON(tracks []listedTrack, rows []listed) error {
	enc := json.NewEncoder(s.stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(map[string]any{"tracks": tracks, "katas": rows})
}

// marks are one column wide.
var marks = map[progress.Status]string{progress.New: " ", progress.Tried: "·", progress.Passed: "✓", progress.Stale: "~"}

// listText writes each track, with what it teaches and its katas under it.
func (s *session) listText(tracks []listedTrack, rows []listed) error {
	widest, done := 0, 0
	for _, r := range rows {
		widest = max(widest, len(r.ID))
		if r.Status == progress.Passed {
			done++
		}
	}
	for _, track := range tracks {
		fmt.Fprintln(s.stdout, track.heading())
		for _, line := range report.Wrap(track.Teaches, width(s.stdout.w)-2) {
			fmt.Fprintln(s.stdout, "  "+line)
		}
		for _, r := range rows {
			if r.Track == track.Track {
				fmt.Fprintln(s.stdout, r.line(widest))
			}
		}
		fmt.Fprintln(s.stdout)
	}
	fmt.Fprintf(s.stdout, "%d of %d passed\n", done, len(rows))
	return nil
}

// heading is the track's name, and its title where that says more.
func (t listedTrack) heading() string {
	if strings.EqualFold(t.Title, t.Track) {
		return t.Track
	}
	return tame(t.Track + ": " + t.Title)
}

// line is a kata's row: an arrow if it is current, its mark, and how hard it is from one star to five.
func (r listed) line(widest int) string {
	arrow, note := " ", ""
	if r.Current {
		arrow = ">"
	}
	if r.Status == progress.Stale {
		note = " (passed, but the kata has changed since)"
	}
	return fmt.Sprintf("%s %s %-*s  %-5s  %s%s", arrow, marks[r.Status], widest, r.ID, strings.Repeat("*", r.Difficulty), r.Title, note)
}
