package sandbox_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/sandbox"
)

func init() {
	for name, does := range map[string]func(){
		"starts fifty": func() {
			for range 50 {
				start("sleeps", nil)
			}
			time.Sleep(time.Hour)
		},
		"has a child that allocates": func() { _ = start("allocates", nil).Wait() },
		"has a child that spins":     func() { _ = start("spins", nil).Wait() },
		"burns time in one child after another": func() {
			for {
				_ = start("spins for a moment", nil).Wait()
			}
		},
		"spins for a moment": func() {
			for end := time.Now().Add(15 * time.Millisecond); time.Now().Before(end); {
			}
		},
		"tells its standing": func() {
			score, _ := os.ReadFile("/proc/self/oom_score_adj")
			var core syscall.Rlimit
			_ = syscall.Getrlimit(syscall.RLIMIT_CORE, &core)
			session, _, _ := syscall.Syscall(syscall.SYS_GETSID, 0, 0, 0)
			pid := syscall.Getpid()
			fmt.Print(string(score))
			fmt.Printf("core %d, of its own: group %v, session %v", core.Max, syscall.Getpgrp() == pid, int(session) == pid)
		},
		"dawdles over the question": func() {
			waitForQuestion()
			os.NewFile(3, "tells").WriteString("asked")
			time.Sleep(1500 * time.Millisecond) // the grace is longer
			fmt.Print("gone on")
			time.Sleep(time.Hour)
		},
		"allocates when asked": func() {
			waitForQuestion()
			var kept [][]byte
			for range 50 {
				kept = append(kept, bytes.Repeat([]byte{1}, 1<<24))
				time.Sleep(20 * time.Millisecond)
			}
			fmt.Print("allocated ", len(kept))
			time.Sleep(time.Hour)
		},
		"ticks": func() {
			for range time.Tick(50 * time.Millisecond) {
			}
		},
		"stops itself": func() {
			_ = syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)
			time.Sleep(time.Hour)
		},
		"spins when nobody else wants to": func() {
			runtime.LockOSThread() // the policy is a thread's
			const schedIdle = 5    // SCHED_IDLE, sched(7)
			var priority int32
			if _, _, errno := syscall.Syscall(syscall.SYS_SCHED_SETSCHEDULER, 0, schedIdle, uintptr(unsafe.Pointer(&priority))); errno != 0 {
				panic(errno)
			}
			spin()
		},
		"works a little at a time": func() {
			for end := time.Now().Add(1500 * time.Millisecond); time.Now().Before(end); time.Sleep(time.Millisecond) {
				for i := 0; i < 5_000_000; i++ {
					_ = i * i
				}
			}
		},
	} {
		behaviours[name] = does
	}
}

// waitForQuestion takes the SIGQUIT that asks for a dump, and writes none.
func waitForQuestion() {
	question := make(chan os.Signal, 1)
	signal.Notify(question, syscall.SIGQUIT)
	<-question
}

func TestEachWatchedLimitIsNamed(t *testing.T) {
	const short = 300 * time.Millisecond
	closed := make(chan struct{})
	close(closed)
	for _, c := range []struct {
		behaviour string
		limits    sandbox.Limits
		hit       sandbox.Hit
	}{
		{"spins", sandbox.Limits{CPU: short, Idle: short}, sandbox.HitCPU},
		{"has a child that spins", sandbox.Limits{CPU: short, Idle: short}, sandbox.HitCPU},
		{"burns time in one child after another", sandbox.Limits{CPU: short}, sandbox.HitCPU},
		{"blocks", sandbox.Limits{CPU: 10 * time.Second, Idle: short}, sandbox.HitIdle},
		{"closes its output and blocks", sandbox.Limits{Idle: short}, sandbox.HitIdle},
		{"ticks", sandbox.Limits{Idle: 2 * time.Second}, sandbox.HitIdle},
		{"stops itself", sandbox.Limits{Idle: short}, sandbox.HitIdle},
		{"spins", sandbox.Limits{CPU: time.Hour, StartCPU: short, Started: make(chan struct{})}, sandbox.HitCPU},
		{"spins", sandbox.Limits{Wall: time.Second, CPU: time.Hour, StartCPU: short, Started: closed}, sandbox.HitWall},
		{"has a child that spins", sandbox.Limits{Wall: time.Second, Idle: short}, sandbox.HitWall},
		{"allocates", sandbox.Limits{Memory: 200 << 20}, sandbox.HitMemory},
		{"has a child that allocates", sandbox.Limits{Memory: 200 << 20}, sandbox.HitMemory},
		{"starts fifty", sandbox.Limits{Processes: 4}, sandbox.HitProcesses},
	} {
		t.Run(c.behaviour+" "+string(c.hit), func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.hit, run(t, c.behaviour, c.limits).Hit)
		})
	}
}

func TestTheCommandStandsApart(t *testing.T) {
	out := run(t, "tells its standing", sandbox.Limits{})
	require.Equal(t, "1000\ncore 0, of its own: group true, session true", string(out.Stdout))
}

func TestALimitThatIsNotReachedIsNotHit(t *testing.T) {
	out := run(t, "spins for a moment", sandbox.Limits{
		CPU: 10 * time.Second, Idle: 10 * time.Second, Memory: 1 << 30, Output: 1 << 20, Processes: 1,
	})
	require.Empty(t, out.Hit)
	require.Zero(t, out.ExitCode)
}

func TestAHangLeavesADumpBeyondTheOutputLimit(t *testing.T) {
	out := run(t, "blocks", sandbox.Limits{Idle: 300 * time.Millisecond, Output: 10})
	require.Contains(t, string(out.Stderr), "goroutine 1 ")
	require.Contains(t, string(out.Stderr), "chan receive")
	require.Equal(t, 2, out.ExitCode, "a Go program ends with 2 after its dump")
	require.Empty(t, out.Signal)
}

func TestWhoIgnoresTheQuestionIsKilled(t *testing.T) {
	out := run(t, "blocks and ignores SIGQUIT", sandbox.Limits{Idle: 300 * time.Millisecond})
	require.Equal(t, sandbox.HitIdle, out.Hit)
	require.Equal(t, "killed", out.Signal)
	require.Equal(t, -1, out.ExitCode)
	require.Equal(t, "ready\n", string(out.Stdout))
}

func TestTheMostMemoryIsTold(t *testing.T) {
	out := run(t, "allocates", sandbox.Limits{Memory: 200 << 20})
	require.GreaterOrEqual(t, out.PeakMemory, int64(200<<20))
	require.Equal(t, "killed", out.Signal)
}

func TestTheTimeOfChildrenCounts(t *testing.T) {
	out := run(t, "burns time in one child after another", sandbox.Limits{CPU: 300 * time.Millisecond})
	require.GreaterOrEqual(t, out.CPU, 300*time.Millisecond)
}

func TestCancellingCutsTheDumpShort(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	asked, tells := pipe(t)
	c := command(t, "dawdles over the question", sandbox.Limits{Idle: 100 * time.Millisecond})
	c.Extra = []*os.File{tells}
	go func() {
		_, _ = asked.Read(make([]byte, 1))
		cancel()
	}()
	out, err := sandbox.Run(ctx, c)
	require.NoError(t, err)
	require.Equal(t, sandbox.HitIdle, out.Hit)
	require.Empty(t, string(out.Stdout), "it was left the time to go on")
}

func TestMemoryStaysLimitedDuringTheDump(t *testing.T) {
	out := run(t, "allocates when asked", sandbox.Limits{Idle: 100 * time.Millisecond, Memory: 200 << 20})
	require.Equal(t, sandbox.HitIdle, out.Hit)
	require.GreaterOrEqual(t, out.PeakMemory, int64(200<<20))
	require.Empty(t, string(out.Stdout), "it was left to allocate four times the limit")
}

func TestWhoWorksNowAndThenIsNotIdle(t *testing.T) {
	out := run(t, "works a little at a time", sandbox.Limits{Idle: 400 * time.Millisecond})
	require.Empty(t, out.Hit)
}

// TestWhoIsStarvedIsNotIdle gives a child so little of the processors that by its CPU time alone it would be at rest.
func TestWhoIsStarvedIsNotIdle(t *testing.T) {
	for range 2 * runtime.NumCPU() {
		busy := exec.Command(self())
		busy.Env = environment("spins")
		require.NoError(t, busy.Start())
		defer func() { _ = busy.Process.Kill(); _ = busy.Wait() }()
	}
	for _, name := range []string{"spins", "spins when nobody else wants to"} {
		out := run(t, name, sandbox.Limits{Wall: 2 * time.Second, Idle: 300 * time.Millisecond})
		require.Equal(t, sandbox.HitWall, out.Hit, name)
	}
	out := run(t, "works a little at a time", sandbox.Limits{Idle: 400 * time.Millisecond})
	require.Empty(t, out.Hit)
}
