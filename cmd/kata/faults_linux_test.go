//go:build linux && (amd64 || arm64)

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/python-concurrency/kata/runner/faultinject"
)

// mishap is a way in which a step can go wrong.
type mishap struct {
	name  string
	do    faultinject.Action
	errno unix.Errno
	// strikes says at which steps it is worth a look, being different from others.
	strikes func(step faultinject.Step, number int, last bool) bool
	// kills: the process ends there. leaves: what was being written cannot be taken away either.
	kills, leaves bool
}

// mishaps are all ways. A kill after a step leaves what one before the next step does, so the first is left to the last.
var mishaps = []mishap{
	{name: "killed before", do: faultinject.KillBefore, strikes: beforeAChange, kills: true, leaves: true},
	{name: "killed after", do: faultinject.KillAfter, strikes: atTheEnd, kills: true, leaves: true},
	{name: "killed halfway", do: faultinject.Tear, strikes: inAWrite, kills: true, leaves: true},
	{name: "disk full", do: faultinject.FailFrom, errno: unix.ENOSPC, strikes: inNeedOfRoom},
	{name: "disk bad", do: faultinject.FailOnce, errno: unix.EIO, strikes: always},
	{name: "disk read-only", do: faultinject.FailFrom, errno: unix.EROFS, strikes: nowAndThen, leaves: true},
}

func always(faultinject.Step, int, bool) bool                { return true }
func beforeAChange(s faultinject.Step, _ int, _ bool) bool   { return !s.Settles }
func atTheEnd(_ faultinject.Step, _ int, last bool) bool     { return last }
func inAWrite(s faultinject.Step, _ int, _ bool) bool        { return s.Writes }
func inNeedOfRoom(s faultinject.Step, _ int, _ bool) bool    { return s.TakesRoom }
func nowAndThen(_ faultinject.Step, number int, _ bool) bool { return number%3 == 1 }

// TestNothingIsLostAtAnyStep plays every scene under every mishap at every step.
func TestNothingIsLostAtAnyStep(t *testing.T) {
	for name, s := range scenes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newStage(t)
			dir := g.prepared(s)
			before := look(t, dir)
			whole := g.strike(dir, s, faultinject.Fault{})
			require.Equal(t, s.exit, whole.Exit, whole.Stderr)
			require.Contains(t, whole.Stdout, s.shown)
			p := promise{before: before, meant: look(t, dir)}
			require.Empty(t, p.broken(p.meant, false))
			for _, k := range worthwhile(s, whole.Steps) {
				step := whole.Steps[k-1]
				for _, m := range mishaps {
					if !m.strikes(step, k, k == len(whole.Steps)) {
						continue
					}
					for _, b := range g.survives(s, p, m, k) {
						t.Errorf("%s, %s at step %d of %d, %s: %s", strings.Join(s.args, " "), m.name, k, len(whole.Steps), strings.ReplaceAll(step.String(), dir, ""), b)
					}
				}
			}
		})
	}
}

// worthwhile are the numbers of the steps at which something is to go wrong: all of them, but that of the library's files,
// which are written one like the other, a few will do. The race detector has nothing to say about kills, and makes each
// take several times as long, so under it every tenth step is looked at.
func worthwhile(s scene, steps []faultinject.Step) (numbers []int) {
	every, library := 1, 0
	switch {
	case raced:
		every = 10
	case testing.Short() || s.like:
		every = 5
	}
	for k := 1; k <= len(steps); k += every {
		if strings.Contains(steps[k-1].File, "/.kata/lib/") {
			if library++; library%20 != 1 {
				continue
			}
		}
		numbers = append(numbers, k)
	}
	return numbers
}

// survives plays a scene under one mishap at one step, and then again without. It returns what was broken.
func (g *stage) survives(s scene, p promise, m mishap, k int) (all []string) {
	dir := filepath.Join(g.folder(), "d")
	defer os.RemoveAll(dir)
	require.NoError(g.t, os.Mkdir(dir, 0o755))
	p.before.lay(g.t, dir)
	r := g.strike(dir, s, faultinject.Fault{At: k, Do: m.do, Errno: m.errno})
	after := look(g.t, dir)
	// What was not to be removed is still there.
	stuck := k <= len(r.Steps) && strings.HasPrefix(r.Steps[k-1].Call, "unlink")
	all = p.broken(after, m.leaves || stuck)
	switch {
	case len(r.Steps) < k && r.Exit == s.exit: // this time there was no such step
	case r.Killed() != m.kills:
		all = append(all, fmt.Sprintf("it ends with %d, signal %v: %s", r.Exit, r.Signal, r.Stderr))
	case m.kills:
	case r.Exit == s.exit: // the fault did no harm, so everything must have been done
		all = append(all, p.undone(after)...)
	default:
		all = append(all, complaint(r)...)
		all = append(all, unshown(s, r, r.Steps[k-1])...)
	}
	if r = g.play(dir, s); r.Exit != s.exit {
		return append(all, fmt.Sprintf("given again it ends with %d: %s", r.Exit, r.Stderr))
	}
	all = append(all, p.undone(look(g.t, dir))...)
	return append(all, g.swept(dir, s)...)
}

// swept says what of a killed process's is still there after the next command that is given a day later.
func (g *stage) swept(dir string, s scene) []string {
	left := look(g.t, dir).temporaries()
	if len(left) == 0 {
		return nil
	}
	past := now().Add(-24 * time.Hour)
	for _, name := range left {
		for path := filepath.Join(dir, filepath.FromSlash(name)); path != dir; path = filepath.Dir(path) {
			require.NoError(g.t, os.Chtimes(path, past, past))
		}
	}
	g.play(dir, s)
	if left = look(g.t, dir).temporaries(); len(left) > 0 {
		return []string{fmt.Sprintf("never swept up: %s", left)}
	}
	return nil
}
