//go:build unix

package sandbox_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/python-concurrency/kata/runner/sandbox"
)

// The child of every test is this test binary, behaving as the variable says.
const behaviour = "KATA_SANDBOX_BEHAVIOUR"

func TestMain(m *testing.M) {
	if name := os.Getenv(behaviour); name != "" {
		behaviours[name]()
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

var behaviours = map[string]func(){
	"exits with 3": func() { os.Exit(3) },
	"prints":       func() { fmt.Print("out"); fmt.Fprint(os.Stderr, "err") },
	"tells its environment": func() {
		fmt.Print(strings.Join(os.Environ(), ","))
		if _, err := os.Stdin.Read(make([]byte, 1)); err != nil {
			fmt.Print(",no input")
		}
		os.NewFile(3, "extra").WriteString("extra")
	},
	"spins": func() {
		for {
		}
	},
	"blocks": func() { <-make(chan int) },
	"blocks and ignores SIGQUIT": func() {
		signal.Ignore(syscall.SIGQUIT)
		time.Sleep(time.Hour)
	},
	"floods": func() {
		for {
			fmt.Println("again and again and again")
		}
	},
	"allocates": func() {
		var kept [][]byte
		for {
			b := make([]byte, 1<<24)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			kept = append(kept, b)
		}
	},
	"starts twenty": func() {
		for range 20 {
			start("sleeps", nil)
		}
		time.Sleep(time.Hour)
	},
	"sleeps": func() { time.Sleep(time.Hour) },
	"leaves a child behind": func() {
		fmt.Println(start("sleeps", nil).Process.Pid)
	},
	"leaves a child in a session of its own behind": func() {
		c := start("ignores everything", &syscall.SysProcAttr{Setsid: true})
		fmt.Println(c.Process.Pid)
		time.Sleep(time.Hour)
	},
	"ignores everything": func() {
		signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
		time.Sleep(time.Hour)
	},
	"works a little at a time": func() {
		for end := time.Now().Add(1500 * time.Millisecond); time.Now().Before(end); time.Sleep(time.Millisecond) {
			for i := 0; i < 5_000_000; i++ {
				_ = i * i
			}
		}
	},
}

func start(name string, attr *syscall.SysProcAttr) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = []string{behaviour + "=" + name}
	c.SysProcAttr = attr
	c.Stdout = os.Stdout // inherited, so that whoever reads it waits for the child as well
	if err := c.Start(); err != nil {
		panic(err)
	}
	return c
}

func run(t *testing.T, name string, l sandbox.Limits) sandbox.Outcome {
	t.Helper()
	require.Contains(t, behaviours, name)
	if l.Wall == 0 {
		l.Wall = time.Minute
	}
	out, err := sandbox.Run(context.Background(), sandbox.Command{
		Path: os.Args[0], Dir: t.TempDir(), Env: []string{behaviour + "=" + name, "GOTRACEBACK=all", "GORACE=atexit_sleep_ms=0"}, Limits: l,
	})
	require.NoError(t, err)
	return out
}

func TestAnExitIsTold(t *testing.T) {
	out := run(t, "exits with 3", sandbox.Limits{})
	require.Equal(t, 3, out.ExitCode)
	require.Empty(t, out.Hit)
	require.NotEmpty(t, out.Isolation)
}

func TestOutputIsKeptApart(t *testing.T) {
	out := run(t, "prints", sandbox.Limits{})
	require.Equal(t, "out", string(out.Stdout))
	require.Equal(t, "err", string(out.Stderr))
	require.False(t, out.Truncated)
}

func TestTheEnvironmentIsWhatWasGiven(t *testing.T) {
	t.Setenv("KATA_SECRET", "1")
	extra, err := os.Create(filepath.Join(t.TempDir(), "extra"))
	require.NoError(t, err)
	defer extra.Close()
	out, err := sandbox.Run(context.Background(), sandbox.Command{
		Path: os.Args[0], Env: []string{behaviour + "=tells its environment"}, Extra: []*os.File{extra},
	})
	require.NoError(t, err)
	require.Equal(t, behaviour+"=tells its environment,no input", string(out.Stdout))
	written, err := os.ReadFile(extra.Name())
	require.NoError(t, err)
	require.Equal(t, "extra", string(written))
}

func TestWhatCannotBeStartedIsAnError(t *testing.T) {
	_, err := sandbox.Run(context.Background(), sandbox.Command{Path: "/nonexistent/binary"})
	var failed *sandbox.StartError
	require.ErrorAs(t, err, &failed)
}

func TestEachLimitIsNamed(t *testing.T) {
	needsTree(t)
	for _, c := range []struct {
		behaviour string
		limits    sandbox.Limits
		hit       sandbox.Hit
	}{
		{"blocks", sandbox.Limits{Wall: 300 * time.Millisecond}, sandbox.HitWall},
		{"spins", sandbox.Limits{CPU: 300 * time.Millisecond, Idle: 300 * time.Millisecond}, sandbox.HitCPU},
		{"blocks", sandbox.Limits{CPU: 10 * time.Second, Idle: 300 * time.Millisecond}, sandbox.HitIdle},
		{"blocks and ignores SIGQUIT", sandbox.Limits{Idle: 300 * time.Millisecond}, sandbox.HitIdle},
		{"floods", sandbox.Limits{Output: 1000}, sandbox.HitOutput},
		{"allocates", sandbox.Limits{Memory: 200 << 20}, sandbox.HitMemory},
		{"starts twenty", sandbox.Limits{Processes: 4}, sandbox.HitProcesses},
	} {
		t.Run(fmt.Sprint(c.behaviour, " ", c.hit), func(t *testing.T) {
			require.Equal(t, c.hit, run(t, c.behaviour, c.limits).Hit)
		})
	}
}

func TestOutputIsCutAtItsLimit(t *testing.T) {
	out := run(t, "floods", sandbox.Limits{Output: 1000})
	require.Len(t, out.Stdout, 1000)
	require.True(t, out.Truncated)
}

func TestAHangLeavesADump(t *testing.T) {
	needsTree(t)
	out := run(t, "blocks", sandbox.Limits{Idle: 300 * time.Millisecond, Output: 10})
	require.Contains(t, string(out.Stderr), "goroutine 1")
	require.Contains(t, string(out.Stderr), "chan receive")
}

func TestWhoWorksNowAndThenIsNotIdle(t *testing.T) {
	needsTree(t)
	out := run(t, "works a little at a time", sandbox.Limits{Idle: 400 * time.Millisecond})
	require.Empty(t, out.Hit)
}

func TestWhoIsStarvedIsNotIdle(t *testing.T) {
	needsTree(t)
	for range 2 * runtime.NumCPU() {
		busy := exec.Command(os.Args[0])
		busy.Env = []string{behaviour + "=spins"}
		require.NoError(t, busy.Start())
		defer func() { _ = busy.Process.Kill(); _ = busy.Wait() }()
	}
	out := run(t, "works a little at a time", sandbox.Limits{Idle: 400 * time.Millisecond})
	require.Empty(t, out.Hit)
}

func TestACancelledRunLeavesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, cancel)
	out, err := sandbox.Run(ctx, sandbox.Command{Path: os.Args[0], Env: []string{behaviour + "=blocks"}})
	require.NoError(t, err)
	require.Equal(t, sandbox.HitCancelled, out.Hit)
	out, err = sandbox.Run(ctx, sandbox.Command{Path: os.Args[0], Env: []string{behaviour + "=blocks"}})
	require.NoError(t, err)
	require.Equal(t, sandbox.HitCancelled, out.Hit)
	require.Zero(t, out.PID, "a cancelled context starts nothing")
}

func TestNoDescendantOutlivesTheRun(t *testing.T) {
	needsTree(t)
	for _, c := range []struct {
		behaviour string
		limits    sandbox.Limits
	}{
		{"leaves a child behind", sandbox.Limits{}},
		{"leaves a child in a session of its own behind", sandbox.Limits{Idle: 300 * time.Millisecond}},
	} {
		t.Run(c.behaviour, func(t *testing.T) {
			out := run(t, c.behaviour, c.limits)
			pid, err := strconv.Atoi(strings.TrimSpace(string(out.Stdout)))
			require.NoError(t, err)
			require.Eventually(t, func() bool { return !alive(pid) }, time.Minute, time.Millisecond, "process %d still lives", pid)
		})
	}
}

// alive reports whether a process is there and no zombie: who reaps it is the system's business.
func alive(pid int) bool {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(data), ") Z ")
}

func needsTree(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("this system offers no view of the process tree; see tree_other.go")
	}
}
