// Command kata teaches the concurrency models of Python through exercises in Go. It is the only place that prints,
// exits or reads the environment: everything below it is handed what it needs.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"
)

func main() {
	if os.Getenv(busyVariable) != "" {
		beBusy()
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process at once
	os.Exit(run(ctx, shipped, os.Args, os.Stdout, os.Stderr))
}

// run is main without its process.
func run(ctx context.Context, h house, args []string, stdout, stderr io.Writer) int {
	s := newSession(h, stdout, stderr)
	err := newApp(s).RunContext(ctx, permute(args, flagsWithValue(commands(s))))
	switch {
	case err != nil && ctx.Err() != nil:
		return s.complain(&failure{code: exitInterrupted, what: "interrupted"})
	case err == nil && s.stdout.err != nil:
		err = broken(fmt.Errorf("write the output: %w", s.stdout.err), "")
	}
	if err == nil {
		return exitDone
	}
	return s.complain(err)
}

func newApp(s *session) *cli.App {
	cli.VersionPrinter = func(*cli.Context) { fmt.Fprintln(s.stdout, "kata "+version()) }
	return &cli.App{
		Name:            "kata",
		Usage:           "learn the concurrency models of Python by building them in Go",
		Version:         version(),
		Writer:          s.stdout,
		ErrWriter:       s.stderr,
		Commands:        commands(s),
		HideHelpCommand: true,
		ExitErrHandler:  func(*cli.Context, error) {}, // run answers for the exit code
		OnUsageError:    usageError,
		Flags:           []cli.Flag{workspaceFlag()},
		Before:          s.takeGlobalFlags,
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return wrong("kata --help", "there is no command %q", c.Args().First())
			}
			return cli.ShowAppHelp(c)
		},
	}
}

// commands in the order of a learner's way.
func commands(s *session) []*cli.Command {
	all := []*cli.Command{
		initCommand(s), nextCommand(s), checkCommand(s), listCommand(s), hintCommand(s), solutionCommand(s),
		resetCommand(s), progressCommand(s), doctorCommand(s), cleanCommand(s), verifyCommand(s), newCommand(s), warmCommand(s),
	}
	for _, c := range all {
		c.OnUsageError = usageError
		c.HideHelpCommand = true
		c.Flags = append(c.Flags, workspaceFlag())
		c.Before = s.takeGlobalFlags
	}
	return all
}

func workspaceFlag() cli.Flag {
	return &cli.StringFlag{Name: "workspace", Usage: "the workspace's `FOLDER` (or KATA_WORKSPACE)", DefaultText: "the one above this folder, or ./workspace"}
}

// usageError is what the library says of a flag it does not know, in the form of all errors.
func usageError(c *cli.Context, err error, _ bool) error {
	hint := "kata --help"
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != "kata" {
		hint = "kata " + c.Command.Name + " --help"
	}
	return wrong(hint, "%s", usageWords.Replace(err.Error()))
}

// usageWords puts what package flag says into the words of this command, whose flags have two dashes.
var usageWords = strings.NewReplacer(
	"flag provided but not defined: -", "there is no flag --",
	"flag needs an argument: -", "a value is missing behind --",
	" for flag -", " for --",
)

// now is the clock of the whole program.
func now() time.Time { return time.Now() }
