package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/verdict"
	"github.com/python-concurrency/kata/runner/workspace"
)

// checkAll grades every kata that lies in the workspace, as many at once as there are processors. What a kata's grading
// stands on besides its own files, the archives, is built once for all.
//
// JSON comes in the order of the curriculum, so that two runs can be compared line by line. Text comes in that order too,
// except that nothing waits longer than a moment for a kata before it that takes its time: a person is to read on.
func (s *session) checkAll(ctx context.Context, o checkOptions) error {
	w, err := s.workspace()
	if err != nil {
		return err
	}
	c, err := s.catalog()
	if err != nil {
		return err
	}
	found := fetched(w, c)
	if len(found) == 0 {
		return wrong("kata next", "nothing has been fetched yet")
	}
	g, err := s.grader()
	if err != nil {
		return err
	}
	patience := readingPatience
	if o.format != "text" {
		patience = 0
	}
	o.lines = true
	if s.bar.terminal {
		s.bar.step(fmt.Sprintf("grading %s", count(len(found), "kata")))
	}
	defer s.bar.done()
	t := tally{}
	inOrder(gradeAll(ctx, g, w, found, o), patience, func(_ int, r graded) {
		t.add(r.verdict)
		s.bar.update(fmt.Sprintf("grading: %d of %d done", t.graded, len(found)))
		s.bar.aside(func() {
			t.told = append(t.told, s.tell(s.show(r.verdict, r.files, o)))
			if o.format == "text" && r.verdict.Status != verdict.Error {
				fmt.Fprintln(s.stdout)
			}
			if r.kata.ID != "" {
				t.told = append(t.told, s.record(w, r.kata, r.verdict, r.files))
			}
		})
	})
	s.bar.done()
	if err := ctx.Err(); err != nil {
		return err
	}
	if o.format == "text" && len(found) > 1 {
		fmt.Fprintln(s.stdout, t)
	}
	return gravest(t.told)
}

// readingPatience is how long the verdict on one kata waits for those on the katas before it.
const readingPatience = time.Second

// entry is one kata of the workspace, or what is wrong with it.
type entry struct {
	kata kata.Kata
	// problem: it cannot be graded. The kata has no more than its id then, and that may be in id alone.
	id      kata.ID
	problem error
}

// fetched are the katas that lie in the workspace, in the order of the curriculum, and behind them those that the
// curriculum lacks because they are broken.
func fetched(w *workspace.Workspace, c *catalog.Catalog) (found []entry) {
	for _, k := range c.Katas() {
		state, err := w.State(k)
		if err != nil {
			err = broken(err, "kata reset "+string(k.ID))
		}
		if err != nil || state != workspace.Absent {
			found = append(found, entry{kata: k, id: k.ID, problem: err})
		}
	}
	for _, b := range c.Broken() {
		if _, err := os.Stat(filepath.Join(w.Root(), filepath.FromSlash(string(b.ID)))); err == nil {
			found = append(found, entry{id: b.ID, problem: broken(errors.New(oneLine(b.Err.Error())), "kata list")})
		}
	}
	return found
}

// graded is what came of one kata.
type graded struct {
	kata    kata.Kata
	verdict verdict.Verdict
	files   map[string][]byte
}

// fewestWorkers: one that waits for a hang to be called one must not be the only one.
const fewestWorkers = 2

// gradeAll grades side by side. What is interrupted gives no result; the channel is closed in any case.
func gradeAll(ctx context.Context, g grader, w *workspace.Workspace, entries []entry, o checkOptions) <-chan numbered[graded] {
	results := make(chan numbered[graded], len(entries))
	todo := make(chan int, len(entries))
	for i := range entries {
		todo <- i
	}
	close(todo)
	var workers sync.WaitGroup
	for range min(len(entries), max(runtime.GOMAXPROCS(0), fewestWorkers)) {
		workers.Go(func() {
			for i := range todo {
				if r, ok := gradeEntry(ctx, g, w, entries[i], o); ok {
					results <- numbered[graded]{i, r}
				}
			}
		})
	}
	go func() {
		workers.Wait()
		close(results)
	}()
	return results
}

// gradeEntry grades one kata. Whatever stands in the way of that is a verdict as well, of status error: it is the
// business of this kata alone.
func gradeEntry(ctx context.Context, g grader, w *workspace.Workspace, e entry, o checkOptions) (r graded, ok bool) {
	r.kata = e.kata
	err := e.problem
	if err == nil && ctx.Err() == nil {
		r.verdict, r.files, err = checkIn(ctx, g, w, e.kata, o)
	}
	if ctx.Err() != nil {
		return r, false
	}
	if err != nil {
		r.verdict = ungraded(e, err)
	}
	return r, true
}

// ungraded is the verdict on a kata that never came to be graded.
func ungraded(e entry, err error) verdict.Verdict {
	p := verdict.Problem{What: err.Error(), Hint: "kata doctor"}
	var f *failure
	if errors.As(err, &f) {
		p.Hint = f.hint
	}
	return verdict.Verdict{Schema: verdict.Schema, Kata: string(e.id), KataHash: e.kata.Hash, Status: verdict.Error, Problem: &p}
}

// tally counts verdicts.
type tally struct {
	graded, passed int
	open           []string
	// told are the errors that the verdicts stand for.
	told []error
}

func (t *tally) add(v verdict.Verdict) {
	t.graded++
	if v.Status == verdict.Passed {
		t.passed++
	} else {
		t.open = append(t.open, v.Kata)
	}
}

func (t tally) String() string {
	line := fmt.Sprintf("%d of %d pass", t.passed, t.graded)
	if len(t.open) > 0 {
		line += "; not yet: " + strings.Join(t.open, ", ")
	}
	return line
}
