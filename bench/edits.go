package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// The names of what is timed.
const (
	goTest    = "go test -race"
	floor     = "the floor"
	check     = "kata check"
	unchanged = "kata check, unchanged"
)

// measureEdits times one kata after each of several kinds of edits.
func measureEdits(l *laboratory) error {
	s := l.katas[0]
	folder := filepath.Join(l.dir, "own")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	f, err := newFloor(l, s)
	if err != nil {
		return err
	}
	for _, kind := range []struct {
		name string
		how  func(string, int) string
		// tests: the hidden tests have to be compiled again.
		tests bool
		floor bool
	}{
		{"an edit that moves no line", atTheEnd, false, true},
		{"an edit that moves the lines below it", atTheTop, true, true},
		{"an edit that changes nothing that runs", ofNothing, false, false},
	} {
		times := make(series)
		for range rounds + 1 {
			if err := l.edit(s, kind.how, folder); err != nil {
				return err
			}
			if err := l.round(times, s, folder); err != nil {
				return err
			}
			if kind.floor {
				if err := f.round(times, kind.tests); err != nil {
					return err
				}
			}
		}
		printEdits(s.id+", after "+kind.name, times, kind.floor)
	}
	return nil
}

func printEdits(title string, times series, withFloor bool) {
	fmt.Printf("%s (medians of %d)\n", title, rounds)
	times.line(goTest)
	if !withFloor {
		times.line(check, goTest)
		return
	}
	times.line(floor, goTest)
	fmt.Printf("    compile %.3f, hidden tests %.3f, link %.3f, run %.3f\n", times.median("compile"), times.median("tests"), times.median("link"), times.median("run"))
	times.line(check, goTest, floor)
	fmt.Printf("    build %.3f, run %.3f, total in the process %.3f\n", times.median("check build"), times.median("check run"), times.median("check total"))
	times.line(unchanged, check)
}

// round times go test and kata check once, and kata check once more with nothing changed.
func (l *laboratory) round(times series, s subject, folder string) error {
	plain, err := l.goTest(s)
	if err != nil {
		return err
	}
	times.add(goTest, plain)
	for _, name := range []string{check, unchanged} {
		took, spent, err := l.check(s, folder)
		if err != nil {
			return err
		}
		times.add(name, took)
		for _, part := range []string{"build", "run", "total"} {
			if name == check {
				times.add("check "+part, spent[part]/1000)
			}
		}
	}
	return nil
}

// check times kata check on a folder and returns how it says that it spent the time, in milliseconds.
func (l *laboratory) check(s subject, folder string) (float64, map[string]float64, error) {
	cmd := exec.Command(l.kata, "check", s.id, "--dir", folder, "--format", "json")
	var out bytes.Buffer
	cmd.Stdout = &out
	took, err := timed(cmd)
	if err != nil {
		return 0, nil, err
	}
	var v struct {
		Timing map[string]float64 `json:"timing_ms"`
	}
	return took, v.Timing, json.Unmarshal(out.Bytes(), &v)
}
