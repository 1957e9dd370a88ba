package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// faults are what may befall a command at each of its steps.
var faults = []fault{
	{name: "killed before"},
	{name: "killed after", after: true},
	{name: "killed in the middle", half: true},
	{name: "no space", errno: syscall.ENOSPC},
	{name: "a broken disk", errno: syscall.EIO},
}

const (
	mine = "package count // mine\n// grader: fail\n"
	won  = "package count // mine\n// grader: pass\n"
)

// TestNothingIsLost has each command meet each fault at each of its steps, one run for each. Whatever happens, the learner's file is where it
// was or in a snapshot, the log has each attempt whole or not at all, a fault that is no death is told with a hint, and the
// same command works the next time.
func TestNothingIsLost(t *testing.T) {
	for _, c := range []struct {
		name   string
		before [][]string
		work   string // what is in the learner's file
		args   []string
	}{
		{name: "init", args: []string{"init", "workspace"}},
		{name: "the first next", args: []string{"next"}},
		{name: "a failed check", before: [][]string{{"next"}}, work: mine, args: []string{"check"}},
		{name: "a passed check", before: [][]string{{"next"}}, work: won, args: []string{"check"}},
		{name: "the second next", before: [][]string{{"next"}, nil, {"check"}}, work: won, args: []string{"next"}},
		{name: "reset", before: [][]string{{"next"}}, work: mine, args: []string{"reset"}},
		{name: "hint", before: [][]string{{"next"}}, work: mine, args: []string{"hint"}},
		{name: "solution", before: [][]string{{"next"}}, work: mine, args: []string{"solution", "--give-up"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			home := t.TempDir() // the cache lies outside of what counts
			env := []string{"KATA_CACHE=" + filepath.Join(home, "cache"), "HOME=" + home, "PATH=" + os.Getenv("PATH"), "KATA_WARM=off"}
			base := t.TempDir()
			stub := ""
			work := func() {
				if c.work != "" && stub == "" {
					stub = read(t, base, learnersFile)
					require.NoError(t, os.WriteFile(filepath.Join(base, learnersFile), []byte(c.work), 0o644))
				}
			}
			for _, args := range c.before {
				if args == nil {
					work()
					continue
				}
				out, code := untraced(t, base, env, args)
				require.Less(t, code, 2, out)
			}
			work()
			whole := &traced{dir: clone(t, base), args: c.args, env: env, at: -1}
			whole.run(t)
			require.True(t, whole.status.Exited())
			require.Less(t, whole.status.ExitStatus(), 2, whole.output)
			require.NotEmpty(t, whole.steps)
			t.Logf("%d steps", len(whole.steps))
			for at, step := range whole.steps {
				// The library is written file by file, in the same way each.
				if (testing.Short() || strings.Contains(step, "/.kata/lib")) && at%25 != 0 {
					continue
				}
				for _, f := range faults {
					if f.half && !strings.HasPrefix(step, "write ") {
						continue
					}
					t.Run(fmt.Sprintf("%s %d %s", f.name, at, named(step)), func(t *testing.T) {
						t.Parallel()
						r := &traced{dir: clone(t, base), args: c.args, env: env, at: at, fault: f}
						log := read(t, r.dir, progressLog)
						r.run(t)
						survives(t, r, c.work, stub, log)
					})
				}
			}
		})
	}
}

const (
	learnersFile = "workspace/threads/count/count.go"
	progressLog  = "workspace/.kata/progress.jsonl"
)

// survives holds a workspace to what was promised, behind the fault and behind the command that follows.
func survives(t *testing.T, r *traced, work, stub, log string) {
	t.Helper()
	if r.fault.errno != 0 {
		require.True(t, r.status.Exited(), "%v: %s", r.status, r.output)
		require.NotContains(t, r.output, "goroutine ")
		if code := r.status.ExitStatus(); code >= 2 {
			require.Equal(t, exitMachine, code, r.output)
			require.Contains(t, r.output, "kata: error: ")
			require.Contains(t, r.output, "hint: ")
		}
	} else {
		require.True(t, r.status.Signaled() || r.status.Exited())
	}
	kept(t, r.dir, work, stub)
	logged(t, r.dir, log, r.fault.errno == 0)
	out, code := untraced(t, r.dir, r.env, r.args)
	if code >= 2 {
		require.Contains(t, out, "hint: ")
	}
	require.NotEqual(t, exitMachine, code, out)
	kept(t, r.dir, work, stub)
	logged(t, r.dir, log, true)
}

// kept: what the learner wrote is there, whole, and where it was there is nothing else but the stub.
func kept(t *testing.T, dir, work, stub string) {
	t.Helper()
	if work == "" {
		return
	}
	found := false
	_ = filepath.WalkDir(filepath.Join(dir, "workspace"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() == "count.go" {
			data, _ := os.ReadFile(path)
			found = found || string(data) == work
		}
		return nil
	})
	require.True(t, found, "the learner's work is gone")
	require.Contains(t, []string{work, stub}, read(t, dir, learnersFile), "it is torn")
}

// logged: what was in the log is there, and what has come is whole lines; the last may be torn, if that is borne.
func logged(t *testing.T, dir, before string, torn bool) {
	t.Helper()
	now := read(t, dir, progressLog)
	require.True(t, strings.HasPrefix(now, before), "the log has lost something")
	lines := bytes.SplitAfter([]byte(now), []byte("\n"))
	for i, line := range lines {
		if len(bytes.TrimSpace(line)) == 0 || json.Valid(line) {
			continue
		}
		require.True(t, torn, "line %d of the log is torn: %s", i+1, line)
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
	return string(data)
}

// clone is a copy of a folder.
func clone(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	require.NoError(t, os.CopyFS(to, os.DirFS(dir)))
	return to
}

// untraced runs a command to its end.
func untraced(t *testing.T, dir string, env, args []string) (string, int) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self)
	cmd.Args = append([]string{"kata"}, args...)
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		require.NoError(t, err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

var unspeakable = regexp.MustCompile(`[^a-z.]+`)

// named is a step as a name of a test: without what differs from run to run.
func named(step string) string { return strings.Trim(unspeakable.ReplaceAllString(step, "_"), "_") }
