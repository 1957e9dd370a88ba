package sandbox_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/sandbox"
)

func init() {
	behaviours["hosts a run and tells its number"] = func() {
		read, write, err := os.Pipe()
		if err != nil {
			panic(err)
		}
		go func() {
			line, _ := bufio.NewReader(read).ReadString('\n')
			fmt.Print(line)
		}()
		_, _ = sandbox.Run(context.Background(), sandbox.Command{
			Path: self(), Env: environment("tells its number and blocks"), Extra: []*os.File{write},
		})
	}
	behaviours["tells its number and blocks"] = func() {
		fmt.Fprintln(os.NewFile(3, "extra"), os.Getpid())
		<-make(chan int)
	}
	behaviours["hosts runs and adopts orphans"] = func() {
		const setChildSubreaper = 36 // PR_SET_CHILD_SUBREAPER
		if _, _, errno := syscall.Syscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0); errno != 0 {
			panic(errno)
		}
		own := start("sleeps", nil)
		for _, name := range []string{"leaves a deaf child in a session of its own", "leaves a grandchild in a group of its own"} {
			if _, err := sandbox.Run(context.Background(), sandbox.Command{Path: self(), Env: environment(name)}); err != nil {
				panic(err)
			}
		}
		if err := own.Process.Signal(syscall.Signal(0)); err != nil {
			panic(err)
		}
		_ = own.Process.Kill()
		_ = own.Wait() // fails when somebody else has waited for it
		fmt.Print(own.ProcessState, ", children left:", children())
	}
}

// children lists our children, zombies included.
func children() (pids []string) {
	threads, _ := filepath.Glob("/proc/self/task/*/children")
	for _, file := range threads {
		data, _ := os.ReadFile(file)
		pids = append(pids, strings.Fields(string(data))...)
	}
	return pids
}

func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(entries)
}

func TestNoEnvironmentMeansNone(t *testing.T) {
	t.Setenv("KATA_SECRET", "1")
	out, err := sandbox.Run(context.Background(), sandbox.Command{Path: "/usr/bin/env"})
	require.NoError(t, err)
	require.Zero(t, out.ExitCode)
	require.Empty(t, string(out.Stdout))
}

// TestNothingIsLeftInTheHost counts descriptors and children before and after; goleak counts goroutines.
func TestNothingIsLeftInTheHost(t *testing.T) {
	run(t, "prints", sandbox.Limits{}) // the runtime opens its own on first use
	before := descriptors(t)
	run(t, "prints", sandbox.Limits{})
	run(t, "leaves a child that holds the pipe", sandbox.Limits{})
	run(t, "blocks", sandbox.Limits{Idle: 100 * time.Millisecond})
	_, err := sandbox.Run(context.Background(), sandbox.Command{Path: "/nothing"})
	require.Error(t, err)
	require.Equal(t, before, descriptors(t))
	require.Empty(t, children())
}

func TestTheHostKeepsItsOwnChildren(t *testing.T) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				c := exec.Command(self())
				c.Env = environment("exits with 3")
				var exit *exec.ExitError
				if err := c.Run(); !errors.As(err, &exit) || exit.ExitCode() != 3 {
					t.Errorf("a child of the host's own: %v", err)
				}
			}
		})
	}
	for range 3 {
		run(t, "leaves a child that holds the pipe", sandbox.Limits{})
	}
	wg.Wait()
}

func TestRunsDoNotDisturbEachOther(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 8 {
		name, want := "exits with 3", 3
		if i%2 == 0 {
			name, want = "leaves a deaf child in a session of its own", 0
		}
		c := command(t, name, sandbox.Limits{})
		wg.Go(func() {
			out, err := sandbox.Run(context.Background(), c)
			if err != nil || out.Hit != "" || out.ExitCode != want {
				t.Errorf("%s: %+v, %v", name, out, err)
			}
		})
	}
	wg.Wait()
	require.Empty(t, children())
}

func TestAnAdoptedOrphanIsReaped(t *testing.T) {
	out := run(t, "hosts runs and adopts orphans", sandbox.Limits{})
	require.Equal(t, "signal: killed, children left:[]", string(out.Stdout), string(out.Stderr))
}

func TestTheCommandDiesWithTheRunner(t *testing.T) {
	host := exec.Command(self())
	host.Env = environment("hosts a run and tells its number")
	stdout, err := host.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, host.Start())
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, 0))

	require.NoError(t, host.Process.Kill())
	_ = host.Wait()
	require.Eventually(t, func() bool {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err != nil || strings.Contains(string(data), ") Z ")
	}, time.Minute, 5*time.Millisecond)
}

// TestAPipeInOtherHandsDoesNotHoldTheRun: this very process holds the writing end of the command's stdout.
func TestAPipeInOtherHandsDoesNotHoldTheRun(t *testing.T) {
	number, tells := pipe(t)
	goes, goOn := pipe(t)
	c := command(t, "tells its number and waits", sandbox.Limits{})
	c.Extra = []*os.File{tells, goes}
	held := make(chan *os.File, 1)
	go func() {
		var pid int
		_, _ = fmt.Fscan(number, &pid)
		f, _ := os.OpenFile(fmt.Sprintf("/proc/%d/fd/1", pid), os.O_WRONLY, 0)
		held <- f
		goOn.Close()
	}()
	out, err := sandbox.Run(context.Background(), c)
	require.NoError(t, err)
	require.Empty(t, out.Hit)
	require.Equal(t, "done", string(out.Stdout))
	f := <-held
	require.NotNil(t, f)
	_, err = f.WriteString("late")
	require.ErrorIs(t, err, syscall.EPIPE, "nobody reads any more")
	f.Close()
}

func init() {
	behaviours["tells its number and waits"] = func() {
		fmt.Fprintln(os.NewFile(3, "tells"), os.Getpid())
		_, _ = os.NewFile(4, "goes").Read(make([]byte, 1))
		fmt.Print("done")
	}
}

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { r.Close(); w.Close() })
	return r, w
}
