//go:build linux && (amd64 || arm64)

package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/faultinject"
)

// scene is a command and the folder that it is called in.
type scene struct {
	// command is kata, or another one of TestMain's.
	command string
	args    []string
	// prepare does what came before, in an empty folder.
	prepare []step
	// exit is the exit code where nothing fails.
	exit int
	// shown is on the standard output where the command did its work, also if it could not record it.
	shown string
	// like another scene it takes the same steps, so a part of them will do.
	like bool
}

// step is something that the learner does before a scene: a command, or files that are saved.
type step struct {
	command []string
	files   map[string]string
	// torn is what a process that was killed has left at the end of the log.
	torn string
}

func calls(args ...string) step          { return step{command: args} }
func saves(files map[string]string) step { return step{files: files} }
func (s scene) after(more ...step) scene {
	s.prepare = append(slices.Clip(s.prepare), more...)
	return s
}
func (s scene) says(shown string) scene         { s.shown = shown; return s }
func (s scene) asBefore() scene                 { s.like = true; return s }
func (s scene) exits(code int) scene            { s.exit = code; return s }
func does(command string, args ...string) scene { return scene{command: command, args: args} }

// What learners write.
const (
	passing = "package count // grader: pass\n\nfunc Count(n int) int { return n }\n"
	failing = "package count\n\nfunc Count(n int) int { return 7 }\n"
)

var (
	savesPassing = saves(map[string]string{"workspace/threads/count/count.go": passing})
	savesFailing = saves(map[string]string{"workspace/threads/count/count.go": failing})
	// savesAll edits everything that a reset would overwrite.
	savesAll = saves(map[string]string{
		"workspace/tasks/gather/gather.go": "package gather // mine\n",
		"workspace/tasks/gather/queue.go":  "package gather // mine too\n",
		"workspace/tasks/gather/README.md": "my notes\n",
		"workspace/tasks/gather/own.go":    "package gather // nobody else's\n",
	})
)

// scenes are the commands that write into a workspace.
var scenes = map[string]scene{
	"init":          does("kata", "init", "workspace").says("Next: kata next").asBefore(),
	"init again":    does("kata", "init").after(calls("kata", "init")).says("Next: kata next"),
	"the first":     does("kata", "next").says("count.go"),
	"two files":     does("kata", "next", "gather").after(calls("kata", "init")).says("gather.go"),
	"the second":    does("kata", "next").after(calls("kata", "next"), savesPassing, calls("kata", "check")).says("carry.go"),
	"beside others": does("kata", "next", "gather").after(calls("kata", "init"), saves(map[string]string{"workspace/tasks/gather/notes.md": "mine\n"})).says("gather.go").asBefore(),
	"failed":        does("kata", "check").after(calls("kata", "next"), savesFailing).exits(exitFailed).says("threads/count: failed"),
	"passed":        does("kata", "check").after(calls("kata", "next"), savesPassing, calls("kata", "check")).says("threads/count: passed"),
	"all":           does("kata", "check", "--all").after(calls("kata", "next"), savesPassing, calls("kata", "next", "gather")).exits(exitFailed).says("threads/count"),
	"hint":          does("kata", "hint").after(calls("kata", "next"), calls("kata", "hint")).says("Hint 2 of 3"),
	"solution":      does("kata", "solution", "--give-up").after(calls("kata", "next")),
	"reset":         does("kata", "reset", "gather").after(calls("kata", "next", "gather"), savesAll),
	"reset again":   does("kata", "reset", "gather").after(calls("kata", "next", "gather"), savesAll, calls("kata", "reset", "gather"), savesAll).asBefore(),
	"torn log":      does("kata", "check").after(calls("kata", "next"), savesPassing, calls("kata", "check"), step{torn: `{"v":1,"torn`}).says("threads/count: passed"),
	"list":          does("kata", "list").after(calls("kata", "next")),
	"progress":      does("kata", "progress").after(calls("kata", "next")),
}

// stage is where scenes are played: a folder each, copied from the one that was prepared.
type stage struct {
	t    *testing.T
	env  []string
	path string
	// watched are the folders where the faults strike, besides the one of the scene.
	watched []string
}

func newStage(t *testing.T) *stage {
	path, err := os.Executable()
	require.NoError(t, err)
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "KATA_") || strings.HasPrefix(v, "NO_COLOR") })
	return &stage{t: t, path: path, env: append(env, "KATA_WARM=off", "COLUMNS=80", "GORACE=atexit_sleep_ms=0", "KATA_CACHE="+sharedCache())}
}

// folder makes an empty folder; no symbolic link is on the way to it.
func (g *stage) folder() string {
	dir, err := filepath.EvalSymlinks(g.t.TempDir())
	require.NoError(g.t, err)
	return dir
}

// prepared is a folder in which everything that comes before the scene has been done.
func (g *stage) prepared(s scene) string {
	dir := g.folder()
	for _, step := range s.prepare {
		contents(step.files).lay(g.t, dir)
		if step.torn != "" {
			log := look(g.t, dir)[logName]
			contents{logName: log + step.torn}.lay(g.t, dir)
		}
		if step.command != nil {
			r := g.play(dir, scene{command: step.command[0], args: step.command[1:]})
			require.Less(g.t, r.Exit, exitUsage, "%v: %s", step.command, r.Stderr)
		}
	}
	return dir
}

// play runs a command without any fault.
func (g *stage) play(dir string, s scene) faultinject.Result {
	var stdout, stderr strings.Builder
	cmd := exec.Command(g.path, s.args...)
	cmd.Args[0], cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.command, dir, g.env, &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(g.t, err)
	}
	return faultinject.Result{Exit: cmd.ProcessState.ExitCode(), Stdout: stdout.String(), Stderr: stderr.String()}
}

// program is the command of a scene as it is run under a fault.
func (g *stage) program(dir string, s scene) faultinject.Program {
	return faultinject.Program{
		Path: g.path, Args: append([]string{s.command}, s.args...), Env: g.env, Dir: dir,
		Folders: append([]string{dir}, g.watched...), Quick: true,
	}
}

// strike runs the command of a scene under a fault.
func (g *stage) strike(dir string, s scene, f faultinject.Fault) faultinject.Result {
	r, err := faultinject.Run(g.program(dir, s), f)
	if errors.Is(err, faultinject.ErrNotAllowed) {
		g.t.Skip(err)
	}
	require.NoError(g.t, err)
	return r
}

// contents is what lies in a folder: files with their text, symbolic links with an arrow and their target. Folders count
// by what is in them, and an empty one by a slash.
type contents map[string]string

func look(t *testing.T, dir string) contents {
	all := make(contents)
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		name := filepath.ToSlash(rel)
		switch {
		case d.IsDir():
			inside, err := os.ReadDir(path)
			if len(inside) == 0 {
				all[name+"/"] = ""
			}
			return err
		case d.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			all[name] = "→ " + target
			return err
		}
		data, err := os.ReadFile(path)
		all[name] = string(data)
		return err
	}))
	return all
}

// lay writes contents into a folder.
func (c contents) lay(t *testing.T, dir string) {
	for name, text := range c {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if strings.HasSuffix(name, "/") {
			require.NoError(t, os.MkdirAll(path, 0o755))
			continue
		}
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
}

// temporary reports whether a name is that of something that was being written.
func temporary(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool {
		return strings.HasPrefix(part, ".kata-") && strings.HasSuffix(part, ".tmp") || strings.HasPrefix(part, ".unfinished-")
	})
}

const (
	logName       = "workspace/.kata/progress.jsonl"
	snapshotsName = "workspace/.kata/snapshots/"
)

// plain are the files that are neither the log nor in a snapshot nor temporary. Empty folders and the lock of the log
// may be there or not.
func (c contents) plain() contents {
	kept := maps.Clone(c)
	maps.DeleteFunc(kept, func(name, _ string) bool {
		return name == logName || strings.HasSuffix(name, "/progress.lock") || strings.HasSuffix(name, "/") || strings.HasPrefix(name, snapshotsName) || temporary(name)
	})
	return kept
}

// temporaries are the names of what was being written.
func (c contents) temporaries() []string {
	return slices.Sorted(func(yield func(string) bool) {
		for name := range c {
			if temporary(name) && !yield(name) {
				return
			}
		}
	})
}

// snapshots are the finished ones by their folder, with what is in them by the place it was taken from.
func (c contents) snapshots() map[string]contents {
	all := make(map[string]contents)
	for name, text := range c {
		rest, ok := strings.CutPrefix(name, snapshotsName)
		parts := strings.SplitN(rest, "/", 4)
		if !ok || temporary(name) || len(parts) < 3 || parts[2] == "" {
			continue
		}
		folder := strings.Join(parts[:3], "/")
		if all[folder] == nil {
			all[folder] = make(contents)
		}
		if len(parts) == 4 && parts[3] != "" {
			all[folder]["workspace/"+parts[0]+"/"+parts[1]+"/"+parts[3]] = text
		}
	}
	return all
}

// events are the lines of the log without what differs from run to run; torn says that there is a last one without an
// end.
func (c contents) events() (events []string, torn bool) {
	for line := range strings.Lines(c[logName]) {
		text, ended := strings.CutSuffix(line, "\n")
		var event map[string]any
		if json.Unmarshal([]byte(text), &event) != nil {
			if !ended {
				return events, true
			}
			events = append(events, "not an event: "+text)
			continue
		}
		delete(event, "time")
		delete(event, "duration_ms")
		normal, _ := json.Marshal(event)
		events = append(events, string(normal))
	}
	return events, false
}

// sharedCache is the cache that the scripts use.
func sharedCache() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	return filepath.Join(cache, "kata-test")
}
