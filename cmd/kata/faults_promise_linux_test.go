//go:build linux && (amd64 || arm64)

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/faultinject"
)

// promise is what a command owes whoever has a workspace, whatever happens to it: nothing is lost and nothing is torn.
type promise struct {
	// before is what lay there, meant what lies there when nothing fails.
	before, meant contents
}

// broken says what of the promise was not kept in a folder. unfinished: what was being written may lie about.
func (p promise) broken(after contents, unfinished bool) (all []string) {
	all = append(all, p.tornFiles(after)...)
	all = append(all, p.lostWork(after)...)
	all = append(all, p.halfSnapshots(after)...)
	all = append(all, p.spoiltLog(after)...)
	if left := after.temporaries(); len(left) > 0 && !unfinished {
		all = append(all, fmt.Sprintf("left behind: %s", left))
	}
	return all
}

// tornFiles holds every file to what it was or what it was to be.
func (p promise) tornFiles(after contents) (all []string) {
	was, is, meant := p.before.plain(), after.plain(), p.meant.plain()
	names := maps.Clone(was)
	maps.Copy(names, meant)
	maps.Copy(names, is)
	for name := range names {
		if !same(is, was, name) && !same(is, meant, name) {
			all = append(all, fmt.Sprintf("%s is neither what it was nor what it was to be: %.80q", name, is[name]))
		}
	}
	return all
}

// same reports whether a name is the same, or is missing, in both.
func same(a, b contents, name string) bool {
	x, inA := a[name]
	y, inB := b[name]
	return inA == inB && x == y
}

// lostWork looks for what is no more where it was: it must be in a snapshot.
func (p promise) lostWork(after contents) (all []string) {
	for name, text := range p.before.plain() {
		if is, ok := after[name]; ok && is == text || strings.HasPrefix(name, "workspace/.kata/") {
			continue
		}
		kept := false
		for _, snapshot := range after.snapshots() {
			was, ok := snapshot[name]
			kept = kept || ok && was == text
		}
		if !kept {
			all = append(all, name+" is lost")
		}
	}
	return all
}

// halfSnapshots holds every snapshot to one that was there or was meant to be.
func (p promise) halfSnapshots(after contents) (all []string) {
	meant := slices.Concat(slices.Collect(maps.Values(p.before.snapshots())), slices.Collect(maps.Values(p.meant.snapshots())))
	for folder, snapshot := range after.snapshots() {
		if !slices.ContainsFunc(meant, func(whole contents) bool { return maps.Equal(whole, snapshot) }) {
			all = append(all, fmt.Sprintf("the snapshot %s is not whole: %v", folder, slices.Sorted(maps.Keys(snapshot))))
		}
	}
	return all
}

// spoiltLog holds the log to what it was, with some of the lines that were to be added, the last perhaps torn.
func (p promise) spoiltLog(after contents) (all []string) {
	added, ok := strings.CutPrefix(after[logName], p.before[logName])
	if !ok {
		return []string{"the log's earlier lines have changed"}
	}
	meant := contents{logName: strings.TrimPrefix(p.meant[logName], p.before[logName])}
	expected, _ := meant.events()
	events, _ := contents{logName: added}.events()
	for _, event := range events {
		n := slices.Index(expected, event)
		if n < 0 {
			return append(all, fmt.Sprintf("the log has %q", events))
		}
		expected = expected[n+1:] // each once, and in their order
	}
	return all
}

// undone says what is missing after the command has been given again and nothing failed.
func (p promise) undone(again contents) (all []string) {
	is, meant := again.plain(), p.meant.plain()
	for name := range meant {
		if !same(is, meant, name) {
			all = append(all, fmt.Sprintf("%s is still not what it was to be", name))
		}
	}
	events, torn := again.events()
	expected, _ := p.meant.events()
	for _, event := range expected {
		// That a kata was fetched is not said by a command that finds it laid by one that died; that it was made current says
		// the same (progress.History.Begun).
		fetched := strings.Replace(event, `"event":"fetched"`, `"event":"current"`, 1)
		if !slices.Contains(events, event) && !slices.Contains(events, fetched) {
			all = append(all, "the log still does not have "+event)
		}
	}
	if torn {
		all = append(all, "the log's last line is still torn")
	}
	return append(all, p.lostWork(again)...)
}

// complaint says what is wrong with how a command failed: it owes an error, and a hint what to do.
func complaint(r faultinject.Result) (all []string) {
	if r.Exit != exitMachine {
		all = append(all, fmt.Sprintf("exit code %d", r.Exit))
	}
	for _, prefix := range []string{"kata: error: ", "hint: "} {
		if !slices.ContainsFunc(strings.Split(r.Stderr, "\n"), func(line string) bool { return strings.HasPrefix(line, prefix) }) {
			all = append(all, fmt.Sprintf("no line begins with %q: %s", prefix, r.Stderr))
		}
	}
	if strings.Contains(r.Stderr, "goroutine ") || strings.Contains(r.Stderr, "panic:") {
		all = append(all, "it panics: "+r.Stderr)
	}
	return all
}

// unshown says what is wrong where only the log failed: the verdict, the hint, are there all the same.
func unshown(s scene, r faultinject.Result, last faultinject.Step) (all []string) {
	if s.args[0] != "check" && s.args[0] != "hint" || !strings.Contains(last.File, "/progress.") {
		return nil
	}
	if !strings.Contains(r.Stdout, s.shown) {
		all = append(all, fmt.Sprintf("only the log failed, and what was asked for is not shown: %q", r.Stdout))
	}
	return all
}

func TestAPromiseCanBeBroken(t *testing.T) {
	mine := "workspace/tasks/gather/gather.go"
	p := promise{
		before: contents{mine: "mine", logName: "{\"a\":1}\n"},
		meant:  contents{mine: "stub", snapshotsName + "tasks/gather/1/gather.go": "mine", logName: "{\"a\":1}\n{\"b\":2}\n"},
	}
	require.Empty(t, p.broken(p.before, false))
	require.Empty(t, p.broken(p.meant, false))
	for says, change := range map[string]func(contents){
		"neither what it was":         func(c contents) { c[mine] = "st" },
		"is lost":                     func(c contents) { delete(c, snapshotsName+"tasks/gather/1/gather.go") },
		"snapshot tasks/gather/1":     func(c contents) { c[snapshotsName+"tasks/gather/1/gather.go"] = "mi" },
		"earlier lines have changed":  func(c contents) { c[logName] = "{\"a\":2}\n" },
		"the log has":                 func(c contents) { c[logName] = "{\"a\":1}\n{\"c\":2}\n" },
		"left behind: [workspace/.ka": func(c contents) { c["workspace/.kata-1.tmp"] = "" },
		"workspace/other is neither":  func(c contents) { c["workspace/other"] = "" },
	} {
		after := maps.Clone(p.meant)
		change(after)
		require.Contains(t, strings.Join(p.broken(after, false), "\n"), says)
	}
	torn := maps.Clone(p.meant)
	torn[logName] = "{\"a\":1}\n{\"b\""
	require.Empty(t, p.broken(torn, true), "a torn last line is no harm")
	require.NotEmpty(t, p.undone(torn))
	require.NotEmpty(t, p.undone(p.before))
	require.Empty(t, p.undone(p.meant))
}
