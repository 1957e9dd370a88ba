package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/sandbox"
)

// target is where a test tells an attack what to aim at.
const target = "KATA_SANDBOX_TARGET"

// attacks are what a hostile program tries. Each prints "got through" and what it got, or how it was refused.
var attacks = map[string]func(target string) error{
	"reads a file": func(path string) error {
		data, err := os.ReadFile(path)
		return through(err, string(data))
	},
	"lists a folder": func(path string) error {
		entries, err := os.ReadDir(path)
		return through(err, entries)
	},
	"writes a file":   func(path string) error { return through(os.WriteFile(path, []byte("mine"), 0o600)) },
	"removes a file":  func(path string) error { return through(os.Remove(path)) },
	"renames a file":  func(path string) error { return through(os.Rename(path, path+".mine")) },
	"links to a file": func(path string) error { return through(os.Link(path, "mine")) },
	"reads a file by a symbolic link": func(path string) error {
		if err := os.Symlink(path, "link"); err != nil {
			return err
		}
		data, err := os.ReadFile("link")
		return through(err, string(data))
	},
	"opens a TCP connection": func(address string) error { _, err := net.Dial("tcp", address); return through(err) },
	"sends a datagram": func(address string) error {
		c, err := net.Dial("udp", address)
		if err != nil {
			return err
		}
		_, err = c.Write([]byte("mine"))
		return through(err)
	},
	"listens":        func(string) error { _, err := net.Listen("tcp", "127.0.0.1:0"); return through(err) },
	"opens a socket": func(path string) error { _, err := net.Dial("unix", path); return through(err) },
	"raw socket": func(string) error {
		_, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_RAW, 0)
		return through(err)
	},
	"signals":        func(pid string) error { return through(syscall.Kill(number(pid), 0)) },
	"traces":         func(pid string) error { return through(syscall.PtraceAttach(number(pid))) },
	"reads a memory": func(pid string) error { _, err := os.Open("/proc/" + pid + "/mem"); return through(err) },
	"reads an environment": func(pid string) error {
		data, err := os.ReadFile("/proc/" + pid + "/environ")
		return through(err, string(data))
	},
	"raises its limits": func(string) error {
		return through(syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 5000, Max: 5000}))
	},
	"mounts":           func(string) error { return through(syscall.Mount("none", "/tmp", "tmpfs", 0, "")) },
	"changes its root": func(string) error { return through(syscall.Chroot("/")) },
	"sets the clock":   func(string) error { return through(syscall.Settimeofday(&syscall.Timeval{Sec: 1})) },
	"makes namespaces": func(string) error {
		c := exec.Command("/proc/self/exe")
		c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET}
		c.Env = environment("prints")
		return through(c.Run())
	},
	"runs a shell": func(string) error {
		out, err := exec.Command("/bin/sh", "-c", "echo hello").CombinedOutput()
		return through(err, string(out))
	},
	"writes an endless file": func(string) error {
		f, err := os.Create("endless")
		for err == nil {
			_, err = f.Write(make([]byte, 1<<16))
		}
		return err
	},
	"opens descriptors": func(string) error {
		for range 200 {
			if _, err := os.Open(os.DevNull); err != nil {
				return err
			}
		}
		return through(nil)
	},
	"maps memory": func(string) error {
		_, err := syscall.Mmap(-1, 0, 8<<30, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE)
		return through(err)
	},
}

// errThrough says that an attack was not held back.
type errThrough struct{ loot []any }

func (e errThrough) Error() string { return "got through: " + fmt.Sprint(e.loot...) }

func through(err error, loot ...any) error {
	if err == nil {
		return errThrough{loot}
	}
	return err
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

func init() {
	for name, attack := range attacks {
		behaviours["attack: "+name] = func() {
			err := attack(os.Getenv(target))
			var got errThrough
			if errors.As(err, &got) {
				fmt.Print(got)
				return
			}
			fmt.Print("held back: ", err)
		}
	}
	behaviours["works in its folder"] = func() {
		dir, err := os.Getwd()
		if err != nil {
			panic(err)
		}
		for _, step := range []error{
			os.Mkdir("folder", 0o700),
			os.WriteFile("folder/file", []byte("text"), 0o600),
			os.Rename("folder/file", "folder/other"),
			os.RemoveAll("folder"),
		} {
			if step != nil {
				panic(step)
			}
		}
		child := start("prints", nil)
		if err := child.Wait(); err != nil {
			panic(err)
		}
		fmt.Print(" in ", filepath.Base(dir), " as ", os.Getpid())
	}
	behaviours["lists processes"] = func() {
		all, _ := filepath.Glob("/proc/[0-9]*")
		fmt.Print(len(all))
	}
}

// confined is a command that may do nothing but work in its folder.
func confined(t *testing.T, name, aim string) sandbox.Command {
	t.Helper()
	c := command(t, name, sandbox.Limits{})
	c.Env = append(c.Env, target+"="+aim)
	c.Confinement = &sandbox.Confinement{
		Write: []string{c.Dir}, AddressSpace: 6 << 30, FileSize: 1 << 20, Descriptors: 100, Threads: 1000,
	}
	return c
}

// walls runs a test behind all walls, and behind those that are left where a system refuses namespaces.
func walls(t *testing.T, test func(t *testing.T)) {
	t.Run("with namespaces", func(t *testing.T) {
		out, err := sandbox.Run(context.Background(), confined(t, "prints", ""))
		require.NoError(t, err)
		if !strings.Contains(out.Isolation, "namespaces") {
			t.Skip("this system refuses namespaces to an ordinary user; what is left is tested beside this")
		}
		test(t)
	})
	t.Run("without namespaces", func(t *testing.T) {
		sandbox.WithoutNamespaces(t)
		test(t)
	})
}

func TestAConfinedCommandWorksInItsFolder(t *testing.T) {
	walls(t, func(t *testing.T) {
		c := confined(t, "works in its folder", "")
		out, err := sandbox.Run(context.Background(), c)
		require.NoError(t, err)
		require.Zero(t, out.ExitCode, string(out.Stderr))
		require.Equal(t, fmt.Sprintf("out in %s as %d", filepath.Base(c.Dir), out.PID), string(out.Stdout))
		require.Contains(t, out.Isolation, "landlock")
		require.Contains(t, out.Isolation, "seccomp")
	})
}

func TestAConfinedCommandReachesNothing(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("the learner's"), 0o644))
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer tcp.Close()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer udp.Close()
	socket := filepath.Join(t.TempDir(), "socket")
	unix, err := net.Listen("unix", socket)
	require.NoError(t, err)
	defer unix.Close()
	own := strconv.Itoa(os.Getpid())
	t.Setenv("KATA_SECRET", "the runner's")

	for name, aims := range map[string][]string{
		"reads a file":                    {secret, "/etc/passwd", "/proc/1/root/etc/passwd"},
		"reads a file by a symbolic link": {secret},
		"lists a folder":                  {filepath.Dir(secret), "/", "/root", "/home", "/etc"},
		"writes a file":                   {secret, filepath.Join(filepath.Dir(secret), "new"), "/proc/self/oom_score_adj", self()},
		"removes a file":                  {secret, self()},
		"renames a file":                  {secret},
		"links to a file":                 {secret},
		"opens a TCP connection":          {tcp.Addr().String()},
		"sends a datagram":                {udp.LocalAddr().String()},
		"listens":                         {""},
		"opens a socket":                  {socket},
		"raw socket":                      {""},
		"signals":                         {own},
		"traces":                          {own},
		"reads a memory":                  {own},
		"reads an environment":            {own},
		"raises its limits":               {""},
		"mounts":                          {""},
		"changes its root":                {""},
		"sets the clock":                  {""},
		"makes namespaces":                {""},
		"runs a shell":                    {""},
		"writes an endless file":          {""},
		"opens descriptors":               {""},
		"maps memory":                     {""},
	} {
		for _, aim := range aims {
			t.Run(strings.TrimSpace(name+" "+filepath.Base(aim)), func(t *testing.T) {
				walls(t, func(t *testing.T) {
					out, err := sandbox.Run(context.Background(), confined(t, "attack: "+name, aim))
					require.NoError(t, err)
					require.Contains(t, string(out.Stdout), "held back", "%s", out.Stderr)
					require.NotContains(t, string(out.Stdout), "got through")
				})
			})
		}
		require.Contains(t, attacks, name)
	}
	data, err := os.ReadFile(secret)
	require.NoError(t, err)
	require.Equal(t, "the learner's", string(data))
}

// TestTheAttacksAreReal: without a confinement they get through, so that being held back means something.
func TestTheAttacksAreReal(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("the learner's"), 0o644))
	for name, aim := range map[string]string{
		"reads a file": secret, "lists a folder": filepath.Dir(secret), "reads a file by a symbolic link": secret, "listens": "",
		"signals": strconv.Itoa(os.Getpid()), "reads an environment": strconv.Itoa(os.Getpid()), "runs a shell": "", "opens descriptors": "",
		"maps memory": "", "links to a file": secret,
	} {
		t.Run(name, func(t *testing.T) {
			c := command(t, "attack: "+name, sandbox.Limits{})
			c.Dir = t.TempDir()
			c.Env = append(c.Env, target+"="+aim)
			out, err := sandbox.Run(context.Background(), c)
			require.NoError(t, err)
			require.Contains(t, string(out.Stdout), "got through", "%s", out.Stderr)
		})
	}
}

func TestAConfinedCommandSeesNoOtherProcess(t *testing.T) {
	out, err := sandbox.Run(context.Background(), confined(t, "lists processes", ""))
	require.NoError(t, err)
	if out.PID != 1 {
		t.Skip("this system refuses namespaces to an ordinary user")
	}
	require.Equal(t, "1", string(out.Stdout))
}

// TestLimitsHoldForAConfinedCommand: a first process of a namespace is deaf to signals that it has no handler for.
func TestLimitsHoldForAConfinedCommand(t *testing.T) {
	for name, c := range map[string]struct {
		behaviour string
		limits    sandbox.Limits
		hit       sandbox.Hit
		dumps     bool
	}{
		"idle":          {"blocks", sandbox.Limits{Idle: 300 * time.Millisecond}, sandbox.HitIdle, true},
		"wall":          {"spins", sandbox.Limits{Wall: 500 * time.Millisecond}, sandbox.HitWall, true},
		"cpu":           {"spins", sandbox.Limits{CPU: 300 * time.Millisecond}, sandbox.HitCPU, true},
		"memory":        {"allocates", sandbox.Limits{Memory: 64 << 20}, sandbox.HitMemory, false},
		"output":        {"floods", sandbox.Limits{Output: 1000}, sandbox.HitOutput, false},
		"deaf to quit":  {"blocks and ignores SIGQUIT", sandbox.Limits{Idle: 300 * time.Millisecond}, sandbox.HitIdle, false},
		"deaf children": {"has a deaf child in a session of its own", sandbox.Limits{Idle: 300 * time.Millisecond}, sandbox.HitIdle, false},
	} {
		t.Run(name, func(t *testing.T) {
			walls(t, func(t *testing.T) {
				command := confined(t, c.behaviour, "")
				command.Limits = c.limits
				out, err := sandbox.Run(context.Background(), command)
				require.NoError(t, err)
				require.Equal(t, c.hit, out.Hit)
				if c.dumps {
					require.Contains(t, string(out.Stderr), "goroutine ")
				}
				require.Empty(t, processesIn(t, command.Dir))
			})
		})
	}
}

func TestEndsAreToldOfAConfinedCommand(t *testing.T) {
	walls(t, func(t *testing.T) {
		out, err := sandbox.Run(context.Background(), confined(t, "exits with 3", ""))
		require.NoError(t, err)
		require.Equal(t, 3, out.ExitCode)
		out, err = sandbox.Run(context.Background(), confined(t, "panics", ""))
		require.NoError(t, err)
		require.Equal(t, 2, out.ExitCode)
		require.Contains(t, string(out.Stderr), "on purpose")
	})
}

// TestAConfinedCommandThatCannotBeExecutedIsAnError: it is found out by a process that is confined by then.
func TestAConfinedCommandThatCannotBeExecutedIsAnError(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain")
	require.NoError(t, os.WriteFile(plain, []byte("no program"), 0o700))
	for name, path := range map[string]string{"no program": plain, "nothing": plain + "?"} {
		t.Run(name, func(t *testing.T) {
			walls(t, func(t *testing.T) {
				c := confined(t, "prints", "")
				c.Path = path
				_, err := sandbox.Run(context.Background(), c)
				var failed *sandbox.StartError
				require.ErrorAs(t, err, &failed)
				require.Equal(t, path, failed.Path)
			})
		})
	}
	c := confined(t, "prints", "")
	c.Path = plain + "?"
	_, err := sandbox.Run(context.Background(), c)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// TestMemoryIsBoundedByTheKernelWhereItCanBe: a burst is over before anybody looks.
func TestMemoryIsBoundedByTheKernelWhereItCanBe(t *testing.T) {
	out := run(t, "allocates in a burst", sandbox.Limits{Memory: 64 << 20})
	if !strings.Contains(out.Isolation, "cgroup") {
		t.Skip("this system hands out no cgroups with memory; watching is tested beside this")
	}
	require.Equal(t, sandbox.HitMemory, out.Hit)
	require.NotContains(t, string(out.Stdout), "done")
	groups, err := filepath.Glob("/sys/fs/cgroup/*/kata-*")
	require.NoError(t, err)
	require.Empty(t, groups)
}

func init() {
	behaviours["allocates in a burst"] = func() {
		b, err := syscall.Mmap(-1, 0, 100<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_POPULATE)
		fmt.Print("done ", len(b), err)
	}
}
