package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/python-concurrency/kata/runner"
	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/progress"
	"github.com/python-concurrency/kata/runner/workspace"
)

// session is one call of the command: its streams, and what the flags and the environment say.
type session struct {
	house          house
	stdout, stderr *stream
	// command is the name of the command that runs.
	command string
	// workspaceName is where the workspace is, if somebody said so.
	workspaceName string
	// loaded is the curriculum and past the learner's history, each read once.
	loaded *catalog.Catalog
	past   *progress.History
	// bar shows long work on a terminal.
	bar *bar
}

func newSession(h house, stdout, stderr io.Writer) *session {
	return &session{
		house: h, stdout: newStream(stdout), stderr: newStream(stderr),
		workspaceName: os.Getenv("KATA_WORKSPACE"), bar: newBar(stderr),
	}
}

// takeGlobalFlags reads what every command takes.
func (s *session) takeGlobalFlags(c *cli.Context) error {
	if c.Command != nil {
		s.command = c.Command.Name
	}
	if name := c.String("workspace"); name != "" {
		s.workspaceName = name
	}
	return nil
}

// version names this build. A build from a working tree is named by its executable, since a cached verdict must not
// outlive the grader that gave it.
func version() string {
	v := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		v = info.Main.Version
	}
	return v
}

// build names this very executable.
func build() string {
	path, err := os.Executable()
	if err != nil {
		return version()
	}
	info, err := os.Stat(path)
	if err != nil {
		return version()
	}
	return fmt.Sprintf("%s %d %d", version(), info.Size(), info.ModTime().UnixNano())
}

func (s *session) catalog() (*catalog.Catalog, error) {
	if s.loaded == nil {
		c, err := catalog.Load(s.house.katas, s.house.solutions)
		if err != nil {
			return nil, broken(fmt.Errorf("the curriculum of this build is broken: %w", err), "kata doctor")
		}
		for _, b := range c.Broken() {
			fmt.Fprintf(s.stderr, "kata: warning: %s\n", tame(oneLine(b.Error())))
		}
		s.loaded = c
	}
	return s.loaded, nil
}

// oneLine is a message of several lines in one.
func oneLine(s string) string { return strings.ReplaceAll(s, "\n", "; ") }

// find looks a kata up by what the learner typed.
func (s *session) find(query string) (kata.Kata, error) {
	c, err := s.catalog()
	if err != nil {
		return kata.Kata{}, err
	}
	k, err := c.Find(query)
	var missing *catalog.NotFoundError
	var ambiguous *catalog.AmbiguousError
	var whole *catalog.BrokenError
	switch {
	case errors.As(err, &whole):
		return k, broken(errors.New(oneLine(err.Error())), "kata list")
	case errors.As(err, &missing) && len(missing.Nearest) > 0:
		return k, wrong(s.again(string(missing.Nearest[0])), "%v", err)
	case errors.As(err, &missing):
		return k, wrong("kata list", "%v", err)
	case errors.As(err, &ambiguous):
		return k, wrong(s.again(string(ambiguous.Candidates[0])), "%v", err)
	}
	return k, err
}

// again is this command with another argument.
func (s *session) again(argument string) string { return "kata " + s.command + " " + argument }

// grader makes what grades.
func (s *session) grader() (grader, error) {
	c, err := s.catalog()
	if err != nil {
		return nil, err
	}
	dir, err := cacheDir()
	if err != nil {
		return nil, broken(err, "set KATA_CACHE to a folder that can be written")
	}
	return s.house.grader(runner.Config{
		Catalog: c, Support: s.house.support, CacheDir: dir, Env: os.Environ(), Version: build(),
		Progress: s.bar.step, Update: s.bar.update,
	}), nil
}

// cacheDir is where archives and cached verdicts are kept.
func cacheDir() (string, error) {
	if dir := os.Getenv("KATA_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("there is no cache folder: %w", err)
	}
	return filepath.Join(base, "kata"), nil
}

// root is where the workspace is or would be, and whether it is there.
func (s *session) root() (string, bool) {
	if s.workspaceName != "" {
		_, err := workspace.Open(s.workspaceName)
		return s.workspaceName, err == nil
	}
	if root, ok := workspace.Find("."); ok {
		return root, true
	}
	_, err := workspace.Open("workspace")
	return "workspace", err == nil
}

// workspace opens the workspace. A missing one is an error that says how to make one.
func (s *session) workspace() (*workspace.Workspace, error) {
	root, ok := s.root()
	if !ok {
		return nil, wrong("kata next", "there is no workspace here or at %s", root)
	}
	w, err := workspace.Open(root)
	if err != nil {
		return nil, broken(err, "kata init "+root)
	}
	return w, nil
}

func log(w *workspace.Workspace) *progress.Log { return progress.Open(w.OwnDir(), now) }

// history reads the workspace's progress and tells what was wrong with it. Without a workspace it is empty.
func (s *session) history() (progress.History, error) {
	if s.past != nil {
		return *s.past, nil
	}
	root, ok := s.root()
	if !ok {
		return progress.History{}, nil
	}
	w, err := workspace.Open(root)
	if err != nil {
		return progress.History{}, broken(err, "kata init "+root)
	}
	h, warnings, err := log(w).Read()
	if err != nil {
		return h, broken(err, "look at "+log(w).Path())
	}
	for _, warning := range warnings {
		fmt.Fprintf(s.stderr, "kata: warning: %s\n", warning)
	}
	s.past = &h
	return h, nil
}

// pick is the kata that is meant: the one named, the one whose folder this is, or the current one.
func (s *session) pick(query string) (kata.Kata, error) {
	if query != "" {
		return s.find(query)
	}
	if k, ok := s.here(); ok {
		return k, nil
	}
	h, err := s.history()
	if err != nil {
		return kata.Kata{}, err
	}
	if h.Current() == "" {
		return kata.Kata{}, wrong("kata next", "no kata is current yet")
	}
	return s.find(h.Current())
}

// here is the kata in whose folder of the workspace the command was called.
func (s *session) here() (kata.Kata, bool) {
	root, ok := s.root()
	if !ok {
		return kata.Kata{}, false
	}
	root, err := filepath.Abs(root)
	if err != nil {
		return kata.Kata{}, false
	}
	dir, err := filepath.Abs(".")
	if err != nil {
		return kata.Kata{}, false
	}
	rel, err := filepath.Rel(root, dir)
	parts := strings.Split(filepath.ToSlash(rel), "/")
	if err != nil || len(parts) < 2 || parts[0] == ".." {
		return kata.Kata{}, false
	}
	c, err := s.catalog()
	if err != nil {
		return kata.Kata{}, false
	}
	k, err := c.Find(parts[0] + "/" + parts[1])
	return k, err == nil && string(k.ID) == parts[0]+"/"+parts[1]
}

// shorten writes a path as the learner would type it from here.
func shorten(path string) string {
	dir, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(dir, path); err == nil && len(rel) < len(path) {
		return rel
	}
	return path
}
