package sandbox_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
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

// behaviours are what a child may do; files for one system add to them.
var behaviours = map[string]func(){
	"exits with 3": func() { os.Exit(3) },
	"prints":       func() { fmt.Print("out"); fmt.Fprint(os.Stderr, "err") },
	"tells its environment": func() {
		fmt.Print(strings.Join(os.Environ(), ","))
		if _, err := os.Stdin.Read(make([]byte, 1)); err != nil {
			fmt.Print(";no input")
		}
	},
	"writes to descriptor 3": func() { os.NewFile(3, "extra").WriteString("extra") },
	"writes to descriptor 3 and blocks": func() {
		os.NewFile(3, "extra").WriteString("extra")
		<-make(chan int)
	},
	"panics": func() { panic("on purpose") },
	"spins":  spin,
	"blocks": func() { <-make(chan int) },
	"blocks and ignores SIGQUIT": func() {
		signal.Ignore(syscall.SIGQUIT)
		fmt.Println("ready")
		time.Sleep(time.Hour)
	},
	"closes its output and blocks": func() {
		os.Stdout.Close()
		os.Stderr.Close()
		<-make(chan int)
	},
	"floods": func() {
		for {
			fmt.Println("again and again and again")
		}
	},
	"floods stderr": func() {
		for {
			fmt.Fprintln(os.Stderr, "again and again and again")
		}
	},
	"prints a thousand bytes and a pipe full more": func() {
		fmt.Print(strings.Repeat("x", 1000+60<<10))
	},
	"prints a thousand bytes": func() { fmt.Print(strings.Repeat("x", 1000)) },
	"allocates": func() {
		for kept := [][]byte{}; ; {
			b := make([]byte, 1<<24)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			kept = append(kept, b)
		}
	},
	"sleeps": func() { time.Sleep(time.Hour) },
}

func spin() {
	for n := 0; ; n++ {
	}
}

// command is this test binary behaving as name says.
func command(t *testing.T, name string, l sandbox.Limits) sandbox.Command {
	t.Helper()
	require.Contains(t, behaviours, name)
	if l.Wall == 0 {
		l.Wall = time.Minute // for a sandbox that is broken
	}
	return sandbox.Command{
		Path: self(), Dir: t.TempDir(), Env: environment(name), Limits: l,
	}
}

func environment(name string) []string {
	return []string{behaviour + "=" + name, "GOTRACEBACK=all", "GORACE=atexit_sleep_ms=0"}
}

func self() string {
	path, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return path
}

func run(t *testing.T, name string, l sandbox.Limits) sandbox.Outcome {
	t.Helper()
	out, err := sandbox.Run(context.Background(), command(t, name, l))
	require.NoError(t, err)
	return out
}

// start starts a behaviour as a child of one, whose output it inherits.
func start(name string, attr *syscall.SysProcAttr) *exec.Cmd {
	c := exec.Command(self())
	c.Env = environment(name)
	c.SysProcAttr = attr
	c.Stdout = os.Stdout
	if err := c.Start(); err != nil {
		panic(err)
	}
	return c
}
