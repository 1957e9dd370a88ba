package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// measureCold times the first check on a machine, once each: by itself, and right after kata next, whose build in the
// background it joins. A second build would make it take nearly twice as long.
func measureCold(l *laboratory) error {
	times := make(series)
	const alone, joined = "the first check, nothing built before", "kata next, and at once the first check"
	for _, m := range []struct{ name, warm string }{{alone, "off"}, {joined, "on"}} {
		took, err := l.first(filepath.Join(l.dir, "cold-"+m.warm), m.warm)
		if err != nil {
			return err
		}
		times.add(m.name, took)
	}
	fmt.Println("the first time on a machine (once)")
	times.line(alone)
	times.line(joined, alone)
	return nil
}

// first fetches and checks a kata with empty caches, kata's and the go command's.
func (l *laboratory) first(dir, warm string) (float64, error) {
	workspace := filepath.Join(dir, "workspace")
	env := append(os.Environ(), "KATA_CACHE="+filepath.Join(dir, "cache"), "GOCACHE="+filepath.Join(dir, "go-build"), "KATA_WARM="+warm)
	start := time.Now()
	for _, args := range [][]string{{"next"}, {"check"}} {
		cmd := exec.Command(l.kata, append(args, "--workspace", workspace)...)
		cmd.Env = env
		_, err := timed(cmd)
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == 1 && strings.Contains(err.Error(), " check ") {
			err = nil // the stub fails by intent
		}
		if err != nil {
			return 0, err
		}
	}
	return time.Since(start).Seconds(), nil
}
