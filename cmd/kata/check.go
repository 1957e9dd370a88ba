package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/python-concurrency/kata/runner"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/progress"
	"github.com/python-concurrency/kata/runner/report"
	"github.com/python-concurrency/kata/runner/verdict"
	"github.com/python-concurrency/kata/runner/workspace"
)

func checkCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "check", Usage: "grade the current kata, or the one named", ArgsUsage: "[KATA]",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "dir", Usage: "grade the files in `FOLDER` and record nothing"},
			&cli.BoolFlag{Name: "all", Usage: "grade every kata that has been fetched; with --format json one line for each"},
			&cli.StringFlag{Name: "format", Usage: "`FORMAT` of the result: text or json", Value: "text"},
			&cli.Int64Flag{Name: "seed", Usage: "replay the schedule with this `SEED`"},
			&cli.IntFlag{Name: "schedules", Usage: "explore `N` schedules rather than the default"},
			&cli.BoolFlag{Name: "fresh", Usage: "grade again even if nothing has changed"},
		},
		Action: func(c *cli.Context) error {
			query, err := only(c)
			if err != nil {
				return err
			}
			o := checkOptions{
				dir: c.String("dir"), format: c.String("format"),
				seed: c.Int64("seed"), schedules: c.Int("schedules"), fresh: c.Bool("fresh"),
			}
			switch {
			case report.Formats[o.format] == nil:
				return wrong("kata check --format json", "there is no format %q: there are %s", o.format, strings.Join(slices.Sorted(maps.Keys(report.Formats)), ", "))
			case c.IsSet("dir") && o.dir == "":
				return wrong("kata check KATA --dir FOLDER", "the folder behind --dir is empty")
			case o.schedules < 0:
				return wrong("kata check --schedules 1000", "--schedules must be 0 or more")
			case c.Bool("all") && (query != "" || o.dir != ""):
				return wrong("kata check --all", "--all grades the whole workspace: name no kata and no --dir")
			case c.Bool("all"):
				return s.checkAll(c.Context, o)
			case o.dir != "":
				return s.checkDir(c.Context, query, o)
			}
			return s.checkOne(c.Context, query, o)
		},
	}
}

type checkOptions struct {
	dir, format string
	seed        int64
	schedules   int
	fresh       bool
	// lines: one line of JSON for each verdict.
	lines bool
}

// checkDir grades files that lie anywhere, and records nothing.
func (s *session) checkDir(ctx context.Context, query string, o checkOptions) error {
	k, err := s.pick(query)
	if err != nil && query == "" {
		return wrong("kata list, then kata check KATA --dir "+o.dir, "there is no current kata: name the one that %s solves", o.dir)
	}
	if err != nil {
		return err
	}
	if info, err := os.Stat(o.dir); err != nil || !info.IsDir() {
		return wrong("kata check "+string(k.ID)+" --dir FOLDER", "there is no folder %s", o.dir)
	}
	files, err := workspace.ReadFiles(o.dir, k)
	if v, ok := refused(k, err, ""); ok {
		return s.show(v, nil, o)
	}
	if err != nil {
		return broken(err, "ls "+o.dir)
	}
	g, err := s.grader()
	if err != nil {
		return err
	}
	v, err := grade(ctx, g, k, files, o)
	s.bar.done()
	if err != nil {
		return err
	}
	return s.show(v, files, o)
}

// checkOne grades a kata of the workspace and records the attempt.
func (s *session) checkOne(ctx context.Context, query string, o checkOptions) error {
	w, err := s.workspace()
	if err != nil {
		return err
	}
	k, err := s.pick(query)
	if err != nil {
		return err
	}
	g, err := s.grader()
	if err != nil {
		return err
	}
	defer s.bar.done()
	v, files, err := checkIn(ctx, g, w, k, o)
	s.bar.done()
	if err != nil {
		return err
	}
	shown := s.show(v, files, o)
	return gravest([]error{shown, s.record(w, k, v, files)})
}

// checkIn grades a kata as it lies in the workspace.
func checkIn(ctx context.Context, g grader, w *workspace.Workspace, k kata.Kata, o checkOptions) (verdict.Verdict, map[string][]byte, error) {
	if _, err := os.Stat(w.Dir(k)); errors.Is(err, os.ErrNotExist) {
		return verdict.Verdict{}, nil, wrong("kata next "+string(k.ID), "%s has not been fetched: nothing lies at %s", k.ID, shorten(w.Dir(k)))
	}
	files, err := w.Files(k)
	if v, ok := refused(k, err, "kata reset "+string(k.ID)+" brings the stub back and keeps your work in a snapshot."); ok {
		return v, nil, nil
	}
	if err != nil {
		return verdict.Verdict{}, nil, broken(err, "kata reset "+string(k.ID))
	}
	v, err := grade(ctx, g, k, files, o)
	return v, files, err
}

// grade grades one submission. Its error is the context's: what was interrupted has no verdict.
func grade(ctx context.Context, g grader, k kata.Kata, files map[string][]byte, o checkOptions) (verdict.Verdict, error) {
	v := g.Check(ctx, runner.Request{Kata: k, Files: files, Seed: o.seed, Schedules: o.schedules, Fresh: o.fresh})
	return v, ctx.Err()
}

// show prints a verdict. Its error carries the exit code; of a fault of the machine a text report says nothing that the
// error does not.
func (s *session) show(v verdict.Verdict, files map[string][]byte, o checkOptions) error {
	if v.Status == verdict.Error && o.format == "text" {
		return verdictError(v)
	}
	var out io.Writer = s.stdout
	if o.lines && o.format == "json" {
		out = oneLineOfJSON{s.stdout}
	}
	err := report.Formats[o.format](out, v, report.Options{
		Color: s.stdout.color, Width: width(s.stdout.w), Next: s.nextStep(v, o),
		Source: func(file string) []byte { return files[file] },
	})
	if err != nil {
		return broken(fmt.Errorf("write the result: %w", err), "")
	}
	return verdictError(v)
}

// oneLineOfJSON writes a document that comes in one Write as one line.
type oneLineOfJSON struct{ w io.Writer }

func (l oneLineOfJSON) Write(p []byte) (int, error) {
	var line bytes.Buffer
	if err := json.Compact(&line, p); err != nil {
		return 0, err
	}
	line.WriteByte('\n')
	if _, err := l.w.Write(line.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// nextStep is the command that a learner would want next.
func (s *session) nextStep(v verdict.Verdict, o checkOptions) string {
	h, err := s.history()
	switch {
	case o.dir != "" || err != nil:
		return ""
	case v.Status == verdict.Passed:
		return "kata next"
	case v.Kata == h.Current():
		return "kata hint"
	}
	return "kata hint " + v.Kata
}

// record logs an attempt. A fault of the machine is no attempt.
func (s *session) record(w *workspace.Workspace, k kata.Kata, v verdict.Verdict, files map[string][]byte) error {
	if v.Status == verdict.Error {
		return nil
	}
	e := progress.Event{
		What: progress.Attempt, Kata: string(k.ID), KataHash: k.Hash, Status: string(v.Status),
		Submission: name(files), DurationMS: v.TimingMS.Total,
	}
	for _, f := range v.Findings {
		e.Kinds = append(e.Kinds, string(f.Kind))
	}
	if err := log(w).Append(e); err != nil {
		return broken(err, "kata check "+string(k.ID))
	}
	return nil
}
