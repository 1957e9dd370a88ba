//go:build linux && (amd64 || arm64)

package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/python-concurrency/kata/runner/faultinject"
)

// TestTwoCommandsAtOnce stops one command before each of its steps, gives another one, whole, and lets the first go on.
// Where the second has to wait for a lock that the first holds, the first goes on as soon as the second waits.
func TestTwoCommandsAtOnce(t *testing.T) {
	for name, c := range map[string]struct{ first, second scene }{
		"init and init":   {scenes["init"], scenes["init"]},
		"next and next":   {scenes["two files"], scenes["two files"]},
		"next and reset":  {scenes["two files"], scenes["reset"]},
		"check and check": {scenes["passed"], scenes["passed"]},
		"check and reset": {scenes["failed"], does("kata", "reset")},
		"reset and check": {does("kata", "reset").after(scenes["failed"].prepare...), scenes["failed"]},
		"reset and reset": {scenes["reset"], scenes["reset"]},
		"reset and next":  {scenes["reset"], scenes["two files"]},
		"hint and hint":   {scenes["hint"], scenes["hint"]},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newStage(t)
			dir := g.prepared(c.first)
			before := look(t, dir)
			whole := g.strike(dir, c.first, faultinject.Fault{})
			require.Less(t, whole.Exit, exitUsage, whole.Stderr)
			alone := []contents{look(t, dir), g.alone(before, c.second)}
			for _, k := range worthwhile(c.first, whole.Steps) {
				if whole.Steps[k-1].Settles {
					continue // to others it is the same as the next step
				}
				for _, b := range g.together(before, alone, c.first, c.second, k) {
					t.Errorf("stopped at step %d of %d, %s: %s", k, len(whole.Steps), strings.ReplaceAll(whole.Steps[k-1].String(), dir, ""), b)
				}
			}
		})
	}
}

// alone is what a command leaves that nothing else meets.
func (g *stage) alone(before contents, s scene) contents {
	dir := g.folder()
	before.lay(g.t, dir)
	g.play(dir, s)
	return look(g.t, dir)
}

// together gives the second command when the first has come to step k. It returns what was broken.
func (g *stage) together(before contents, alone []contents, first, second scene, k int) (all []string) {
	dir := filepath.Join(g.folder(), "d")
	defer os.RemoveAll(dir)
	require.NoError(g.t, os.Mkdir(dir, 0o755))
	before.lay(g.t, dir)
	var other faultinject.Result
	done := make(chan error, 1)
	met := false
	a := g.strike(dir, first, faultinject.Fault{At: k, Do: faultinject.Pause, Meanwhile: func() {
		met = true
		waits := make(chan struct{}, 1)
		p := g.program(dir, second)
		p.Locking = func(file string) {
			if held(file) {
				select {
				case waits <- struct{}{}:
				default:
				}
			}
		}
		finished := make(chan struct{})
		go func() {
			var err error
			other, err = faultinject.Run(p, faultinject.Fault{})
			done <- err
			close(finished)
		}()
		select {
		case <-waits:
		case <-finished:
		}
	}})
	if !met {
		return nil // this time there was no such step
	}
	require.NoError(g.t, <-done)
	for _, r := range []faultinject.Result{a, other} {
		if r.Exit >= exitUsage || r.Exit < 0 {
			all = append(all, fmt.Sprintf("one ends with %d, signal %v: %s", r.Exit, r.Signal, r.Stderr))
		}
	}
	return append(all, both(before, alone, look(g.t, dir), first, second)...)
}

// held reports whether somebody holds the lock of a file.
func held(file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == unix.EWOULDBLOCK
}

// both says what of the promise two commands have broken together. alone is what each of them leaves when it is alone.
func both(before contents, alone []contents, after contents, first, second scene) (all []string) {
	was, is := before.plain(), after.plain()
	for name := range is {
		if !same(is, was, name) && !slices.ContainsFunc(alone, func(meant contents) bool { return same(is, meant, name) }) {
			all = append(all, fmt.Sprintf("%s is what neither was to write: %.80q", name, is[name]))
		}
	}
	for name := range was {
		if _, ok := is[name]; !ok {
			all = append(all, name+" is gone")
		}
	}
	all = append(all, promise{before: before}.lostWork(after)...)
	if !strings.HasPrefix(after[logName], before[logName]) {
		all = append(all, "the log's earlier lines have changed")
	}
	events, torn := after.events()
	old, _ := before.events()
	if torn || slices.ContainsFunc(events, func(e string) bool { return strings.HasPrefix(e, "not an event") }) {
		all = append(all, fmt.Sprintf("the log is torn: %q", events))
	}
	if first.args[0] == second.args[0] && first.args[0] != "next" && first.args[0] != "init" && len(events) != len(old)+2 {
		all = append(all, fmt.Sprintf("the log has not both: %q", events[len(old):]))
	}
	if left := after.temporaries(); len(left) > 0 {
		all = append(all, fmt.Sprintf("left behind: %s", left))
	}
	return all
}

// TestAnEditorMaySaveAtAnyStep stops a command before each of its steps, has the learner's editor save, and lets it go on:
// what was saved is there, or it is in a snapshot.
func TestAnEditorMaySaveAtAnyStep(t *testing.T) {
	const saved = "package gather // saved in this moment\n"
	for name, s := range map[string]scene{"next": scenes["two files"], "reset": scenes["reset"], "check": does("kata", "check", "gather").after(scenes["reset"].prepare...)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newStage(t)
			dir := g.prepared(s)
			before := look(t, dir)
			whole := g.strike(dir, s, faultinject.Fault{})
			for _, k := range worthwhile(s, whole.Steps) {
				step := whole.Steps[k-1]
				if step.Settles {
					continue
				}
				if step.Call == "renameat" && strings.HasSuffix(step.File, ".tmp") {
					continue // between the last look at the file and the rename there is nothing to hold on to
				}
				dir := filepath.Join(g.folder(), "d")
				require.NoError(t, os.Mkdir(dir, 0o755))
				before.lay(t, dir)
				r := g.strike(dir, s, faultinject.Fault{At: k, Do: faultinject.Pause, Meanwhile: func() {
					contents{"workspace/tasks/gather/gather.go": saved}.lay(t, dir)
				}})
				if r.Exit >= exitUsage {
					require.Empty(t, complaint(r))
					require.Contains(t, r.Stderr, "hint: kata "+s.args[0]+" tasks/gather\n")
				}
				after := look(t, dir)
				require.Contains(t, slices.Collect(maps.Values(after)), saved, "stopped at step %d of %d, %s", k, len(whole.Steps), step)
			}
		})
	}
}
