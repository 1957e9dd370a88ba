package sandbox_test

import (
	"context"
	"fmt"
	"io"
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

	"github.com/python-concurrency/kata/runner/sandbox"
)

func init() {
	ownSession := &syscall.SysProcAttr{Setsid: true}
	for name, does := range map[string]func(){
		"leaves a child that holds the pipe": func() { fmt.Println(start("sleeps", nil).Process.Pid) },
		"has a deaf child in a session of its own": func() {
			fmt.Println(start("ignores everything", ownSession).Process.Pid)
			time.Sleep(time.Hour)
		},
		"leaves a deaf child in a session of its own": func() { fmt.Println(start("ignores everything", ownSession).Process.Pid) },
		"leaves a grandchild in a group of its own": func() {
			fmt.Println(start("starts a group and ends", &syscall.SysProcAttr{Setpgid: true}).Wait())
		},
		"starts a group and ends": func() {
			fmt.Println(start("sleeps", &syscall.SysProcAttr{Setpgid: true}).Process.Pid)
		},
		"ignores everything": func() {
			signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
			time.Sleep(time.Hour)
		},
		"flees": flee,
		"loses its first thread": func() {
			fmt.Println(syscall.Getpid())
			go func() {
				time.Sleep(time.Hour)
			}()
			_, _, _ = syscall.RawSyscall(syscall.SYS_EXIT, 0, 0, 0)
		},
	} {
		behaviours[name] = does
	}
}

// The main goroutine keeps the first thread, so that a behaviour can end it.
func init() { runtime.LockOSThread() }

// flee goes on in a new process in a new session again and again, and ends itself; until its folder is gone.
func flee() {
	if _, err := os.Getwd(); err != nil {
		return
	}
	c := exec.Command(self())
	c.Env = environment("flees")
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	c.ExtraFiles = []*os.File{os.NewFile(3, "life")}
	_ = c.Start()
}

func TestNoDescendantOutlivesTheRun(t *testing.T) {
	for _, c := range []struct {
		behaviour string
		limits    sandbox.Limits
		hit       sandbox.Hit
	}{
		{"leaves a child that holds the pipe", sandbox.Limits{}, ""},
		{"leaves a child that holds the pipe", sandbox.Limits{Idle: time.Minute, Memory: 1 << 30}, ""},
		{"has a deaf child in a session of its own", sandbox.Limits{Idle: 300 * time.Millisecond}, sandbox.HitIdle},
		{"has a deaf child in a session of its own", sandbox.Limits{Wall: 300 * time.Millisecond}, sandbox.HitWall},
		{"leaves a deaf child in a session of its own", sandbox.Limits{}, ""},
		{"leaves a grandchild in a group of its own", sandbox.Limits{}, ""},
	} {
		t.Run(c.behaviour+" "+string(c.hit), func(t *testing.T) {
			command := command(t, c.behaviour, c.limits)
			out, err := sandbox.Run(context.Background(), command)
			require.NoError(t, err)
			require.Equal(t, c.hit, out.Hit)
			gone(t, firstNumber(t, string(out.Stdout)))
			require.Empty(t, processesIn(t, command.Dir))
		})
	}
}

// TestADaemonDoesNotOutliveTheRun: forked twice, in a session of its own, with no environment and none of our pipes, it
// has nothing left of its descent but the mark.
func TestADaemonDoesNotOutliveTheRun(t *testing.T) {
	c := sandbox.Command{
		Path: "/bin/sh", Dir: t.TempDir(), Env: []string{"PATH=/usr/bin:/bin"}, Limits: sandbox.Limits{Wall: time.Minute},
		Args: []string{"-c", `(env -i setsid sh -c 'echo $$ >pid; exec sleep 3600' </dev/null >/dev/null 2>&1 &)
			while ! [ -s pid ]; do :; done`},
	}
	out, err := sandbox.Run(context.Background(), c)
	require.NoError(t, err)
	require.Empty(t, out.Hit, string(out.Stderr))
	require.Contains(t, out.Isolation, "marked")
	pid, err := os.ReadFile(filepath.Join(c.Dir, "pid"))
	require.NoError(t, err)
	gone(t, firstNumber(t, string(pid)))
	require.Empty(t, processesIn(t, c.Dir))
}

// TestWhoFleesIsCaught: from one look to the next the fugitive is another process in another session. The shell does
// it some hundred times a second.
func TestWhoFleesIsCaught(t *testing.T) {
	inGo := command(t, "flees", sandbox.Limits{})
	inShell := sandbox.Command{
		Path: "/bin/sh", Dir: t.TempDir(), Env: []string{"PATH=/usr/bin:/bin"}, Args: []string{"-c", flight, flight},
	}
	for name, c := range map[string]sandbox.Command{"go": inGo, "shell": inShell} {
		t.Run(name, func(t *testing.T) {
			death, life := pipe(t)
			c.Extra = []*os.File{life}
			_, err := sandbox.Run(context.Background(), c)
			require.NoError(t, err)
			require.NoError(t, life.Close())
			require.NoError(t, death.SetReadDeadline(time.Now().Add(10*time.Second)))
			_, err = death.Read(make([]byte, 1))
			require.ErrorIs(t, err, io.EOF, "somebody holds the other end still")
		})
	}
}

const flight = `[ -d "$PWD" ] && setsid sh -c "$0" "$0" >/dev/null 2>&1 &`

// TestAProcessWithoutItsFirstThreadIsStillThere: /proc shows it as a zombie.
func TestAProcessWithoutItsFirstThreadIsStillThere(t *testing.T) {
	out := run(t, "loses its first thread", sandbox.Limits{Idle: 300 * time.Millisecond})
	require.Equal(t, sandbox.HitIdle, out.Hit)
	gone(t, out.PID)
}

// processesIn lists the processes that live in a folder.
func processesIn(t *testing.T, dir string) (found []string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	require.NoError(t, err)
	for _, link := range links {
		if at, err := os.Readlink(link); err == nil && at == dir {
			found = append(found, link)
		}
	}
	return found
}

func firstNumber(t *testing.T, text string) int {
	t.Helper()
	line, _, _ := strings.Cut(text, "\n")
	n, err := strconv.Atoi(line)
	require.NoError(t, err)
	return n
}

// gone holds Run to it that a process has ended; who reaps it is the system's business.
func gone(t *testing.T, pid int) {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err == nil {
		require.Contains(t, string(data), ") Z ", "process %d still lives", pid)
	}
}
