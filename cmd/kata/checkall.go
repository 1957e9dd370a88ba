package main

import (
	"context"
	"fmt"

	"github.com/python-concurrency/kata/runner/verdict"
	"github.com/python-concurrency/kata/runner/workspace"
)

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
		worst = append(worst, s.tell(s.show(v, files, o)), s.record(w, k, v, files))
		if o.format == "text" && v.Status != verdict.Error {
			fmt.Fprintln(s.stdout)
		}
	}
	if found == 0 {
		return wrong("kata next", "nothing has been fetched yet")
	}
	return gravest(worst)
}
