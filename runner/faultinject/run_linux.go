//go:build linux && (amd64 || arm64)

package faultinject

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// Program is what is run.
type Program struct {
	// Path is the executable; Args begins with the name it is called by.
	Path      string
	Args, Env []string
	Dir       string
	// Folders are watched, with all that lies below them. They are absolute, and no symbolic link is in their way.
	Folders []string
	// Quick spares the disk: what the program wants to see arrive there (fsync and the like) is taken to have arrived,
	// unless that is the step at which the fault strikes.
	Quick bool
	// Locking is called, from the goroutine of Run, each time the program is about to take the lock of a file in the
	// folders by flock(2), and may have to wait for it.
	Locking func(file string)
}

// Step is one system call that changed something, or would have.
type Step struct {
	// Call is its name, File the absolute path of the file that it is about: of two the first in a watched folder.
	Call, File string
	// Writes: a write, which can be done by half. TakesRoom: a full disk makes it fail. Settles: it changes no file, but says
	// whether earlier changes have arrived; so a kill before it leaves what a kill before the next step does.
	Writes, TakesRoom, Settles bool
}

func (s Step) String() string { return s.Call + " " + s.File }

// Result is what became of a program.
type Result struct {
	// Steps are all that were come to, the last one by which the program was killed included.
	Steps []Step
	// Exit is the exit code, or -1 for a program that a signal ended.
	Exit           int
	Signal         syscall.Signal
	Stdout, Stderr string
}

// Killed reports whether the program was ended by SIGKILL.
func (r Result) Killed() bool { return r.Signal == syscall.SIGKILL }

// ErrNotAllowed says that this process may not trace another one.
var ErrNotAllowed = errors.New("ptrace(2) is not allowed here")

// Run runs a program to its end. What it starts is left alone. It may be called from many goroutines at once. The
// error is ErrNotAllowed, or what went wrong in starting and tracing.
func Run(p Program, f Fault) (Result, error) {
	runtime.LockOSThread() // a traced process answers to the thread that traces it
	defer runtime.UnlockOSThread()
	out, err := newOutput()
	if err != nil {
		return Result{}, fmt.Errorf("run %s: %w", p.Path, err)
	}
	defer out.close()
	t, err := start(p, f, out)
	if err != nil {
		return Result{}, fmt.Errorf("run %s: %w", p.Path, err)
	}
	defer unix.Kill(-t.pid, unix.SIGKILL) // of what it started, what still is in its process group
	if err := t.trace(); err != nil {
		t.end()
		return Result{}, fmt.Errorf("trace %s: %w", p.Path, err)
	}
	t.result.Stdout, t.result.Stderr, err = out.read()
	return t.result, err
}

// start starts the program and stops it before its first instruction.
func start(p Program, f Fault, out *output) (*tracer, error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	pid, err := syscall.ForkExec(p.Path, p.Args, &syscall.ProcAttr{
		Dir: p.Dir, Env: p.Env, Files: []uintptr{null.Fd(), out.stdout.Fd(), out.stderr.Fd()},
		Sys: &syscall.SysProcAttr{Ptrace: true, Setpgid: true},
	})
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSYS) {
		return nil, errors.Join(ErrNotAllowed, err)
	}
	if err != nil {
		return nil, err
	}
	t := &tracer{program: p, fault: f, pid: pid, threads: make(map[int]*thread)}
	if err := t.take(); err != nil {
		t.end()
		return nil, err
	}
	return t, nil
}

// output takes what the program prints. It goes to files: a pipe that nobody empties would stop the program.
type output struct{ stdout, stderr *os.File }

func newOutput() (*output, error) {
	stdout, err := anonymous()
	if err != nil {
		return nil, err
	}
	stderr, err := anonymous()
	if err != nil {
		stdout.Close()
		return nil, err
	}
	return &output{stdout, stderr}, nil
}

// anonymous makes a file that no folder has.
func anonymous() (*os.File, error) {
	fd, err := unix.MemfdCreate("output", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	return os.NewFile(uintptr(fd), "output"), nil
}

func (o *output) read() (stdout, stderr string, err error) {
	for file, text := range map[*os.File]*string{o.stdout: &stdout, o.stderr: &stderr} {
		info, statErr := file.Stat()
		if statErr != nil {
			return "", "", statErr
		}
		data := make([]byte, info.Size())
		n, readErr := file.ReadAt(data, 0)
		if n < len(data) {
			return "", "", readErr
		}
		*text = string(data)
	}
	return stdout, stderr, nil
}

func (o *output) close() {
	o.stdout.Close()
	o.stderr.Close()
}

// watched reports whether a path lies in one of the folders.
func (p Program) watched(path string) bool {
	for _, folder := range p.Folders {
		if rel, err := filepath.Rel(folder, path); err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}
