package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// laboratory is the place of all measures: a copy of the project for go test, the command, and the katas' solutions.
type laboratory struct {
	dir     string
	kata    string
	project string
	katas   []subject
	// edits makes every edit another.
	edits int
}

// subject is one kata.
type subject struct {
	id string
	// file is the one that is edited, in the kata's folder.
	file string
	// source is the solution of it.
	source string
}

func newLaboratory() (*laboratory, error) {
	dir, err := os.MkdirTemp("", "kata-bench-")
	if err != nil {
		return nil, err
	}
	l := &laboratory{dir: dir, kata: filepath.Join(dir, "kata"), project: filepath.Join(dir, "project")}
	if _, err := timed(exec.Command("go", "build", "-o", l.kata, "./cmd/kata")); err != nil {
		return nil, err
	}
	if err := os.CopyFS(l.project, os.DirFS(".")); err != nil {
		return nil, err
	}
	out, err := exec.Command(l.kata, "list", "--format", "json").Output()
	if err != nil {
		return nil, fmt.Errorf("kata list: %w", err)
	}
	var list struct{ Katas []struct{ ID string } }
	if err := json.Unmarshal(out, &list); err != nil || len(list.Katas) == 0 {
		return nil, fmt.Errorf("kata list: %q: %w", out, err)
	}
	for _, k := range list.Katas {
		s, err := l.solve(k.ID)
		if err != nil {
			return nil, err
		}
		l.katas = append(l.katas, s)
	}
	return l, nil
}

// solve puts a kata's solution in the place of its stub, in the copy of the project.
func (l *laboratory) solve(id string) (subject, error) {
	s := subject{id: id, file: path.Base(id) + ".go"}
	if err := l.copySolution(s, l.inProject(id)); err != nil {
		return s, err
	}
	data, err := os.ReadFile(filepath.Join(l.inProject(id), s.file))
	s.source = string(data)
	return s, err
}

// copySolution puts a kata's solution into a folder.
func (l *laboratory) copySolution(s subject, folder string) error {
	files, err := filepath.Glob(filepath.Join(l.project, "solutions", filepath.FromSlash(s.id), "*.go"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("%s has no solution", s.id)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, filepath.Base(file)), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// inProject is a kata's folder in the copy of the project.
func (l *laboratory) inProject(id string) string {
	return filepath.Join(l.project, "katas", filepath.FromSlash(id))
}

// edit makes an edit that no build has seen, by a function of its number, and writes the file to the copy of the project
// and to each of the other folders.
func (l *laboratory) edit(s subject, how func(source string, n int) string, folders ...string) error {
	l.edits++
	edited := []byte(how(s.source, l.edits))
	for _, folder := range append(folders, l.inProject(s.id)) {
		if err := os.WriteFile(filepath.Join(folder, s.file), edited, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Edits.
var (
	// atTheEnd changes what runs, and moves no line.
	atTheEnd = func(source string, n int) string { return source + statement(n) }
	// atTheTop changes what runs, and moves every line, so that what the hidden tests see of the submission is changed.
	atTheTop = func(source string, n int) string {
		i := strings.Index(source, "\n// ") // before the first declaration that has a comment
		if at := strings.Index(source, "\n)\n"); at >= 0 {
			i = at + 2
		}
		return source[:i] + strings.Repeat("\n", n) + statement(n) + source[i:]
	}
	// ofNothing changes nothing that runs.
	ofNothing = func(source string, n int) string {
		return source + fmt.Sprintf("\nfunc bench%06d() int { return %d }\n", n, n)
	}
)

func statement(n int) string {
	return fmt.Sprintf("\nvar bench%06[1]d []int\n\nfunc init() { bench%06[1]d = append(bench%06[1]d, %[1]d) }\n", n)
}

// goTest times plain go test -race on one kata.
func (l *laboratory) goTest(s subject) (float64, error) {
	cmd := exec.Command("go", "test", "-race", "./katas/"+s.id)
	cmd.Dir = l.project
	return timed(cmd)
}

// timed runs a command and returns how many seconds it took. The error holds what it said.
func timed(cmd *exec.Cmd) (float64, error) {
	var said strings.Builder
	if cmd.Stdout == nil {
		cmd.Stdout = &said
	}
	cmd.Stderr = &said
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, said.String())
	}
	return time.Since(start).Seconds(), nil
}
