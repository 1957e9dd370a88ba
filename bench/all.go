package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
)

// measureAll times kata check --all beside a loop of go test -race over the same katas, after an edit of each.
func measureAll(l *laboratory) error {
	workspace := filepath.Join(l.dir, "workspace")
	var folders []string
	for _, s := range l.katas {
		if _, err := timed(exec.Command(l.kata, "next", s.id, "--workspace", workspace)); err != nil {
			return err
		}
		folder := filepath.Join(workspace, filepath.FromSlash(s.id))
		folders = append(folders, folder)
		if err := l.copySolution(s, folder); err != nil {
			return err
		}
	}
	const loop, all = "a loop of go test -race", "kata check --all"
	times := make(series)
	for range rounds + 1 {
		sum := 0.0
		for i, s := range l.katas {
			if err := l.edit(s, atTheEnd, folders[i]); err != nil {
				return err
			}
			took, err := l.goTest(s)
			if err != nil {
				return err
			}
			sum += took
		}
		times.add(loop, sum)
		took, err := timed(exec.Command(l.kata, "check", "--all", "--workspace", workspace))
		if err != nil {
			return err
		}
		times.add(all, took)
	}
	fmt.Printf("all %d katas, after an edit of each (medians of %d)\n", len(l.katas), rounds)
	times.line(loop)
	times.line(all, loop)
	return nil
}
