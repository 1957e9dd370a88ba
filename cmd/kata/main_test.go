package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/python-concurrency/kata/katas"
	"github.com/python-concurrency/kata/runner"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/store"
	"github.com/python-concurrency/kata/runner/verdict"
	"github.com/python-concurrency/kata/runner/verify"
)

// update writes what scripts compare with cmp anew: go test ./cmd/kata -update
var update = flag.Bool("update", os.Getenv("UPDATE_GOLDEN") != "", "write the golden files anew")

//go:embed testdata/curriculum
var embedded embed.FS

// TestMain gives the scripts four commands: kata stands on a small curriculum and a grader that does what the
// submission says, realkata on the same curriculum and the real grader, tornkata on one with a broken kata in it, and
// shippedkata is what users get.
func TestMain(m *testing.M) {
	if os.Getenv(busyVariable) != "" { // verify --load starts this very program
		beBusy()
		return
	}
	obedient := house{
		katas: below("katas"), solutions: below("solutions"), support: katas.FS,
		grader: func(c runner.Config) grader { return obedientGrader{c} },
	}
	real := obedient
	real.grader = newRunner
	torn := obedient
	torn.katas = withTorn(obedient.katas)
	testscript.Main(m, map[string]func(){
		"tornkata":    func() { mainOn(torn) },
		"kata":        func() { mainOn(obedient) },
		"realkata":    func() { mainOn(real) },
		"shippedkata": func() { mainOn(shipped) },
	})
}

// mainOn is main on another house.
func mainOn(h house) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, h, append([]string{"kata"}, os.Args[1:]...), os.Stdout, os.Stderr))
}

func below(folder string) fs.FS {
	sub, err := fs.Sub(embedded, "testdata/curriculum/"+folder)
	if err != nil {
		panic(err)
	}
	return sub
}

// withTorn is a curriculum with one kata more, whose manifest was never finished.
func withTorn(katas fs.FS) fs.FS {
	all := fstest.MapFS{"tasks/torn/kata.toml": {Data: []byte("title = \"Torn\"\nsummary\n")}}
	err := fs.WalkDir(katas, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(katas, name)
		all[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		panic(err)
	}
	return all
}

// obedientGrader reads its verdict off the submission: "grader: pass", "grader: fault", "grader: wait" (until it is
// cancelled; it makes a file "grading" when it begins), "grader: late" (a pass, once there is a file "go"), "grader: slow"
// (a long step, and a pass), else a failure.
type obedientGrader struct{ config runner.Config }

func (g obedientGrader) Check(ctx context.Context, req runner.Request) verdict.Verdict {
	v := verdict.Verdict{Schema: verdict.Schema, Kata: string(req.Kata.ID), KataHash: req.Kata.Hash}
	source := ""
	for _, name := range slices.Sorted(maps.Keys(req.Files)) {
		source += string(req.Files[name])
	}
	_, word, _ := strings.Cut(source, "grader: ")
	word, _, _ = strings.Cut(word, "\n")
	switch word {
	case "pass", "slow", "late":
		for word == "late" && ctx.Err() == nil {
			if _, err := os.Stat("go"); err == nil {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if word == "slow" {
			g.config.Progress("building the standard library")
		}
		v.Status = verdict.Passed
		v.Tests = []verdict.Test{{Name: "TestIt", About: "TestIt checks it.", Status: verdict.TestPassed}}
	case "wait":
		_ = os.WriteFile("grading", nil, 0o600)
		<-ctx.Done()
		fallthrough
	case "fault":
		v.Status = verdict.Error
		v.Problem = &verdict.Problem{What: "no go command on PATH", Hint: "install Go 1.26 or newer, then run kata doctor"}
	default:
		v.Status = verdict.Failed
		v.Tests = []verdict.Test{{Name: "TestIt", About: "TestIt checks it.", Status: verdict.TestFailed}}
		v.Findings = []verdict.Finding{{
			Kind: verdict.Wrong, Test: "TestIt", Title: "the argument does not come back", File: req.Kata.Manifest.Files[0], Line: 5,
			Want: "3", Got: fmt.Sprintf("seed %d, schedules %d, fresh %t", req.Seed, req.Schedules, req.Fresh),
		}}
	}
	return v
}

// Prepare builds nothing: what is graded is the source.
func (g obedientGrader) Prepare(_ context.Context, k kata.Kata, files map[string][]byte) (verify.Built, error) {
	return obedientBuild{g, runner.Request{Kata: k, Files: files}}, nil
}

type obedientBuild struct {
	grader  obedientGrader
	request runner.Request
}

func (b obedientBuild) Grade(ctx context.Context, c verify.Conditions) verdict.Verdict {
	req := b.request
	req.Seed = c.Seed
	return b.grader.Check(ctx, req)
}

func (b obedientBuild) Same(verify.Built) bool { return false }
func (b obedientBuild) Close()                 {}

func (g obedientGrader) Doctor(context.Context) []runner.Health {
	health := []runner.Health{{Name: "Go", OK: true, Detail: "go1.26"}}
	if os.Getenv("SICK") != "" {
		health = append(health, runner.Health{Name: "C compiler", Detail: "no gcc on PATH", Remedy: "install gcc"})
	}
	return health
}

// The cache is none of this grader's business.
func (g obedientGrader) Cold(context.Context) bool                          { return false }
func (g obedientGrader) Warm(context.Context) error                         { return nil }
func (g obedientGrader) CacheUsage() []store.Usage                          { return nil }
func (g obedientGrader) Clean(context.Context, bool) ([]store.Freed, error) { return nil, nil }

func TestScripts(t *testing.T) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			// The archives of the standard library are shared with the runner's tests: they take half a minute to build.
			e.Setenv("KATA_CACHE", filepath.Join(cache, "kata-test"))
			e.Setenv("GOCACHE", filepath.Join(cache, "go-build"))
			e.Setenv("COLUMNS", "80")
			e.Setenv("KATA_WARM", "off")            // a test leaves no process behind
			e.Setenv("GORACE", "atexit_sleep_ms=0") // under -race each call would sleep a second at its end
			for _, name := range []string{"KATA_WORKSPACE", "NO_COLOR"} {
				e.Setenv(name, "")
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "await": await, "append": appendLine},
	})
}

// exits CODE COMMAND… runs a command and holds it to its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("%s exits %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// await FILE [TEXT] waits until a file is there, and has the text in it.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: await FILE [TEXT]")
	}
	text := strings.Join(args[1:], "")
	for range 3000 {
		if data, err := os.ReadFile(ts.MkAbs(args[0])); err == nil && strings.Contains(string(data), text) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s does not come", strings.Join(args, " with "))
}

// append FILE TEXT adds text to a file, without a line end.
func appendLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: append FILE TEXT")
	}
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_APPEND|os.O_WRONLY, 0)
	ts.Check(err)
	_, err = f.WriteString(args[1])
	ts.Check(err)
	ts.Check(f.Close())
}
