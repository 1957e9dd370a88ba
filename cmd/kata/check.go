package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

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
			&cli.BoolFlag{Name: "all", Usage: "grade every kata that has been fetched"},
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
				return wrong("kata check --format json", "there is no format %q: text or json", o.format)
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
}

// checkDir grades files that lie anywhere, and records nothing.
func (s *session) checkDir(ctx context.Context, query string, o checkOptions) error {
	k, err := s.pick(query)
	if err != nil {
		return err
	}
	if info, err := os.Stat(o.dir); err != nil || !info.IsDir() {
		return wrong("kata check "+string(k.ID)+" --dir FOLDER", "there is no folder %s", o.dir)
	}
	files, err := workspace.ReadFiles(o.dir, k)
	if v, ok := refused(k, err); ok {
		return s.show(v, nil, o)
	}
	if err != nil {
		return broken(err, "ls "+o.dir)
	}
	r, err := s.runner()
	if err != nil {
		return err
	}
	return s.show(s.grade(ctx, r, k, files, o), files, o)
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
	v, files, err := s.checkIn(ctx, w, k, o)
	if err != nil {
		return err
	}
	shown := s.show(v, files, o)
	return gravest([]error{shown, s.record(w, k, v, files)})
}

// checkIn grades a kata as it lies in the workspace.
func (s *session) checkIn(ctx context.Context, w *workspace.Workspace, k kata.Kata, o checkOptions) (verdict.Verdict, map[string][]byte, error) {
	if state, err := w.State(k); err == nil && state == workspace.Absent {
		return verdict.Verdict{}, nil, wrong("kata next "+string(k.ID), "%s has not been fetched: nothing lies at %s", k.ID, shorten(w.Dir(k)))
	}
	files, err := w.Files(k)
	if v, ok := refused(k, err); ok {
		return v, nil, nil
	}
	if err != nil {
		return verdict.Verdict{}, nil, broken(err, "kata reset "+string(k.ID))
	}
	r, err := s.runner()
	if err != nil {
		return verdict.Verdict{}, nil, err
	}
	return s.grade(ctx, r, k, files, o), files, nil
}

// refused is the verdict on files that cannot be taken at all: it is the learner who can mend that.
func refused(k kata.Kata, err error) (verdict.Verdict, bool) {
	v := verdict.Verdict{Schema: verdict.Schema, Kata: string(k.ID), KataHash: k.Hash, Status: verdict.Failed}
	f := verdict.Finding{Kind: verdict.Policy, Explain: "kata reset " + string(k.ID) + " brings the stub back and keeps your work in a snapshot."}
	var missing *workspace.MissingFileError
	var bad *workspace.BadFileError
	switch {
	case errors.As(err, &missing):
		f.Rule, f.Title = "missing-file", missing.Error()
	case errors.As(err, &bad):
		f.Rule, f.Title = "bad-file", bad.Error()
	default:
		return v, false
	}
	v.Findings = []verdict.Finding{f}
	return v, true
}

func (s *session) grade(ctx context.Context, r *runner.Runner, k kata.Kata, files map[string][]byte, o checkOptions) verdict.Verdict {
	defer s.bar.done()
	return r.Check(ctx, runner.Request{Kata: k, Files: files, Seed: o.seed, Schedules: o.schedules, Fresh: o.fresh})
}

// show prints a verdict. Its error carries the exit code and has been told.
func (s *session) show(v verdict.Verdict, files map[string][]byte, o checkOptions) error {
	err := report.Formats[o.format](s.stdout, v, report.Options{
		Color: color(s.stdout), Width: width(), Next: nextStep(v, o),
		Source: func(file string) []byte { return files[file] },
	})
	if err != nil {
		return broken(fmt.Errorf("write the result: %w", err), "")
	}
	return verdictError(v)
}

// verdictError is the exit code of a verdict that has been shown.
func verdictError(v verdict.Verdict) error {
	switch v.Status {
	case verdict.Passed:
		return nil
	case verdict.Failed:
		return &failure{code: exitFailed}
	default:
		f := &failure{code: exitMachine}
		if v.Problem != nil {
			f.what, f.hint = v.Problem.What, v.Problem.Hint
		}
		return f
	}
}

// nextStep is the command that a learner would want next.
func nextStep(v verdict.Verdict, o checkOptions) string {
	switch {
	case o.dir != "":
		return ""
	case v.Status == verdict.Passed:
		return "kata next"
	case v.Status == verdict.Failed:
		return "kata hint"
	}
	return ""
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

// name names a submission by its content.
func name(files map[string][]byte) string {
	h := sha256.New()
	for _, file := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s %d\n", file, len(files[file]))
		h.Write(files[file])
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// checkAll grades every kata that lies in the workspace, in the order of the curriculum.
func (s *session) checkAll(ctx context.Context, o checkOptions) error {
	w, err := s.workspace()
	if err != nil {
		return err
	}
	c, err := s.catalog()
	if err != nil {
		return err
	}
	var worst []error
	found := 0
	for _, k := range c.Katas() {
		if state, err := w.State(k); err != nil || state == workspace.Absent {
			continue
		}
		found++
		v, files, err := s.checkIn(ctx, w, k, o)
		if err != nil {
			return err
		}
		worst = append(worst, s.show(v, files, o), s.record(w, k, v, files))
		if o.format == "text" {
			fmt.Fprintln(s.stdout)
		}
		if ctx.Err() != nil {
			break
		}
	}
	if found == 0 {
		return wrong("kata next", "nothing has been fetched yet")
	}
	return gravest(worst)
}

// gravest is the error with the highest exit code.
func gravest(all []error) error {
	var worst *failure
	for _, err := range all {
		var f *failure
		if errors.As(err, &f) && (worst == nil || f.code > worst.code) {
			worst = f
		}
	}
	if worst == nil {
		return nil
	}
	return worst
}
