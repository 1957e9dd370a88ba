package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/python-concurrency/kata/runner"
	"github.com/python-concurrency/kata/runner/store"
)

// warmVariable, set to off, keeps kata init and kata next from building anything in the background.
const warmVariable = "KATA_WARM"

// longestWarming ends a build in the background that nothing else ends.
const longestWarming = time.Hour

// warmCommand builds what the first check on a machine needs. Init and next start it in the background, a machine that
// is set up for others in the foreground.
func warmCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "warm", Usage: "build now what the first check would build", Hidden: true,
		Flags: []cli.Flag{&cli.BoolFlag{Name: "background", Usage: "leave the machine to others", Hidden: true}},
		Action: func(c *cli.Context) error {
			if err := none(c); err != nil {
				return err
			}
			g, err := s.grader()
			if err != nil {
				return err
			}
			ctx := c.Context
			if c.Bool("background") {
				stepBack()
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, longestWarming)
				defer cancel()
			}
			err = g.Warm(ctx)
			s.bar.done()
			if err != nil {
				return broken(err, runner.Hint(err))
			}
			return nil
		},
	}
}

// warmUp starts the build of what the first check needs, while the learner reads. It costs a look at a file where that is
// there; where it cannot be started, the check does it.
func (s *session) warmUp(ctx context.Context) {
	if os.Getenv(warmVariable) == "off" {
		return
	}
	g, err := s.grader()
	if err != nil || !g.Cold(ctx) {
		return
	}
	dir, err := cacheDir()
	if err != nil {
		return
	}
	logFile := filepath.Join(dir, store.LogFile)
	if startWarming(dir, logFile) != nil {
		return
	}
	fmt.Fprintf(s.stderr, "\nkata: the standard library is being built with the race detector in the background, once on\nthis machine. Your first check waits for it. (%s=off: not in the background. Log: %s)\n", warmVariable, logFile)
}

// startWarming starts this very program again, in a session of its own, so that it outlives the terminal.
func startWarming(cacheDir, logFile string) error {
	path, err := os.Executable()
	if err != nil {
		return err
	}
	out, err := os.OpenFile(logFile, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	cmd := exec.Command(path, "warm", "--background")
	cmd.Dir = cacheDir // the learner's folder is not kept from being unmounted
	cmd.Env = append(os.Environ(), "KATA_CACHE="+cacheDir)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = detached()
	keepDescriptors()
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Process.Release()
}
