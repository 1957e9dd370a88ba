// Command kata teaches the concurrency models of Python through exercises in Go. It is the only place that prints,
// exits or reads the environment: everything below it is handed what it needs.
package main

import (
	"context"
	"errors"
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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args, os.Stdout, os.Stderr))
}

// The exit codes, all of them.
const (
	// exitDone: done, or graded and passed.
	exitDone = 0
	// exitFailed: graded, and failed.
	exitFailed = 1
	// exitUsage: the command line is wrong.
	exitUsage = 2
	// exitMachine: the runner or the machine could not do its work.
	exitMachine = 3
	// exitInterrupted: Ctrl-C, as shells count it.
	exitInterrupted = 130
)

// run is main without its process.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s := newSession(stdout, stderr)
	err := newApp(s).RunContext(ctx, permute(args, flagsWithValue(commands(s))))
	switch {
	case err == nil:
		return exitDone
	case ctx.Err() != nil:
		s.complain(&failure{code: exitInterrupted, what: "interrupted"})
		return exitInterrupted
	}
	return s.complain(err)
}

func newApp(s *session) *cli.App {
	cli.VersionPrinter = func(*cli.Context) { fmt.Fprintln(s.stdout, "kata "+version()) }
	return &cli.App{
		Name:                   "kata",
		Usage:                  "learn the concurrency models of Python by building them in Go",
		Version:                version(),
		Writer:                 s.stdout,
		ErrWriter:              s.stderr,
		Commands:               commands(s),
		HideHelpCommand:        true,
		UseShortOptionHandling: true,
		ExitErrHandler:         func(*cli.Context, error) {}, // run answers for the exit code
		OnUsageError:           usageError,
		Flags:                  []cli.Flag{workspaceFlag(s)},
		Before:                 s.takeGlobalFlags,
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return &failure{code: exitUsage, what: fmt.Sprintf("there is no command %q", c.Args().First()), hint: "kata --help"}
			}
			return cli.ShowAppHelp(c)
		},
	}
}

// commands in the order of a learner's way.
func commands(s *session) []*cli.Command {
	all := []*cli.Command{
		initCommand(s), nextCommand(s), checkCommand(s), listCommand(s), hintCommand(s), solutionCommand(s),
		resetCommand(s), progressCommand(s), doctorCommand(s),
	}
	for _, c := range all {
		c.OnUsageError = usageError
		c.HideHelpCommand = true
		c.Flags = append(c.Flags, workspaceFlag(s))
		before := c.Before
		c.Before = func(ctx *cli.Context) error {
			if err := s.takeGlobalFlags(ctx); err != nil || before == nil {
				return err
			}
			return before(ctx)
		}
	}
	return all
}

func workspaceFlag(s *session) cli.Flag {
	return &cli.StringFlag{Name: "workspace", Usage: "the workspace's `FOLDER` (or KATA_WORKSPACE)", DefaultText: "the one above this folder, or ./workspace"}
}

// usageError is what the library says of a flag it does not know, in the form of all errors.
func usageError(c *cli.Context, err error, _ bool) error {
	hint := "kata --help"
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != "kata" {
		hint = "kata " + c.Command.Name + " --help"
	}
	return &failure{code: exitUsage, what: strings.Replace(err.Error(), "flag provided but not defined: -", "there is no flag --", 1), hint: hint}
}

// failure is an error with its exit code and the literal next command.
type failure struct {
	code int
	what string
	hint string
	err  error
}

func (f *failure) Error() string { return f.what }

func (f *failure) Unwrap() error { return f.err }

// wrong is a failure of the command line.
func wrong(hint, format string, args ...any) error {
	return &failure{code: exitUsage, what: fmt.Sprintf(format, args...), hint: hint}
}

// broken is a failure of the machine.
func broken(err error, hint string) error {
	return &failure{code: exitMachine, what: err.Error(), hint: hint, err: err}
}

// complain prints an error and returns its exit code. An empty error has been told already.
func (s *session) complain(err error) int {
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{code: exitMachine, what: err.Error(), hint: "kata doctor"}
	}
	if f.what != "" {
		fmt.Fprintf(s.stderr, "kata: error: %s\n", f.what)
		if f.hint != "" {
			fmt.Fprintf(s.stderr, "hint: %s\n", f.hint)
		}
	}
	return f.code
}

// now is the clock of the whole program.
func now() time.Time { return time.Now() }
